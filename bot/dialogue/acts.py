"""What one turn does, and the acts that any turn may begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.state import Event, State
from bot.knowledge import Knowledge
from bot.model.words import LEVELS, Level, hands_over


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the reply does."""

    kind: str
    """opening, say, heard, coverage, care, what_if, ask, routine, floor, answer; handover, crisis, still, for_other."""
    about: str = ""
    """Which text, rule, question or intent."""
    extra: Mapping[str, Any] = field(default_factory=dict)


def level(state: State, knowledge: Knowledge) -> Level:
    """The level that governs a reply in this state."""
    worse: Level = "clinician_first" if state.worse else "none"
    return max([state.handover or "none", worse, *state.conditions(knowledge).values()], key=LEVELS.index)


def what_ifs(knowledge: Knowledge, event: Event) -> list[Act]:
    """A grave sign that is only imagined: what to do if it comes."""
    imagined = [
        rule
        for rule, status in event.get("safety", {}).items()
        if status == "hypothetical" and rule in knowledge.safety and hands_over(knowledge.safety[rule].level)
    ]
    of_body = [rule for rule in imagined if knowledge.safety[rule].lane == "body"]
    return [Act("what_if", of_body[0])] if of_body else []


def heard(knowledge: Knowledge, before: State, state: State) -> tuple[Act, ...]:
    """Say back what was understood, when it is news; and name what no article covers."""
    acts = []
    if told(before, state) and (state.present() or state.holding() or state.not_there(knowledge)):
        acts.append(Act("heard"))
    if "wants_to_roll_the_psoas" in state.holding() and "wants_to_roll_the_psoas" not in before.holding():
        acts.append(Act("say", "psoas_rolling"))
    new_areas = [area for area in state.uncovered if area not in before.uncovered]
    unhelped = [id_ for id_ in state.present() if knowledge.symptoms[id_].no_practice and id_ not in before.present()]
    if new_areas or unhelped:
        acts.append(Act("coverage", extra={"symptoms": tuple(unhelped)}))
    return tuple(acts)


def told(before: State, state: State) -> bool:
    """Whether the person told something new of themselves."""
    return (before.symptoms, before.contexts, before.uncovered) != (state.symptoms, state.contexts, state.uncovered)


def complains(before: State, state: State) -> bool:
    """Whether something is felt that was not told before."""
    return (before.present(), before.uncovered) != (state.present(), state.uncovered)


def news(before: State, state: State) -> bool:
    """Whether what is known of the person, or what they want, has changed."""
    wishes = (before.minutes, before.equipment) != (state.minutes, state.equipment)
    return wishes or told(before, state)


def care(knowledge: Knowledge, before: State, state: State) -> list[Act]:
    """Rules below a hand-over that came to hold: what is said before the routine."""
    known = before.conditions(knowledge) if before.routine_shown else {}
    return [Act("care", rule) for rule in state.conditions(knowledge) if rule not in known]


def scope_rules(knowledge: Knowledge, event: Event) -> list[str]:
    """What this program does not do: said, then the talk goes on."""
    return [
        rule
        for rule, status in event.get("safety", {}).items()
        if rule in knowledge.safety and knowledge.safety[rule].lane == "scope" and status == "present"
    ]
