"""What the classifier looks at: the one definition that training and serving share.

Each n-gram is counted at the word that it ends with, so the evidence of a stretch of text is the sum over its words.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.model.screen import SafetyRule
from bot.model.words import LEVELS, Level
from bot.understand.lexicon import Tagged
from bot.understand.message import Message

BLOCKS = ("word", "tag", "char")
"""Words and pairs of neighbours; word lists of phrases.yml and of the safety rules, and ordered pairs of them nearby;
letters within words. The network hears which words stand further apart."""
CHAR_GRAMS = (3, 4)
NEAR = 4
"""Words within which two word lists count as a pair."""
LENGTH = 3.0
"""A stretch's evidence is divided by this and the root of its n-grams, so that long texts weigh about as short ones."""


HEARD: tuple[Level, ...] = ("emergency", "same_day", "clinician_first")
"""Levels of danger that are listened for, gravest first."""


def danger_labels(rules: Iterable[SafetyRule]) -> frozenset[str]:
    """What a text that must fire these rules is labelled with: the rules, and by lane the levels it reaches."""
    heard = [rule for rule in rules if rule.level in HEARD and rule.lane != "scope"]
    return frozenset(
        {f"rule/{rule.id}" for rule in heard}
        | {f"danger/{rule.lane}_{level}" for rule in heard for level in HEARD if reaches(rule.level, level)}
    )


def reaches(level: Level, least: Level) -> bool:
    """Whether a level is at least another."""
    return LEVELS.index(level) >= LEVELS.index(least)


class Word(NamedTuple):
    """A word as the classifier sees it."""

    text: str
    """Numbers are all "0"."""
    tags: tuple[str, ...]
    """Word lists of phrases.yml of which an entry begins here; failing those, of the safety rules."""
    segment: int
    """Number of the stretch between joins and stops."""
    sentence: int
    """Number of the stretch between full stops and the like."""
    token: int
    """Number of its token in the message."""


def words_of(message: Message) -> list[Word]:
    """The words of a message, marks left out."""
    return words_in(message.tagged)


def words_in(tagged: Tagged) -> list[Word]:
    """The words of a text, marks left out."""
    beginning = tagged.beginning
    return [
        Word(
            "0" if token.text.isdigit() else token.text,
            _tags(beginning[number], tagged) if number in beginning else (),
            token.segment,
            token.sentence,
            number,
        )
        for number, token in enumerate(tagged.tokens)
        if token.kind == "word"
    ]


def _tags(names: Iterable[str], text: Tagged) -> tuple[str, ...]:
    """A danger sign's own lists only where no other names the word: most would say the same again."""
    told = tuple(name for name in names if name in text.told)
    return told or tuple(name for name in names if name in text.dangers)


def named(block: str, gram: str) -> str:
    """What an n-gram is called among those of all blocks."""
    return f"{block}/{gram}"


def grams(words: Sequence[Word], block: str) -> Iterator[str]:
    """Every n-gram of one block in a stretch of words, as often as it occurs."""
    match block:
        case "word":
            yield from (gram for at in range(len(words)) for gram in word_grams(words, at))
        case "char":
            yield from (gram for word in words for gram in char_grams(word.text))
        case _:
            yield from (gram for at in range(len(words)) for gram, _ in tag_grams(words, at))


def word_grams(words: Sequence[Word], at: int) -> Iterator[str]:
    """The word, and with the one before it."""
    yield words[at].text
    if at:
        yield f"{words[at - 1].text} {words[at].text}"


@lru_cache(maxsize=16384)
def char_grams(word: str) -> tuple[str, ...]:
    """Letters within a word, with a space at both ends."""
    padded = f" {word} "
    return tuple(
        padded[start : start + size]
        for size in range(CHAR_GRAMS[0], CHAR_GRAMS[1] + 1)
        for start in range(len(padded) - size + 1)
    )


def tag_grams(words: Sequence[Word], at: int) -> Iterator[tuple[str, int]]:
    """The word's lists, and each with those of the words shortly before; with the position at which the gram begins."""
    for tag in words[at].tags:
        yield tag, at
        for before in range(max(0, at - NEAR), at):
            for other in words[before].tags:
                yield f"{other}+{tag}", before
