"""Events become a state, one after the other."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.questions import FURTHER, OFFERED
from bot.dialogue.standing import CORRECT, FOR_OTHER, SOME, WORSE, YES, how_it_went, remarks_on, stands
from bot.dialogue.state import CRISIS, NONE, NOT_MEANT, Event, State, screen_rules
from bot.dialogue.ticked import COMPLETE, DOUBTFUL, NOT_THERE, THERE
from bot.knowledge import Knowledge
from bot.model.words import EQUIPMENT, LEVELS, Level

RAISING = frozenset({"might_act", "in_danger", "on_purpose"})
"""Answers to a hand-over that make it an emergency."""

_OURS = ("prefers_stillness", "prefers_movement")
_MINUTES = {"minutes_5": 5, "minutes_10": 10, "minutes_20": 20, "shorter": 5}


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
    remarks = remarks_on(state, event)
    if how_it_went(state, remarks):
        state = _checked_in(knowledge, state, worse=WORSE in remarks)
    of_a_sign = state.handover is not None  # "I meant my ankle"
    state = _newly_told(_signs_told(knowledge, state, event), event, of_a_sign=of_a_sign)
    wishes = set(event["wishes"])
    contexts = _told(state.contexts, event["contexts"], knowledge.contexts)
    contexts.update({wish: "present" for wish in _OURS if wish in wishes})
    return replace(
        state,
        symptoms=_told(state.symptoms, event["symptoms"], knowledge.symptoms),
        contexts=contexts,
        uncovered=_areas(state.uncovered, event),
        minutes=min(_minutes(event, wishes), default=state.minutes),
        equipment=_equipment(state.equipment, wishes),
        declined=state.declined.union(event.get("declined", ())).difference(event.get("restored", ())),
        most=event.get("most", state.most),
    )


def _signs_told(knowledge: Knowledge, state: State, event: Event) -> State:
    """What a message in words says of danger: its own signs, an answer to a question, a hand-over put right."""
    safety = {rule: status for rule, status in event["safety"].items() if rule in knowledge.safety or rule == CRISIS}
    signs = dict(state.signs)
    for rule, status in safety.items():
        # neither a "what if" nor a doubt takes anything back
        kept = rule in signs if status == "hypothetical" else status == "uncertain" and rule == state.handover_rule
        if not kept and (rule == CRISIS or knowledge.safety[rule].lane != "scope"):
            signs[rule] = status
    answers = {"affirm": True, "deny": False}
    if state.open == "safety" and state.open_about not in (None, *safety) and event["intent"] in answers:
        return _told_safety(replace(state, signs=signs), state.open_about or "", there=answers[event["intent"]])
    state = replace(state, signs=signs)
    anothers = FOR_OTHER in event.get("remarks", ()) and set(safety.values()) <= {"other_person"}
    if anothers and state.handover_rule and state.crisis is None and state.present():
        return _lifted(knowledge, state, state.handover_rule)
    if state.handover and state.handover_rule and signs.get(state.handover_rule) == "denied":
        state = replace(state, handover=state.crisis, handover_rule=None)
    state = _answered(knowledge, state, event, safety)
    if _is_elsewhere(state, event, safety):
        return _lifted(knowledge, state, state.handover_rule or "")
    return state


def _answered(knowledge: Knowledge, state: State, event: Event, safety: Mapping[str, str]) -> State:
    """What a message in words says of the screen that is open."""
    if ticks := event.get("ticked"):
        return _ticked(knowledge, state, ticks)
    if state.open in FURTHER:  # where these words answer it, the talk goes on to another question
        return replace(state, doubted=state.open)
    if state.open not in ("gate", "fit") or not {"denied"}.issuperset(safety.values()):
        return state
    if event["intent"] == "deny":
        return _screened(knowledge, state, state.open, ())
    if safety:
        return state
    if {SOME, YES}.intersection(event.get("remarks", ())) or event["intent"] == "affirm":
        return replace(state, doubted=state.open)
    return state


def _is_elsewhere(state: State, event: Event, safety: Collection[str]) -> bool:
    """Whether a hand-over of the body is put right: "no, not the chest, my back"."""
    if CORRECT not in event.get("remarks", ()) or safety or not state.handover_rule or state.crisis is not None:
        return False
    return not _felt(event) <= {*state.symptoms, *state.uncovered}


def _felt(event: Event) -> frozenset[str]:
    """Symptoms and areas that a message tells as felt."""
    felt = {id_ for id_, status in event["symptoms"].items() if status == "present"}
    return frozenset(felt.union(event["uncovered"]))


def _ticked(knowledge: Knowledge, state: State, ticks: Mapping[str, Any]) -> State:
    """What an answer in words ticks on the open screen; of a line that it says something of, it is asked."""
    doubts = [rule for rule in ticks[DOUBTFUL] if rule in knowledge.safety]
    denied = [rule for rule in ticks[NOT_THERE] if rule in knowledge.safety]
    signs = {**state.signs, **dict.fromkeys(denied, "denied"), **dict.fromkeys(doubts, "uncertain")}
    state = replace(state, signs=signs, doubted=None if doubts else state.doubted)
    there = [rule for rule in ticks[THERE] if rule in knowledge.safety]
    return _screened(knowledge, state, state.open or "", there, passed=ticks[COMPLETE])


def _newly_told(state: State, event: Event, *, of_a_sign: bool) -> State:
    """With what is felt by this message as the newest; a correction takes back what was the newest before. One
    `of_a_sign` takes no complaint back.
    """
    felt = _felt(event)
    if not felt:
        return state
    if stands(state):
        new = frozenset(id_ for id_ in felt if state.symptoms.get(id_) != "present")
        state = replace(state, added=new or state.added)
    if CORRECT in event.get("remarks", ()):
        gone = state.newest - felt - (state.symptoms.keys() if of_a_sign else set())
        symptoms = {id_: status for id_, status in state.symptoms.items() if id_ not in gone}
        areas = tuple(area for area in state.uncovered if area not in gone)
        state = replace(state, symptoms=symptoms, uncovered=areas)
    return replace(state, newest=felt)


def _minutes(event: Event, wishes: set[str]) -> list[int]:
    """Every time that a message names; talks kept before slots were hold no number."""
    number = event.get("slots", {}).get("minutes")
    return [*(minutes for wish, minutes in _MINUTES.items() if wish in wishes), *([number] if number else [])]


def _told(before: Mapping[str, str], found: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """What is told of the person by now; what a message only imagines or asks about tells nothing, and what somebody
    else feels takes nothing back.
    """
    told = {id_: status for id_, status in found.items() if id_ in known and status != "hypothetical"}
    anothers = {id_ for id_, status in told.items() if status == "other_person" and before.get(id_) == "present"}
    return {**before, **{id_: status for id_, status in told.items() if id_ not in anothers}}


def _areas(before: tuple[str, ...], event: Event) -> tuple[str, ...]:
    """Parts of the body that no article covers: those told now are added, those now denied go."""
    told, fine = event["uncovered"], event.get("fine", ())
    return tuple(dict.fromkeys([*(area for area in before if area not in fine), *told]))


def _equipment(equipment: frozenset[str], wishes: set[str]) -> frozenset[str]:
    """Gear that a message tells of, and postures that it rules out; of both at once the lack counts."""
    for name in EQUIPMENT:
        thing = name.removeprefix("no_")
        rules_out = name != thing
        if f"has_{thing}" in wishes:
            equipment = equipment - {name} if rules_out else equipment | {name}
        if f"no_{thing}" in wishes:
            equipment = equipment | {name} if rules_out else equipment - {name}
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
            unasked = state.equipment.difference(OFFERED)
            return replace(state, equipment=unasked | frozenset(ids).intersection(EQUIPMENT))
        case "clarify":
            return _clarified(knowledge, state, ids)
        case "checkin":
            return _checked_in(knowledge, state, worse="worse" in ids)
        case "next" if NOT_MEANT in ids:
            return _taken_back(knowledge, state)
        case "handover" if RAISING.intersection(ids):
            return _in_crisis(state, "emergency")
        case "handover" if NOT_MEANT in ids:
            return _lifted(knowledge, state, CRISIS if state.crisis else state.handover_rule or CRISIS)
    return state


def _told_safety(state: State, rule: str, *, there: bool) -> State:
    """The answer to a direct question; a crisis hands over at once, and leaves no rule behind."""
    if rule == state.handover_rule and not there:
        state = replace(state, handover=state.crisis, handover_rule=None)
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
    signs, ticked = dict(state.signs), list(dict.fromkeys(ticked))
    if not ticked and not passed:
        return state
    doubted, state = state.doubted, replace(state, doubted=None)
    if not ticked and doubted == question:  # "a few of them", and then "none": asked once more
        return state
    for rule in ticked:
        signs[rule] = "uncertain" if knowledge.safety[rule].weak else "present"
    if passed:
        signs |= dict.fromkeys(
            (rule for rule in screen_rules(knowledge, state, question) if rule not in ticked), "denied"
        )
        return replace(state, signs=signs, passed=state.passed | {question})
    return replace(state, signs=signs)


def _lifted(knowledge: Knowledge, state: State, rule: str) -> State:
    """The hand-over was not meant, or not of the person: its sign is asked about. Where it came before any routine, the
    other lines of the gate were not thought through either.
    """
    state = replace(state, handover=None, handover_rule=None, crisis=None, signs={**state.signs, rule: "uncertain"})
    return state if state.routine_shown else _gate_anew(knowledge, state)


def _checked_in(knowledge: Knowledge, state: State, *, worse: bool) -> State:
    """Signs that were not there before may be there now."""
    return replace(_gate_anew(knowledge, state), checking=True, worse=worse)


def _gate_anew(knowledge: Knowledge, state: State) -> State:
    """With the gate open again, and nothing denied of what it asks."""
    gate = {rule.id for rule in knowledge.safety.values() if rule.gate}
    signs = {id_: status for id_, status in state.signs.items() if status != "denied" or id_ not in gate}
    return replace(state, signs=signs, passed=state.passed - {"gate"})


def _taken_back(knowledge: Knowledge, state: State) -> State:
    """What keeps all but the safe floor back was not meant: each sign of it is asked about, one at a time."""
    held = [rule for rule, level in state.conditions(knowledge).items() if level == "clinician_first"]
    return replace(state, signs={**state.signs, **dict.fromkeys(held, "uncertain")}, worse=False)


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
