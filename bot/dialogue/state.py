"""The state of a talk, folded from its events.

Events hold ids only and are all that is kept; the state is computed from them anew for each message. An event that
names an id which the knowledge no longer has is passed over, so that talks outlive an upgrade.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.engine.facts import Facts
from bot.knowledge import Knowledge
from bot.model.words import LEVELS, Level, counted_level, hands_over

Event = dict[str, Any]
"""`{"type": "said" | "chose" | "handover" | "restart", …}`; ids, statuses and levels, never typed text."""

NONE = "none"
"""The option that says nothing of what was asked is there."""

CRISIS = "crisis"
"""Stands for any doubtful crisis or abuse sign among the signs: which rule it was is not kept."""

RAISING = frozenset({"might_act", "in_danger", "on_purpose"})
"""Answers to a hand-over that make it an emergency."""

_OURS = ("prefers_stillness", "prefers_movement")
_NOT_THERE = ("denied", "uncertain", "hypothetical")
_MINUTES = {"minutes_5": 5, "minutes_10": 10, "minutes_20": 20, "shorter": 5}


@dataclass(frozen=True, slots=True)
class State:
    """Where a talk stands."""

    symptoms: Mapping[str, str] = field(default_factory=dict)
    """Status of each symptom that was mentioned, in the order in which they came."""
    contexts: Mapping[str, str] = field(default_factory=dict)
    """Status of each context that was mentioned."""
    uncovered: tuple[str, ...] = ()
    """Areas named that no article covers."""
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
        )


def counted(knowledge: Knowledge, rule: str, status: str) -> Level:
    """The level at which a safety rule with this status counts."""
    return counted_level(knowledge.safety[rule].level, status)


def fold(knowledge: Knowledge, events: Iterable[Event]) -> State:
    """The state after these events."""
    state = State()
    for event in events:
        state = step(knowledge, state, event)
    return state


def step(knowledge: Knowledge, state: State, event: Event) -> State:
    """The state after one more event."""
    state = replace(state, turns=state.turns + (event["type"] not in ("asked", "nothing")))
    match event["type"]:
        case "restart":
            return State()
        case "handover":
            return replace(_in_crisis(state, event["level"]), open="handover")
        case "said":
            state = _said(knowledge, state, event)
        case "chose":
            state = _chose(knowledge, state, event)
        case "asked":
            return replace(
                state,
                open=event["question"],
                open_about=event.get("about"),
                asked=state.asked | ({event["question"]} if event["question"] else set()),
                routine_shown=state.routine_shown or event.get("routine", False),
                checking=state.checking and event["question"] in ("gate", "safety", "handover"),
            )
    return _hand_over(knowledge, state)


def _said(knowledge: Knowledge, state: State, event: Event) -> State:
    safety = {rule: status for rule, status in event["safety"].items() if rule in knowledge.safety or rule == CRISIS}
    signs = dict(state.signs)
    for rule, status in safety.items():
        imagined = status == "hypothetical" and rule in signs  # a "what if" takes nothing back
        if not imagined and (rule == CRISIS or knowledge.safety[rule].lane != "scope"):
            signs[rule] = status
    if state.open == "safety" and state.open_about and state.open_about not in safety:
        # an answer in words to the direct question
        answer = {"affirm": "present", "deny": "denied"}.get(event["intent"])
        if answer:
            return _told_safety(state, state.open_about, there=answer == "present")
    state = replace(state, signs=signs)
    if state.handover and state.handover_rule and signs.get(state.handover_rule) == "denied":
        state = replace(state, handover=state.crisis, handover_rule=None)
    if state.open in ("gate", "fit") and event["intent"] == "deny" and not safety:
        state = _screened(knowledge, state, state.open, ())
    wishes = set(event["wishes"])
    contexts = {**state.contexts, **_told(event["contexts"], knowledge.contexts)}
    contexts.update({wish: "present" for wish in _OURS if wish in wishes})
    return replace(
        state,
        symptoms={**state.symptoms, **_told(event["symptoms"], knowledge.symptoms)},
        contexts=contexts,
        uncovered=_areas(state.uncovered, event),
        minutes=min(_minutes(event, wishes), default=state.minutes),
        equipment=_equipment(state.equipment, wishes),
    )


def _minutes(event: Event, wishes: set[str]) -> list[int]:
    """Every time that a message names; talks kept before slots were hold no number."""
    number = event.get("slots", {}).get("minutes")
    return [*(minutes for wish, minutes in _MINUTES.items() if wish in wishes), *([number] if number else [])]


def _told(found: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """What a message tells of the person; what it only imagines or asks about tells nothing."""
    return {id_: status for id_, status in found.items() if id_ in known and status != "hypothetical"}


def _areas(before: tuple[str, ...], event: Event) -> tuple[str, ...]:
    """Parts of the body that no article covers: those told now are added, those now denied go."""
    told, fine = event["uncovered"], event.get("fine", ())
    return tuple(dict.fromkeys([*(area for area in before if area not in fine), *told]))


def _equipment(equipment: frozenset[str], wishes: set[str]) -> frozenset[str]:
    for gear, have, lack in (
        ("foam_roller", {"has_roller", "has_foam_roller"}, {"no_roller", "no_foam_roller"}),
        ("pull_up_bar", {"has_bar", "has_pull_up_bar"}, {"no_bar", "no_pull_up_bar"}),
        ("no_floor", {"no_floor"}, {"has_floor"}),
    ):
        if wishes & have:
            equipment |= {gear}
        if wishes & lack:
            equipment -= {gear}
    return equipment


def _chose(knowledge: Knowledge, state: State, event: Event) -> State:
    question, ids = event["question"], [id_ for id_ in event["ids"] if id_ != NONE]
    match question:
        case "consent":
            return replace(state, passed=state.passed | {"consent"})
        case "gate" | "fit":
            ticked = [rule for rule in ids if rule in knowledge.safety]
            complete = not ticked or event.get("complete", True)
            return _screened(knowledge, state, question, ticked, passed=complete)
        case "safety":
            rule = ids[0] if ids else state.open_about
            known = rule in knowledge.safety or rule == CRISIS
            return _told_safety(state, rule, there=bool(ids)) if rule and known else state
        case "country":
            return replace(state, country=ids[0] if ids else None)
        case "minutes":
            return replace(state, minutes=int(ids[0]) if ids and ids[0].isdecimal() else None)
        case "equipment":
            return replace(state, equipment=frozenset(ids) & {"foam_roller", "pull_up_bar", "no_floor"})
        case "clarify":
            return _clarified(knowledge, state, ids)
        case "checkin":
            return _checked_in(knowledge, state, worse="worse" in ids)
        case "handover" if RAISING.intersection(ids):
            return _in_crisis(state, "emergency")
        case "handover" if "not_meant" in ids:
            rule = CRISIS if state.crisis else state.handover_rule or CRISIS
            signs = {**state.signs, rule: "uncertain"}
            return replace(state, handover=None, handover_rule=None, crisis=None, signs=signs)
    return state


def _told_safety(state: State, rule: str, *, there: bool) -> State:
    """The answer to a direct question; a crisis hands over at once, and leaves no rule behind."""
    if rule != CRISIS:
        return replace(state, signs={**state.signs, rule: "present" if there else "denied"})
    signs = {id_: status for id_, status in state.signs.items() if id_ != CRISIS}
    if there:
        return _in_crisis(replace(state, signs=signs), "emergency")
    return replace(state, signs=signs)


def _screened(
    knowledge: Knowledge, state: State, question: str, ticked: Iterable[str], *, passed: bool = True
) -> State:
    """Answers to the gate or to fit: what was ticked is there, or asked about; the rest, once complete, is not."""
    signs, ticked = dict(state.signs), set(ticked)
    for rule in ticked:
        signs[rule] = "uncertain" if knowledge.safety[rule].weak else "present"
    if passed:
        signs |= dict.fromkeys(
            (rule for rule in screen_rules(knowledge, state, question) if rule not in ticked), "denied"
        )
        return replace(state, signs=signs, passed=state.passed | {question})
    return replace(state, signs=signs)


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


def _checked_in(knowledge: Knowledge, state: State, *, worse: bool) -> State:
    """Signs that were not there before may be there now: the gate stands open again."""
    gate = {rule.id for rule in knowledge.safety.values() if rule.gate}
    signs = {id_: status for id_, status in state.signs.items() if status != "denied" or id_ not in gate}
    return replace(state, signs=signs, passed=state.passed - {"gate"}, checking=True, worse=worse)


def _clarified(knowledge: Knowledge, state: State, ids: list[str]) -> State:
    """What the person says is right stays; what they were shown and left out goes."""
    kept = {id_: "present" for id_ in ids if id_ in knowledge.symptoms}
    dropped = {id_: "denied" for id_, status in state.symptoms.items() if status == "present" and id_ not in kept}
    return replace(state, symptoms={**state.symptoms, **dropped, **kept})


def _in_crisis(state: State, level: Level) -> State:
    """With a hand-over of the crisis lane in force; a lower one never replaces a higher."""
    crisis = max(level, state.crisis or "none", key=LEVELS.index)
    return replace(state, crisis=crisis, handover=max(crisis, state.handover or "none", key=LEVELS.index))


def _hand_over(knowledge: Knowledge, state: State) -> State:
    """A rule that holds at same_day or above puts a hand-over in force; a lower one never replaces a higher."""
    levels = state.alarms(knowledge)
    if not levels:
        return state
    rule = max(levels, key=lambda rule: LEVELS.index(levels[rule]))  # of equals the first that was mentioned
    held = knowledge.safety.get(state.handover_rule or "")
    if held and LEVELS.index(held.level) >= LEVELS.index(levels[rule]):
        return state
    level = max(levels[rule], state.crisis or "none", key=LEVELS.index)
    return replace(state, handover=level, handover_rule=rule)
