"""The words of the knowledge: what articles, practices, claims, cautions and safety rules are.

Content files are read into these classes as they stand, so a field here is a key in `rules/`.
"""

from typing import Annotated, Literal, get_args

from bot.model.record import Record, Ref, record

ContextId = Annotated[str, Ref(("context",))]
PracticeId = Annotated[str, Ref(("practice",))]
SourceId = Annotated[str, Ref(("source",))]
CautionId = Annotated[str, Ref(("caution",))]
FactId = Annotated[str, Ref(("symptom", "context"))]
AreaId = Annotated[str, Ref(("area",))]
RuleId = Annotated[str, Ref(("safety",))]
TopicId = Annotated[str, Ref(("topic",))]
SubjectId = Annotated[str, Ref(("topic", "symptom", "context", "practice"))]

Phase = Literal["refer", "calm", "release", "stretch", "strengthen", "habit"]
PHASES: tuple[Phase, ...] = ("refer", "calm", "release", "stretch", "strengthen", "habit")
"""The order of practices in a routine."""

Gear = Literal["foam_roller", "pull_up_bar"]
Posture = Literal["floor", "standing", "lying_on_back", "lying_on_front", "kneeling"]
POSTURES: tuple[Posture, ...] = get_args(Posture)
EquipmentId = Literal[Gear, "no_floor", "no_standing", "no_lying_on_back", "no_lying_on_front", "no_kneeling"]
EQUIPMENT: tuple[EquipmentId, ...] = get_args(EquipmentId)
"""What is known of a person's means: the gear at hand, and `no_` with each posture that they cannot take."""

Level = Literal["none", "caution", "clinician_first", "same_day", "emergency"]
LEVELS: tuple[Level, ...] = ("none", "caution", "clinician_first", "same_day", "emergency")
"""Levels of a safety rule, lowest first."""

Lane = Literal["body", "crisis", "scope"]


def counted_level(level: Level, status: str) -> Level:
    """Level of a sign with this status: settled past signs count one lower, denied and imagined ones not at all."""
    if status in ("present", "other_person"):
        return level
    return LEVELS[max(LEVELS.index(level) - 1, 0)] if status == "past" else "none"


def hands_over(level: Level) -> bool:
    """Whether a level ends the turn with a hand-over to people."""
    return LEVELS.index(level) >= LEVELS.index("same_day")


@record
class Condition(Record):
    """Which facts (present symptoms and contexts) make a claim or a caution hold."""

    all_of: frozenset[FactId] = frozenset()
    """Each of these must be there."""
    any_of: frozenset[FactId] = frozenset()
    """At least one of these, where any are named."""
    none_of: frozenset[FactId] = frozenset()
    """None of these."""

    def facts(self) -> frozenset[str]:
        """All ids that the condition names."""
        return self.all_of | self.any_of | self.none_of

    def holds(self, facts: frozenset[str]) -> bool:
        """Whether the condition holds for these facts."""
        some = not self.any_of or not self.any_of.isdisjoint(facts)
        return some and self.all_of <= facts and self.none_of.isdisjoint(facts)


@record
class Passage(Record):
    """A place in an article."""

    source: SourceId
    """The article."""
    section: str
    """Its heading or paragraph, as a reader would look for it."""
    lines: tuple[int, ...]
    """First and last line in the article's file, counted from 1."""
    anchors: tuple[str, ...]
    """Keywords that must stand between those lines."""


@record
class Source(Record):
    """One article."""

    id: str = ""
    """Permanent id; the name of its file in rules/sources."""
    code: str
    """Its three-digit number in the project's knowledge review."""
    title: str
    """Title of the article."""
    author: str
    """Who speaks, as far as the article says."""
    date: str | None = None
    """Day of publication, where stated."""
    interest: str
    """What the author sells or offers."""
    evidence: str
    """What kind of text it is."""
    file: str
    """File name under which `supple check --sources` expects the article."""
    sha256: str
    """Digest of that file, so that anchors are checked against the same text."""


@record
class Symptom(Record):
    """What is felt."""

    id: str = ""
    """Permanent id."""
    label: str
    """Short noun phrase for replies."""
    refs: tuple[str, ...]
    """Numbers of the entries in the project's knowledge review."""
    our_word: str | None = None
    """Set where no article uses the word: what the nearest passages are."""
    no_practice: str | None = None
    """Set where no article gives a practice for it: what is said instead."""


@record
class Context(Record):
    """What a person does, was told or prefers."""

    id: str = ""
    """Permanent id."""
    label: str
    """Short noun phrase for replies."""
    refs: tuple[str, ...]
    """Numbers of the entries in the project's knowledge review."""
    implies: tuple[Gear, ...] = ()
    """Equipment that someone who says this evidently has."""
    rivals: tuple[Annotated[str, Ref(("context",))], ...] = ()
    """Contexts that cannot be meant together with this one: of those heard, the clearest holds."""


@record
class Topic(Record):
    """What people ask about, beside symptoms, contexts and practices."""

    id: str = ""
    """Permanent id."""
    label: str
    """Short noun phrase for replies."""


@record
class Dose(Record):
    """What an article states about how much; absent keys are not stated."""

    hold_s: float | None = None
    """Seconds to hold."""
    reps: tuple[int, ...] | None = None
    """Repetitions, fewest and most."""
    minutes: tuple[int, ...] | None = None
    """Minutes, fewest and most."""
    frequency: str | None = None
    """How often, in words."""


@record
class FloorForm(Record):
    """How a practice is shown when only the safe floor may be."""

    title: str
    """Name shown."""
    steps: tuple[str, ...]
    """What to do."""


@record
class Practice(Record):
    """What an article says to do."""

    id: str = ""
    """Permanent id."""
    ref: str
    """Number of the entry in the project's knowledge review."""
    title: str
    """Name shown."""
    phase: Phase
    """Where it stands in a routine."""
    form: Literal["steps", "habit", "named"]
    """With steps, a habit that can be done at once, or only named (or sold) by the article."""
    manner: Literal["still", "moving"]
    """For people who prefer one."""
    commercial: bool
    """Whether the article's author, or someone the article names, sells it."""
    postures: tuple[Posture, ...]
    """What the body must be able to do for it, as far as the article tells; lying and kneeling are on the floor too."""
    needs: tuple[Gear, ...] = ()
    """Equipment without which it cannot be done."""
    only_with: ContextId | None = None
    """Context without which it is never offered."""
    setup: str | None
    """How to begin; none where the article does not say."""
    steps: tuple[str, ...]
    """What to do, in our words; empty where the article only names it."""
    dose: Dose | None
    """What is stated about how much; none where the article gives no number."""
    dose_note: str | None = None
    """A stated amount that is not a number, such as "a few minutes"."""
    dose_passage: Passage | None = None
    """Where the dose is stated."""
    described: tuple[Passage, ...]
    """Where the practice is described or named."""
    effect: str | None = None
    """What the article claims of it, softened."""
    unsaid: tuple[str, ...] = ()
    """What the article leaves open."""
    stop_if: str
    """When to stop; ours."""
    gentler: tuple[PracticeId, ...] = ()
    """What the same articles offer to someone who must leave it out, best first."""
    sides: Literal["each", "alternate"] | None = None
    """Set where the steps speak of sides: one after the other, or in turn."""
    drawing: str | None = None
    """What the drawing of it shows, for who does not see it; none where there is no drawing."""
    safe_floor: FloorForm | None = None
    """Set on the few practices that may be shown when nothing else may."""

    def doable(self) -> bool:
        """Whether it can be done from what the article says."""
        return self.form != "named"
