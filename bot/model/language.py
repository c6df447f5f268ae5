"""The words of reading a language: patterns, cues and reply texts, as data/<lang>/ holds them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from bot.model.record import Record, Ref, record

Status = Literal["present", "denied", "past", "other_person", "hypothetical", "uncertain"]
"""Whether what is mentioned is felt, and by whom."""

FINE = "fine"
"""The list among the signs that says a place is well: with it a place counts as denied."""

INTENTS = (
    "report", "greet", "thanks", "goodbye", "affirm", "deny", "ask_why", "ask_sources", "ask_how", "ask_dose",
    "ask_about", "ask_effect", "medical_advice", "ask_human", "preference", "progress", "restart", "help",
    "out_of_scope", "unclear",
)  # fmt: skip
"""What a message wants; exactly one each."""


@record
class Patterns(Record):
    """Ways of saying one thing."""

    phrases: tuple[str, ...] = ()
    """Patterns, each of which says it."""
    pairs: tuple[tuple[str, ...], ...] = ()
    """Patterns that say it when they stand together in a clause."""


@record
class Having(Record):
    """Ways of saying that one has a thing, or lacks it."""

    has: tuple[str, ...] = ()
    """Patterns for having it."""
    lacks: tuple[str, ...] = ()
    """Patterns for lacking it."""


@record
class Area(Record):
    """A part of the body, or a kind of complaint, that no article covers."""

    places: tuple[str, ...] = ()
    """Names of place lists; they count together with a sign in the same clause."""
    complaints: tuple[str, ...] = ()
    """Patterns that count alone."""


@record
class PhraseBook(Record):
    """data/<lang>/phrases.yml: how people word symptoms, contexts, practices and the rest."""

    places: Mapping[str, tuple[str, ...]]
    """Word lists that name a part of the body."""
    signs: Mapping[str, tuple[str, ...]]
    """Word lists of what is felt there."""
    lists: Mapping[str, tuple[str, ...]]
    """Other word lists."""
    symptoms: Mapping[Annotated[str, Ref(("symptom",))], Patterns]
    contexts: Mapping[Annotated[str, Ref(("context",))], Patterns]
    topics: Mapping[Annotated[str, Ref(("topic",))], Patterns]
    practices: Mapping[Annotated[str, Ref(("practice",))], Patterns]
    equipment: Mapping[str, Having]
    """By equipment id, and `no_floor`."""
    areas: Mapping[str, Area]


@record
class IntentBook(Record):
    """data/<lang>/intents.yml: patterns that tell what a message wants."""

    intents: Mapping[str, tuple[str, ...]]
    """By intent."""
    preferences: Mapping[str, tuple[str, ...]]
    """By what is preferred."""


@record
class Cue(Record):
    """Words that change the status of what stands near them."""

    status: Literal["denied", "past", "other_person", "hypothetical", "uncertain", "none"]
    """What they say of it; `none` for pseudo-cues, which only look like one."""
    reach: Literal["forward", "backward", "both", "clause"]
    """Which way they reach."""
    words: tuple[str, ...]
    """Patterns."""


@record
class AssertionBook(Record):
    """data/<lang>/assertion.yml: where clauses end, and the cues."""

    stops: tuple[str, ...]
    """Words at which a clause ends and no cue reaches on."""
    joins: tuple[str, ...]
    """Words that join parts of one clause."""
    selves: tuple[str, ...]
    """Words with which people speak of themselves: another person's cue reaches no further."""
    subjects: tuple[str, ...]
    """Words that begin a new statement after a join: a denial reaches no further."""
    verbs: tuple[str, ...]
    """Words that make a statement of their own: a denial before a join does not reach a part with one."""
    lists: Mapping[str, tuple[str, ...]]
    """Word lists of the cues."""
    cues: tuple[Cue, ...]


@record
class ReplyBook(Record):
    """data/<lang>/replies.yml: every text of ours."""

    texts: Mapping[str, str]
    """By key, with `{placeholders}`."""
    options: Mapping[str, str]
    """Labels of choices, by `<question>.<option>`."""
