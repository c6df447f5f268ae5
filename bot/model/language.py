"""The words of reading a language: patterns and reply texts, as data/<lang>/ holds them."""

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

REMARKS = (
    "worse", "better", "of_it", "no_help", "another", "without", "fewer", "back", "again", "hurting", "order", "right",
    "picture", "takehome", "place", "when", "may", "acknowledged", "displeased", "correct", "not_meant", "for_other",
    "called", "cannot_call", "no_way", "no", "excepting", "all_but", "some",
)  # fmt: skip
"""What a message may say of what stands on the screen; any number each."""

WHOLE = frozenset({"acknowledged"})
"""Remarks that count only where nothing else is said."""

ITEMS = (
    "last", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
"""Places in a routine by which a practice may be named; their index is the place, that of the last is 0."""

SIDES = ("left", "right", "both")
"""Sides of the body that a message may name."""

ACTIVITIES = (
    "sitting", "standing", "walking", "running", "bending", "lifting", "lying", "stairs", "driving", "morning",
    "night", "cold", "stretching", "stress", "rest", "heat", "movement", "breathing", "getting_up",
)  # fmt: skip
"""What a complaint may be worse or better with."""


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
    remarks: Mapping[str, tuple[str, ...]]
    """By what is said of what stands on the screen."""
    items: Mapping[str, tuple[str, ...]]
    """By a place in the routine: what names the practice that has it."""


@record
class SideWords(Record):
    """Words for a side of the body."""

    beside: Mapping[str, tuple[str, ...]]
    """By side: words that name it beside a part of the body."""
    alone: Mapping[str, tuple[str, ...]]
    """By side: words that name it by themselves."""
    before: tuple[str, ...]
    """Before a side that stands without a part of the body."""
    after: tuple[str, ...]
    """After such a side, where the part of the sentence does not end with it."""
    not_after: tuple[str, ...]
    """After these a word for a side is none: "right back"."""


@record
class NumberWords(Record):
    """Numbers in words."""

    words: Mapping[str, float]
    """By phrase: the number."""
    articles: tuple[str, ...]
    """Words among them that count only in company: "a week" is as often a rhythm."""
    half: tuple[str, ...]
    """What adds a half."""
    between: tuple[str, ...]
    """Words that may stand between a number and its unit."""
    range: tuple[str, ...]
    """Words between two numbers of which the larger counts."""


@record
class DurationWords(Record):
    """Words for how long a complaint has been there."""

    units: Mapping[str, float]
    """Days of a unit of time."""
    times: Mapping[str, int | None]
    """Days since a named time; none where they hang on the date."""
    times_after: tuple[str, ...]
    """Words of which one must stand before a named time."""
    fillers: tuple[str, ...]
    """Words that may stand between."""
    vague: tuple[str, ...]
    """Durations without a number."""
    before: tuple[str, ...]
    """Company of an article before it: "for a week"."""
    after: tuple[str, ...]
    """Company of an article after it: "a week ago"."""
    not_after: tuple[str, ...]
    """After these a stretch of time is no duration."""
    not_before: tuple[str, ...]
    """Before these a stretch of time is no duration."""
    alone: tuple[str, ...]
    """Words that may open a part of the sentence that holds nothing but a duration."""
    onset: tuple[str, ...]
    """Words that tell that something began or lasts."""
    elsewhere: tuple[str, ...]
    """What else people give a stretch of time for: work, training."""


@record
class SinceWords(Record):
    """Words for the event since which a complaint is there."""

    before: tuple[str, ...]
    """Before an event."""
    not_before: tuple[str, ...]
    """What follows where "because" is meant, or no event."""
    subjects: tuple[str, ...]
    """Who an event may begin with: "since I dug the potatoes in"."""
    objects: tuple[str, ...]
    """Words with which its third word may go on then."""
    through: tuple[str, ...]
    """Words after which an event goes on, whatever follows."""
    stops: tuple[str, ...]
    """Words at which it ends otherwise."""


@record
class IntensityWords(Record):
    """Words for how strong a complaint is."""

    before: tuple[str, ...]
    """Before a number that tells it."""
    fillers: tuple[str, ...]
    """Words that may stand between."""
    after: tuple[str, ...]
    """Words that may follow such a number."""
    of: tuple[str, ...]
    """Between a number and ten."""
    not_after: tuple[str, ...]
    """After these "7/10" is a date."""
    not_before: tuple[str, ...]
    """Before these a number counts something else."""
    words: Mapping[str, float]
    """How strong a word says it is, 0 to 10."""
    pains: tuple[str, ...]
    """Words for what is felt, near which such a word counts."""
    near: tuple[str, ...]
    """Words that may stand between."""


@record
class TimeWords(Record):
    """Words for the time that a person has."""

    units: Mapping[str, float]
    """Minutes of a unit of time."""
    before: tuple[str, ...]
    """Before the time that one has."""
    fillers: tuple[str, ...]
    """Words that may stand between, or open the message."""
    only: tuple[str, ...]
    """Such words that tell it where a part of the sentence begins with them."""
    after: tuple[str, ...]
    """After the time that one has."""
    not_before: tuple[str, ...]
    """Before these a stretch of time is not what one has."""


@record
class Activity(Record):
    """Something that a complaint may be worse or better with."""

    label: str
    """How it is said back after "worse" or "better"."""
    words: tuple[str, ...]
    """Ways of saying it."""


@record
class Change(Record):
    """Words that say that something makes a complaint worse, or better."""

    before: tuple[str, ...]
    """They stand before the activity."""
    before_link: tuple[str, ...] = ()
    """They stand before a link and the activity, and say nothing without a link."""
    after: tuple[str, ...]
    """They stand after the activity."""
    result: tuple[str, ...]
    """What the activity makes of it."""


@record
class ActivityWords(Record):
    """Words for what makes a complaint worse or better."""

    activities: Mapping[str, Activity]
    """By activity."""
    worse: Change
    better: Change
    links: tuple[str, ...]
    """Words that lead to an activity."""
    weak_not: tuple[str, ...]
    """Links that do not count after `before_link`: "pain after sitting" tells an occasion."""
    fillers: tuple[str, ...]
    """Words that may stand beside an activity."""
    makes: tuple[str, ...]
    """Words between an activity and its result."""
    no_change: tuple[str, ...]
    """Negators up to three words before "worse" or "better"."""
    questions: tuple[str, ...]
    """Words that open a question about it."""


@record
class SlotBook(Record):
    """data/<lang>/slots.yml: words for what is said of a complaint beside what and where, and for time."""

    side: SideWords
    number: NumberWords
    duration: DurationWords
    since: SinceWords
    intensity: IntensityWords
    time: TimeWords
    activity: ActivityWords


@record
class ReplyBook(Record):
    """data/<lang>/replies.yml: every text of ours."""

    texts: Mapping[str, str]
    """By key, with `{placeholders}`."""
    options: Mapping[str, str]
    """Labels of choices, by `<question>.<option>`."""
