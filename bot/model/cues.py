"""The words that say whether what is mentioned is felt, and by whom, as data/<lang>/assertion.yml holds them."""

from collections.abc import Mapping
from typing import Literal

from bot.model.record import Record, record


@record
class Cue(Record):
    """Words that change the status of what stands near them."""

    status: Literal["denied", "past", "other_person", "hypothetical", "uncertain", "present", "none"]
    """What they say of it; `present` that it is so now, whatever is said of the past; `none` for pseudo-cues, which
    only look like one."""
    reach: Literal["forward", "backward", "both", "segment", "clause", "list"]
    """Which way they reach; `list` is back over all that its clause names, or the question before it."""
    words: tuple[str, ...]
    """Patterns."""
    unless: tuple[str, ...] = ()
    """Words in a mention of which it says nothing: "can't feel it any more"."""


@record
class AssertionBook(Record):
    """data/<lang>/assertion.yml: where clauses end, and the cues."""

    stops: tuple[str, ...]
    """Words at which a clause ends and no cue reaches on."""
    joins: tuple[str, ...]
    """Words that join parts of one clause."""
    selves: tuple[str, ...]
    """Words with which people speak of themselves: another person's cue reaches no further."""
    reflexives: tuple[str, ...]
    """Words within a sign that make it another person's: "kill herself"."""
    subjects: tuple[str, ...]
    """Words that begin a new statement after a join: a denial reaches no further."""
    verbs: tuple[str, ...]
    """Words that make a statement of their own: a denial before a join does not reach a part with one."""
    answers: tuple[str, ...]
    """Words that deny what stands right before them, where nothing else does: "fever? none"."""
    interjections: tuple[str, ...]
    """Words that may stand before an answer: "fever? god no"."""
    affirmed: tuple[str, ...]
    """Words that confirm it there: "no fever, numbness yes"."""
    turns: tuple[str, ...]
    """Words at which a denial ends: "no fever just chills"; not where they follow at once: "not just chills"."""
    taken_back: tuple[str, ...]
    """Patterns that take a denial back, however far behind it: "no thoughts of suicide. I lied"."""
    reports: tuple[str, ...]
    """Words that carry it on: "I don't think it's numb"."""
    persons: tuple[str, ...]
    """Words for who is spoken of; the classifier of the status looks at the last one before a mention."""
    grammar: tuple[str, ...]
    """Words whose very form tells whose, when and whether; the classifier of the status looks at the order of these."""
    lists: Mapping[str, tuple[str, ...]]
    """Word lists of the cues."""
    cues: tuple[Cue, ...]
