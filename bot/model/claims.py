"""The words of what is said: claims of sources, cautions, and questions on which sources differ."""

from collections.abc import Collection
from typing import Literal

from bot.model.record import Record, record
from bot.model.words import AreaId, CautionId, Condition, FactId, Passage, PracticeId, RuleId, SubjectId, TopicId

ClaimKind = Literal["explicit", "implied", "against", "explains", "ours"]


@record
class Claim(Record):
    """A source suggests, advises against or explains something; or we suggest it ourselves."""

    id: str = ""
    """`<source>/<name>`; `ours/<name>` for our own."""
    source: str = ""
    """Id of the source; "ours" for our own."""
    rules: tuple[str, ...] = ()
    """Numbers of the rules of the project's knowledge review that it carries."""
    kind: ClaimKind
    """How the source puts it."""
    practices: tuple[PracticeId, ...] = ()
    """What is suggested or advised against."""
    about: tuple[SubjectId, ...] = ()
    """What an `explains` claim is about."""
    when: Condition | Literal["everyone"] | None = None
    """For whom."""
    section: str | None = None
    """Heading or paragraph of the place."""
    lines: tuple[int, ...] | None = None
    """First and last line of the place."""
    anchors: tuple[str, ...] = ()
    """Keywords that must stand there."""
    says: str
    """Our paraphrase."""
    caveat: str | None = None
    """Our softening, where the claim is not well supported."""
    enforced_by: CautionId | None = None
    """For `against`: the caution that enforces it."""
    why: str | None = None
    """For `ours`: the reason."""

    def everyone(self) -> bool:
        """Whether it is meant for anyone."""
        return self.when == "everyone"

    def condition(self) -> Condition:
        """Its condition; an empty one where it is meant for anyone or only explains."""
        return self.when if isinstance(self.when, Condition) else Condition()

    def place(self) -> str | None:
        """Section and lines as a reader would look them up; none for our own."""
        if self.section is None or self.lines is None:
            return None
        return place(self.section, self.lines)


def place(section: str, lines: tuple[int, ...]) -> str:
    """A place in an article, as text."""
    first, last = lines[0], lines[-1]
    return f"{section}, line {first}" if first == last else f"{section}, lines {first}-{last}"


@record
class CautionScope(Record):
    """Where a caution applies, and what it does there."""

    practices: tuple[PracticeId, ...]
    """The practices it is about."""
    effect: Literal["warn", "block"]
    """Shown beside the practice, or keeps it out of the routine."""
    when: Condition | None = None
    """For whom; always, where none of the three is set."""
    areas: tuple[AreaId, ...] = ()
    """Also for whoever names trouble in one of these parts of the body, which no article covers."""
    rules: tuple[RuleId, ...] = ()
    """Also for whom one of these safety rules holds."""
    ours: str | None = None
    """Set where the source does not go this far: our reason."""

    def for_everyone(self) -> bool:
        """Whether it applies whatever is known."""
        return self.when is None and not self.areas and not self.rules

    def holds(self, facts: frozenset[str], areas: frozenset[str], rules: Collection[str]) -> bool:
        """Whether it applies to someone of whom this is known."""
        if self.for_everyone():
            return True
        told = self.when is not None and self.when.holds(facts)
        return told or not areas.isdisjoint(self.areas) or any(rule in rules for rule in self.rules)


@record
class Caution(Record):
    """A condition that adds a warning to, or blocks, a practice."""

    id: str = ""
    """Permanent id."""
    refs: tuple[str, ...] = ()
    """Numbers of the entries in the project's knowledge review."""
    text: str
    """One short sentence."""
    passage: Passage | None = None
    """Where the source states it."""
    ours: str | None = None
    """For cautions of ours: the reason."""
    applies: tuple[CautionScope, ...]
    """Where it applies."""


@record
class Side(Record):
    """One answer to a question on which the articles differ."""

    says: str
    """The answer, in our words."""
    passages: tuple[Passage, ...]
    """Where it is given."""


@record
class Disagreement(Record):
    """A question on which the articles differ."""

    id: str = ""
    """Permanent id."""
    ref: str
    """Number of the entry in the project's knowledge review."""
    question: str
    """The question."""
    whole_routine: bool
    """Whether it concerns the routine as a whole, not one practice."""
    single_source: bool
    """Whether only one article speaks to it."""
    practices: tuple[PracticeId, ...]
    """Practices beside which it is shown."""
    symptoms: tuple[FactId, ...]
    """Symptoms or contexts with which it is shown."""
    topics: tuple[TopicId, ...] = ()
    """Topics of a question that it answers."""
    sides: tuple[Side, ...]
    """The answers."""
