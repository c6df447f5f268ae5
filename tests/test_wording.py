"""What Supple never says, how hard it is to read, and the disclaimer on every outcome."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from bot.author.cases import Case, read_cases, run
from bot.cli.talk import message_of
from bot.content import strict_yaml
from bot.knowledge import Knowledge, load_knowledge
from bot.model.talk import Reply
from bot.replies.wording import Wording
from bot.service import Service

from tests.conftest import ROOT
from tests.reading import grade, syllables
from tests.test_conversations import SCRIPTS

PATTERNS: list[Any] = strict_yaml.read(ROOT / "tests" / "wording.yml", "wording.yml")[0]
NEVER = {entry["id"]: re.compile(entry["pattern"], re.IGNORECASE) for entry in PATTERNS}
CASES = list(read_cases(ROOT / "tests" / "cases"))
TITLES = [source.title for source in load_knowledge().sources.values()]
HARDEST = 7.0
"""Flesch-Kincaid grade of a text."""
FEWEST = 8
"""Words from which a text has a grade: a shorter one is part of a sentence, or a title."""
OF_RULES = ("say", "say_other", "ask", "gate", "fit", "why_first")
QUOTED = {"safety_lists", "phrases", "intents", "assertion", "slots", "key"}
"""Of the knowledge, what is a person's words and no text of ours."""
NOT_SAID = {
    "signs",
    "with_any",
    "not_if",
    "fires",
    "silent",
    "denied",
    "anchors",
    "guideline",
    "ours",
    "why",
    "source_url",
}
"""Keys that are notes, or messages of people."""


def found_in(text: str) -> list[str]:
    return [id_ for id_, pattern in NEVER.items() if pattern.search(text)]


@pytest.mark.parametrize("entry", PATTERNS, ids=lambda entry: entry["id"])
def test_a_pattern_catches_what_it_is_for_and_lets_the_rest_pass(entry: Any) -> None:
    pattern = NEVER[entry["id"]]

    assert [text for text in entry["catches"] if not pattern.search(text)] == []
    assert [text for text in entry["passes"] if pattern.search(text)] == []


def texts_of(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every string in the knowledge, with the way to it, but for patterns and people's words."""
    if isinstance(value, str):
        yield where, value
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in NOT_SAID:
                yield from texts_of(getattr(value, field.name), f"{where}.{field.name}")
    elif hasattr(value, "items"):
        for key, item in value.items():
            yield from texts_of(item, f"{where}.{key}")
    elif isinstance(value, (tuple, list)):
        for number, item in enumerate(value):
            yield from texts_of(item, f"{where}.{number}")


def all_texts(knowledge: Knowledge) -> dict[str, str]:
    """Our texts by the way to them; titles are the articles' own."""
    rooms = [f for f in fields(knowledge) if f.name not in QUOTED | {"index", "scopes", "explaining"}]
    return {
        where: text for f in rooms for where, text in texts_of(getattr(knowledge, f.name), f.name) if text not in TITLES
    }


def test_no_text_of_the_content_says_what_is_never_said(knowledge: Knowledge) -> None:
    texts = all_texts(knowledge)

    assert len(texts) > 1000
    assert {where: (found, text) for where, text in texts.items() if (found := found_in(text))} == {}


def rendered(reply: Reply) -> str:
    return "\n".join(
        line
        for block in reply.blocks
        for line in (block.text, *(option["label"] for option in block.data.get("options", ())))
    )


def ours(reply: Reply, typed: str) -> str:
    """A reply without the words that it says back, and without titles of articles."""
    kept = [block for block in reply.blocks if block.type not in ("note", "coverage")]
    text = rendered(Reply(reply.level, None, tuple(kept))).replace(typed, "") if typed else rendered(reply)
    for title in TITLES:
        text = text.replace(title, "the article")
    return text


def check(reply: Reply, typed: str) -> None:
    text = ours(reply, typed)
    assert found_in(text) == [], text
    if any(block.type in ("why", "sources") for block in reply.blocks):
        return  # the trace names articles, authors and places, one tap deeper
    assert grade(text) <= HARDEST, text


def check_outcome(reply: Reply) -> None:
    """A disclaimer once under every routine; a hand-over has a person to call instead."""
    types = [block.type for block in reply.blocks]
    assert types.count("disclaimer") == ("routine" in types)
    if "routine" in types:
        assert types.index("disclaimer") == max(n for n, kind in enumerate(types) if kind == "routine") + 1
    for block in reply.blocks:
        if block.type == "care_card" and block.data["level"] in ("same_day", "emergency"):
            assert block.data["lines"], block.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_reply_says_nothing_of_it_and_is_easy_to_read(case: Case, service: Service) -> None:
    turns, _ = run(service, case)
    for turn in turns:
        check(turn.reply, case.data["message"])
        check_outcome(turn.reply)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_a_scripted_reply_says_nothing_of_it_and_is_easy_to_read(script: Any, service: Service) -> None:
    session = f"wording {script['name']}"
    reply = service.open(session)
    check(reply, "")
    for turn in script["turns"]:
        reply = service.handle(session, message_of(turn["type"], reply))
        check(reply, turn["type"])
        check_outcome(reply)


def filled(knowledge: Knowledge, country: str | None) -> dict[str, str]:
    """Texts of replies and rules as people of a country read them; what only a turn can fill stands as one word."""
    wording = Wording(knowledge, country)
    replies = {f"replies.{key}": re.sub(r"\{[a-z]+\}", "this", text) for key, text in knowledge.replies.texts.items()}
    rules = {
        f"{rule.id}.{key}": text
        for rule in knowledge.safety.values()
        for key in OF_RULES
        if (text := getattr(rule, key))
    }
    return {where: wording.fill(text) for where, text in (replies | rules).items() if len(text.split()) >= FEWEST}


@pytest.mark.parametrize("country", ["GB", "US"])
def test_every_text_is_easy_to_read(knowledge: Knowledge, country: str) -> None:
    hard = {
        where: (round(found, 1), text)
        for where, text in filled(knowledge, country).items()
        if (found := grade(text)) > HARDEST
    }

    assert hard == {}


SYLLABLES = {
    1: "numb legs needs please hours called moved breathe squashed chest knees toes days time times homes",
    2: "stretches between today person muscle little treated breathing because pregnant poison pinches ankles",
    3: "department exercise clinician medicine articles idea area easily serious physio carefully anything",
    4: "emergency operation anxiety usually experience reliable scoliosis",
    6: "physiotherapy",
}  # fmt: skip


@pytest.mark.parametrize(("count", "words"), SYLLABLES.items())
def test_syllables_are_counted_as_they_are_said(count: int, words: str) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_a_grade_is_what_the_formula_says() -> None:
    text = "Call now. The numb leg needs a doctor today."  # 9 words, 2 sentences, 11 syllables

    assert grade(text) == pytest.approx(0.39 * 9 / 2 + 11.8 * 11 / 9 - 15.59)
