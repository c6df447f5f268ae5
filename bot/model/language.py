"""The words of reading a language: patterns and reply texts, as data/<lang>/ holds them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from bot.model.record import Record, Ref, record
from bot.model.words import EquipmentId

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

REMARKS = (
    "worse", "better", "of_it", "no_help", "another", "without", "fewer", "back", "again", "hurting", "order", "right",
    "picture", "takehome", "place", "when", "may", "acknowledged", "displeased", "correct", "not_meant", "for_other",
    "called", "cannot_call", "no_way", "no", "excepting", "all_but", "some", "denies", "rest",
    "yes", "asks", "waiting", "delay", "seen", "about_us", "privacy", "only", "what_if", "did", "mortal",
    "puzzled", "over", "differ", "skipped", "anothers", "merely", "gear", "wants", "explains",
    "intends", "numbers", "practise", "company", "secret", "safe_now", "what_now", "drive",
)  # fmt: skip
"""What a message may say of what stands on the screen; any number each."""

WHOLE = frozenset({"acknowledged"})
"""Remarks that count only where nothing else is said."""

ITEMS = (
    "last", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
"""Places in a routine by which a practice may be named; their index is the place, that of the last is 0."""


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
    equipment: Mapping[EquipmentId, Having]
    """By gear, and by `no_` with a posture."""
    areas: Mapping[str, Area]


@record
class TickWords(Record):
    """Words with which the lines of a list are answered: "1 no, 2 yes, the rest no"."""

    numbers: tuple[str, ...] = ()
    """Numbers in words, from one on."""
    ordinals: tuple[str, ...] = ()
    """And as places: "the fourth"."""
    endings: tuple[str, ...] = ()
    """What makes a place of a number: "6th"."""
    units: tuple[str, ...] = ()
    """Words behind a number that names no line: "3 years"."""
    numeral: tuple[str, ...] = ()
    """Words that stand for "number" as well: "no 5"."""
    there: tuple[str, ...] = ()
    not_there: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    """Words for all other lines."""
    every: tuple[str, ...] = ()
    """Words for all lines, or all of those that were named: "1 to 4 all no"."""
    excepting: tuple[str, ...] = ()
    """Words that take lines out of those."""
    hedges: tuple[str, ...] = ()
    """Words with which something is taken back of a denial in words: "no falls apart from the ladder"."""
    only: tuple[str, ...] = ()
    """Those of them that may as well say that there is no more: "none, just stiff"."""
    slightly: tuple[str, ...] = ()
    """Words of doubt that may as well make little of the complaint: "just a bit stiff"."""
    selves: tuple[str, ...] = ()
    """Words for who one is, which are an aside: "no, I'm a healthy man"."""
    through: tuple[str, ...] = ()
    """Words between the first and the last of several lines."""
    asking: tuple[str, ...] = ()
    """Words of a question about a line."""
    fillers: tuple[str, ...] = ()
    """Words beside these that tell nothing."""


@record
class IntentBook(Record):
    """data/<lang>/intents.yml: patterns that tell what a message wants."""

    intents: Mapping[str, tuple[str, ...]]
    """By intent."""
    preferences: Mapping[str, tuple[str, ...]]
    """By what is preferred."""
    remarks: Mapping[str, tuple[str, ...]]
    """By what is said of what stands on the screen."""
    items: Mapping[str, tuple[str, ...]]
    """By a place in the routine: what names the practice that has it."""
    ticks: TickWords = TickWords()
    """Words with which the lines of a list are answered by their numbers."""


@record
class ReplyBook(Record):
    """data/<lang>/replies.yml: every text of ours."""

    texts: Mapping[str, str]
    """By key, with `{placeholders}`."""
    options: Mapping[str, str]
    """Labels of choices, by `<question>.<option>`."""
