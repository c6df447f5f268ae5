"""The state of a talk, which is folded from its events.

Events hold ids only and are all that is kept; the state is computed from them anew for each message. An event that
names an id which the knowledge no longer has is passed over, so that talks outlive an upgrade.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.engine.facts import Facts
from bot.knowledge import Knowledge
from bot.model.words import Level, counted_level, hands_over

Event = dict[str, Any]
"""`{"type": "said" | "chose" | "handover" | "restart", …}`; ids, statuses and levels, never typed text."""

NONE = "none"
"""The option that says nothing of what was asked is there."""

NOT_MEANT = "not_meant"
"""The option that takes back a hand-over, or what keeps all but the safe floor back."""

CRISIS = "crisis"
"""Stands for any doubtful crisis or abuse sign among the signs: which rule it was is not kept."""

_NOT_THERE = ("denied", "uncertain", "hypothetical")


@dataclass(frozen=True, slots=True)
class State:
    """Where a talk stands."""

    symptoms: Mapping[str, str] = field(default_factory=dict)
    """Status of each symptom that was mentioned, in the order in which they came."""
    contexts: Mapping[str, str] = field(default_factory=dict)
    """Status of each context that was mentioned."""
    uncovered: tuple[str, ...] = ()
    """Areas named that no article covers."""
    newest: frozenset[str] = frozenset()
    """Symptoms and areas of the newest message that told any: what a correction takes back."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """Status of each safety rule that was mentioned or answered."""
    passed: frozenset[str] = frozenset()
    """Of gate and fit, those answered through."""
    open: str | None = None
    """The question that waits for an answer."""
    open_about: str | None = None
    """For a safety question: its rule."""
    handover: Level | None = None
    """Level of the hand-over in force; the highest, where body and crisis both are."""
    handover_rule: str | None = None
    """The rule of the body lane that put it in force."""
    crisis: Level | None = None
    """Level of the crisis lane's hand-over in force; its rule is not kept."""
    country: str | None = None
    """Whose help lines the person asked for."""
    minutes: int | None = None
    equipment: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    """Symptoms told last while a routine stood on the screen: the next one has something for them."""
    declined: frozenset[str] = frozenset()
    """Practices that the person does not want, or wants another for."""
    most: int | None = None
    """Most practices that the person wants; as many as there are where None."""
    doubted: str | None = None
    """The screen at which the person said that something is there, but not what."""
    asked: frozenset[str] = frozenset()
    """Questions that were put."""
    routine_shown: bool = False
    checking: bool = False
    """Whether a check-in is under way: danger signs are asked anew before anything else is said."""
    worse: bool = False
    """Whether the newest check-in said that it feels worse than before."""
    turns: int = 0
    """Messages so far."""

    def present(self) -> tuple[str, ...]:
        """Symptoms felt now, in the order in which they were mentioned."""
        return tuple(id_ for id_, status in self.symptoms.items() if status == "present")

    def holding(self) -> tuple[str, ...]:
        """Contexts that hold, in the order in which they were mentioned."""
        return tuple(id_ for id_, status in self.contexts.items() if status == "present")

    def not_there(self, knowledge: Knowledge) -> tuple[str, ...]:
        """Symptoms and safety rules that the person said are not there."""
        symptoms = [knowledge.symptoms[id_].label for id_, status in self.symptoms.items() if status == "denied"]
        denied = [id_ for id_, status in self.signs.items() if status == "denied" and id_ in knowledge.safety]
        signs = [knowledge.safety[id_].label for id_ in denied]
        return tuple(symptoms + signs)

    def waiting(self, knowledge: Knowledge) -> str | None:
        """The safety rule about which a question must be asked before anything else: in doubt, or grave and past."""
        return next(
            (
                rule
                for rule, status in self.signs.items()
                if status == "uncertain" or (status == "past" and hands_over(knowledge.safety[rule].level))
            ),
            None,
        )

    def conditions(self, knowledge: Knowledge) -> dict[str, Level]:
        """Safety rules that hold, each at the level at which it counts."""
        # Most signs are answers to a screen: not there.
        there = {rule: status for rule, status in self.signs.items() if status not in _NOT_THERE}
        known = {rule: status for rule, status in there.items() if rule in knowledge.safety}
        levels = {rule: counted(knowledge, rule, status) for rule, status in known.items()}
        return {rule: level for rule, level in levels.items() if level != "none"}

    def alarms(self, knowledge: Knowledge) -> dict[str, Level]:
        """Rules that hand over; what is past is asked about first."""
        held = self.conditions(knowledge).items()
        return {rule: level for rule, level in held if hands_over(level) and self.signs[rule] != "past"}

    def facts(self, knowledge: Knowledge) -> Facts:
        """What the engine reasons from."""
        implied = {gear for context in self.holding() for gear in knowledge.contexts[context].implies}
        return Facts(
            symptoms=frozenset(self.present()),
            contexts=frozenset(self.holding()),
            areas=frozenset(self.uncovered),
            conditions=self.conditions(knowledge),
            minutes=self.minutes,
            equipment=self.equipment | implied,
            declined=self.declined,
            most=self.most,
            wanted=self.added.intersection(self.present()),
        )


def counted(knowledge: Knowledge, rule: str, status: str) -> Level:
    """The level at which a safety rule with this status counts."""
    return counted_level(knowledge.safety[rule].level, status)


def screen_rules(knowledge: Knowledge, state: State, question: str) -> tuple[str, ...]:
    """Safety rules that a screen still has to ask about: not what was said already, nor what does not apply."""
    facts = frozenset(state.symptoms) | frozenset(state.contexts)
    return tuple(
        rule.id
        for rule in knowledge.safety.values()
        if (rule.gate if question == "gate" else rule.fit)
        and (rule.when is None or rule.when.holds(facts))
        and state.signs.get(rule.id, "hypothetical") == "hypothetical"
    )
