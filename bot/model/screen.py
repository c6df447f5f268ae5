"""The words of the safety screen: rules that are ours, and the help lines they hand over to."""

from collections.abc import Mapping
from typing import Literal

from bot.model.record import Record, record
from bot.model.words import Condition, ContextId, Lane, Level, PracticeId


@record
class Sign(Record):
    """One way in which a safety rule fires."""

    phrases: tuple[str, ...] = ()
    """Patterns, each of which is the sign."""
    pairs: tuple[tuple[str, ...], ...] = ()
    """Patterns that are the sign when they stand together in a clause."""
    ambiguous: bool = False
    """Whether its words are as often said of something else: the name of an illness, a figure of speech. It counts
    where the learned part hears danger as well, and is asked about elsewhere."""


@record
class SafetyRule(Record):
    """What must go to a person, or be said, before anything is suggested. Ours; never cited to a source."""

    id: str = ""
    """Permanent id."""
    level: Level
    """How soon."""
    lane: Lane
    """Body, crisis, or what this program does not do."""
    label: str
    """Short noun phrase for replies."""
    gate: str | None = None
    """Its line in the question that stands before every practice."""
    fit: str | None = None
    """Its line in the question before the first practice beyond the safe floor."""
    when: Condition | None = None
    """When the line is asked; always, where not set."""
    named: tuple[str, ...] = ()
    """Patterns that name what its line asks, in an answer to the list: alone they fire nothing, it is asked about."""
    signs: tuple[Sign, ...]
    """What fires it."""
    with_any: tuple[str, ...] = ()
    """Companions of a weak sign: it counts where one of these is in the message, or something is felt already."""
    with_here: bool = False
    """Whether a companion must be in the message itself."""
    not_if: tuple[str, ...] = ()
    """Look-alike patterns: a match in a clause that also holds one of these does not count."""
    not_within: tuple[str, ...] = ()
    """Patterns that use a sign's words for something else: a match that ends within one does not count."""
    not_with: tuple[ContextId, ...] = ()
    """Contexts that are told in much the same words: beside one of them the learned part does not hear the rule."""
    negatable: Literal["cancel", "ask", "never"]
    """What a denial does: cancels, cancels only when whole and else asks, or never counts."""
    ask: str | None = None
    """One direct question for an uncertain finding; yes means the sign is there."""
    weak: bool = False
    """Whether a tick leads to `ask` first."""
    lasting: bool = False
    """Whether what is past counts as present, as a history of cancer does."""
    of_self: bool = False
    """Whether it is a trait of the person, so that another person's says nothing of the writer."""
    blocks: Literal["all"] | tuple[PracticeId, ...]
    """Practices it keeps out of the routine."""
    say: str
    """What the person is told."""
    say_other: str | None = None
    """The same, for someone who speaks of another person."""
    care: Literal["overdose", "abuse"] | None = None
    """How its hand-over goes on, where that is not as after other crises."""
    why_first: str | None = None
    """At `clinician_first`: the reason, in one clause."""
    lines: tuple[str, ...] = ()
    """Keys of the help lines to show."""
    guideline: tuple[str, ...]
    """Where the sign comes from."""
    reviewed_by: str | None
    """Clinician and date of the sign-off; none until there is one."""
    fires: tuple[str, ...]
    """Messages that must fire it."""
    silent: tuple[str, ...]
    """Messages that must not."""
    denied: tuple[str, ...] = ()
    """Messages that deny it."""


@record
class Crisis(Record):
    """Ways to reach a crisis line."""

    voice: str | None = None
    """By phone."""
    text: str | None = None
    """By text message."""
    chat: str | None = None
    """By chat."""
    hours: str | None = None
    """When it is open."""


@record
class Helplines(Record):
    """Numbers of one country."""

    name: str
    """Its name."""
    also: tuple[str, ...] = ()
    """What else people call it."""
    emergency: str
    """Emergency number."""
    urgent: str | None = None
    """Urgent but not emergency care."""
    crisis: Crisis | None = None
    """Crisis line."""
    poison: str | None = None
    """Poison line."""
    abuse: str | None = None
    """Domestic abuse line."""
    child: str | None = None
    """Line for children."""
    eating: str | None = None
    """Eating disorder line."""
    mood: str | None = None
    """Someone to talk to about mood."""
    source_url: str | None = None
    """The operator's own page."""
    verified_on: str | None = None
    """Day on which the numbers were checked there."""
    verified_by: str | None = None
    """Who checked them."""


@record
class HelplinesFile(Record):
    """data/helplines.yml."""

    countries: Mapping[str, Helplines]
    """By ISO country code."""
    international: Helplines
    """Where the country is not known."""
