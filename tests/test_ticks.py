"""An answer to a numbered list, in numbers and a few words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bot.knowledge import load_knowledge
from bot.model.talk import Ticks
from bot.understand.reader import Reader


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("5", Ticks(there=(5,))),
        ("2, 5 and 7", Ticks(there=(2, 5, 7))),
        ("two", Ticks(there=(2,))),
        ("only 8", Ticks(there=(8,))),
        ("5 no", Ticks(not_there=(5,))),
        ("not number 5", Ticks(not_there=(5,))),
        ("1-4 no", Ticks(not_there=(1, 2, 3, 4))),
        ("1 to 4 all no", Ticks(not_there=(1, 2, 3, 4))),
        ("the fourth", Ticks(there=(4,))),
        ("sixth one", Ticks(there=(6,))),
        ("1 - 3", Ticks(there=(1, 2, 3))),
        ("1—3 yes", Ticks(there=(1, 2, 3))),
        ("no to 1, 2 and 3", Ticks(not_there=(1, 2, 3))),
        ("1 no, 2 no, 3 yes", Ticks(there=(3,), not_there=(1, 2))),
        ("1 no 2 no 3 yes", Ticks(there=(3,), not_there=(1, 2))),
        ("1: no\n2: yes", Ticks(there=(2,), not_there=(1,))),
        ("no 1, no 2, yes 5", Ticks(there=(5,), not_there=(1, 2))),
        ("1 no, 2 no, yes 5", Ticks(there=(5,), not_there=(1, 2))),
        ("not 1, but 2 yes", Ticks(there=(2,), not_there=(1,))),
        ("5 and 8 but not 3", Ticks(there=(5, 8), not_there=(3,))),
        ("yes to 8, no to the rest", Ticks(there=(8,), rest=True)),
        ("none except 8", Ticks(there=(8,), rest=True)),
        ("all no except 4", Ticks(there=(4,), rest=True)),
        ("everything except 8 is no", Ticks(there=(8,), rest=True)),
    ],
)
def test_numbers_with_a_yes_or_a_no_tell_which_lines_are_there(text: str, ticks: Ticks, phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks == ticks


@pytest.mark.parametrize(
    "text",
    [
        "6, the rest no", "6) rest no", "6 ✓ rest no", "I have 6, the rest no", "6, none of the others",
        "6, none of the rest", "sixth one, the rest no",
    ],
)  # fmt: skip
def test_a_line_with_no_word_of_its_own_is_there_whatever_the_rest_is(text: str, phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks == Ticks(there=(6,), rest=True)


@pytest.mark.parametrize(
    "text", ["5?", "maybe 5", "5, not sure", "what does 5 mean?", "can you explain number 5?", "no 5"]
)
def test_a_line_that_is_asked_about_or_in_doubt_is_neither_there_nor_not(text: str, phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks == Ticks(doubtful=(5,))


@pytest.mark.parametrize(
    "text", ["8 but 20 years ago", "8 - long ago", "number 8, but I am clear", "8, my mother had it"]
)
def test_a_number_with_something_to_say_of_it_is_asked_about(text: str, phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks == Ticks(doubtful=(8,), more=True)


def test_a_number_and_something_else_is_there(phrase_reader: Reader) -> None:
    assert phrase_reader.read("4 and blood thinners").ticks == Ticks(there=(4,), more=True)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("no no yes", (False, False, True)),
        ("no\nno\nyes\nno", (False, False, True, False)),
        ("no, wait, yes", (False, True)),
        ("no no no", (False, False, False)),
    ],
)
def test_one_answer_after_the_other_is_a_row(text: str, row: tuple[bool, ...], phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks == Ticks(row=row)


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("6 when I run, the rest no", Ticks(doubtful=(6,), rest=True, more=True)),
        ("2 yes for 3 weeks, others no", Ticks(there=(2,), rest=True, more=True)),
        ("1-3 when I run, the rest no", Ticks(doubtful=(1, 2, 3), rest=True, more=True)),
        ("none of these apart from 4 but that was 3 years ago", Ticks(doubtful=(4,), more=True)),
        ("1 no, 2 no, 3 yes (a fall), 4 no", Ticks(there=(3,), not_there=(1, 2, 4), more=True)),
        ("1 no, 2 no, 3 a little unsteady, 4 no", Ticks(not_there=(1, 2, 4), doubtful=(3,), more=True)),
        ("no to all, sometimes 4", Ticks(doubtful=(4,), rest=True)),
        ("no only 6", Ticks(there=(6,), rest=True)),
    ],
)
def test_what_is_said_of_a_line_is_not_swallowed_by_the_rest(text: str, ticks: Ticks, phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks == ticks


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("no, no, sometimes, no", (False, False, None, False)),
        ("no, no, not sure, no", (False, False, None, False)),
        ("no no no fell off a horse no", (None,)),
    ],
)
def test_what_is_neither_yes_nor_no_in_a_row_is_no_no(
    text: str, row: tuple[bool | None, ...], phrase_reader: Reader
) -> None:
    assert phrase_reader.read(text).ticks == Ticks(row=row)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "no",
        "I lost 5 kilos",
        "I'm 6 foot 2",
        "I had 1 beer",
        "3 weeks",
        "my pain is 7 out of 10",
        "7/10",
        "everything except 8",
        "what counts as a bad fall?",
        "since 2019",
    ],
)
def test_a_number_among_other_words_is_no_line(text: str, phrase_reader: Reader) -> None:
    assert phrase_reader.read(text).ticks is None


def test_knowledge_without_these_words_reads_no_ticks(small_pack: Callable[..., list[Path]]) -> None:
    small = Reader(load_knowledge(small_pack()), None)
    assert small.read("1 no, 2 yes").ticks is None
