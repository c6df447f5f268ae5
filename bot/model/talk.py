"""The words of one talk: what was understood in a message, and the blocks of a reply."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.model.language import Status
from bot.model.words import Lane, Level

Via = Literal["phrase", "classifier"]
"""How a finding came about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A symptom or context that was understood in a text."""

    id: str
    """Its permanent id."""
    status: Status
    """Whether it is felt, and by whom."""
    confidence: float
    """Between 0 and 1; 1 for phrases."""
    span: tuple[int, int] | None
    """Where it stands in the text, in code points; none for taps."""
    via: Via
    """How it was found."""
    drivers: tuple[tuple[str, float], ...] = ()
    """Of the classifier: the words that speak most for it, with the log odds that each adds."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A part of the body or a complaint that no article covers."""

    text: str
    """The person's word for it."""
    area: str
    """One of the areas."""
    status: Status
    """Whether it is felt, and by whom."""
    span: tuple[int, int]
    """Where it stands in the text, in code points."""


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """A sign of a safety rule that was understood in a text."""

    id: str
    """The rule."""
    level: Level
    """Its level."""
    lane: Lane
    """Its lane."""
    status: Status
    """Whether it is there, and with whom."""
    span: tuple[int, int] | None
    """Where it stands in the text, in code points; none for taps."""
    via: Via
    """How it was found."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of time or an event in the person's words."""

    text: str
    """The words."""
    span: tuple[int, int]
    """Where they stand in the text, in code points."""
    days: int | None = None
    """How many days it is; none where the words tell no number."""


@dataclass(frozen=True, slots=True)
class Slots:
    """What a message says about a complaint beside what and where, and the time there is."""

    side: str | None = None
    """`left`, `right` or `both`."""
    duration: Said | None = None
    """How long it has been there."""
    since: Said | None = None
    """The event since which it has been there; without days."""
    intensity: float | None = None
    """How strong it is, between 0 and 10."""
    worse_with: tuple[str, ...] = ()
    """Activities that make it worse, in the order of the text."""
    better_with: tuple[str, ...] = ()
    """Activities that make it better."""
    minutes: int | None = None
    """Time the person has now."""

    def to_json(self) -> dict[str, Any]:
        """Only what was said."""
        told = {
            "side": self.side,
            "duration": asdict(self.duration) if self.duration else None,
            "since": {"text": self.since.text, "span": self.since.span} if self.since else None,
            "intensity": self.intensity,
            "worse_with": list(self.worse_with) or None,
            "better_with": list(self.better_with) or None,
            "minutes": self.minutes,
        }
        return {name: value for name, value in told.items() if value is not None}


def _plain(finding: Finding) -> dict[str, Any]:
    """A finding as the contract has it; what drove it is for `supple explain`."""
    told = asdict(finding)
    del told["drivers"]
    return told


@dataclass(frozen=True, slots=True)
class Ticks:
    """What a message says of the lines of a list, by their numbers from 1."""

    there: tuple[int, ...] = ()
    not_there: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    """Asked about, or with something to be said of it."""
    rest: bool = False
    """Whether all other lines are said not to be there."""
    more: bool = False
    """Whether it says more than that."""
    row: tuple[bool | None, ...] = ()
    """Or, without numbers, one yes or no after the other; None for what is neither."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood in one message."""

    text: str
    """The message."""
    intent: str
    """What it wants."""
    symptoms: tuple[Finding, ...] = ()
    """Symptoms mentioned, with their status."""
    contexts: tuple[Finding, ...] = ()
    """Contexts mentioned, with their status."""
    uncovered: tuple[Uncovered, ...] = ()
    """Parts of the body and complaints outside what the articles cover."""
    safety: tuple[SafetyFinding, ...] = ()
    """Signs of safety rules."""
    level: Level = "none"
    """Highest level of the safety findings that count."""
    topics: tuple[str, ...] = ()
    """What a question is about."""
    practices: tuple[str, ...] = ()
    """Practices named."""
    preferences: tuple[str, ...] = ()
    """Preferences stated: time, equipment, stillness or movement."""
    remarks: tuple[str, ...] = ()
    """What it says of what stands on the screen, if anything does."""
    items: tuple[int, ...] = ()
    """Practices named by their place in a routine, from 1; the last is 0."""
    ticks: Ticks | None = None
    """What it says of the lines of a list, where it names them."""
    named: tuple[Finding, ...] = ()
    """Lines of the screens whose words it names, by their rule."""
    guesses: tuple[str, ...] = ()
    """Symptoms the classifier was not sure enough of, likeliest first."""
    slots: Slots = Slots()
    """Side, duration, intensity and the like."""

    def present(self) -> tuple[str, ...]:
        """Ids of the symptoms felt now."""
        return tuple(finding.id for finding in self.symptoms if finding.status == "present")

    def context(self) -> tuple[str, ...]:
        """Ids of the contexts that hold."""
        return tuple(finding.id for finding in self.contexts if finding.status == "present")

    def unanswered(self) -> tuple[Uncovered, ...]:
        """What no article covers and no safety rule understood either: "pregnant" has its rule, which answers it."""
        signs = [sign.span for sign in self.safety if sign.span and sign.via == "phrase"]
        return tuple(
            item
            for item in self.uncovered
            if not any(item.span[0] < end and start < item.span[1] for start, end in signs)
        )

    def to_json(self) -> dict[str, Any]:
        """The reading as the contract writes it."""
        return {
            "text": self.text,
            "intent": self.intent,
            "symptoms": [_plain(finding) for finding in self.symptoms],
            "context": list(self.context()),
            "uncovered": [asdict(finding) for finding in self.uncovered],
            "safety": [asdict(finding) for finding in self.safety],
            "level": self.level,
            "slots": self.slots.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Block:
    """One typed piece of a reply."""

    type: str
    """text, disclaimer, choices, care_card, note, coverage, routine, why or sources."""
    text: str
    """What a terminal shows."""
    data: dict[str, Any] = field(default_factory=dict)
    """What else the contract gives this type."""

    def to_json(self) -> dict[str, Any]:
        """The block as the contract writes it."""
        return {"type": self.type, "text": self.text, **self.data}


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one message."""

    level: Level
    """Level that governs this reply."""
    understood: Reading | None
    """This message's reading; none for the opening and for taps."""
    blocks: tuple[Block, ...]
    """What is shown, in order."""

    def to_json(self) -> dict[str, Any]:
        """The reply as the contract writes it."""
        return {
            "level": self.level,
            "understood": self.understood.to_json() if self.understood else None,
            "blocks": [block.to_json() for block in self.blocks],
        }
