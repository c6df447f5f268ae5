"""The words for what is said of a complaint beside what and where, and for time: data/<lang>/slots.yml."""

from collections.abc import Mapping

from bot.model.record import Record, record

SIDES = ("left", "right", "both")
"""Sides of the body that a message may name."""

ACTIVITIES = (
    "sitting", "standing", "walking", "running", "bending", "lifting", "lying", "stairs", "driving", "morning",
    "night", "cold", "stretching", "stress", "rest", "heat", "movement", "breathing", "getting_up",
)  # fmt: skip
"""What a complaint may be worse or better with."""


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
