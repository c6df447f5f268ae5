"""Messages as events: what of a reading is kept, and what can be told from it again."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.dialogue.standing import wished
from bot.dialogue.state import CRISIS, Event, State, counted
from bot.dialogue.ticked import ticked
from bot.knowledge import Knowledge
from bot.model.talk import Finding, Reading, SafetyFinding, Slots, Uncovered
from bot.model.words import LEVELS, hands_over

_KEPT_SLOTS = ("side", "intensity", "worse_with", "better_with", "minutes")
"""Slots that are ids and numbers."""


def event_of(reading: Reading, knowledge: Knowledge, before: State) -> Event:
    """What is kept of a message to a talk in the state `before`: of a crisis or abuse only that a hand-over of that
    level is in force.
    """
    crisis = [
        counted(knowledge, finding.id, finding.status)
        for finding in reading.safety
        if finding.lane == "crisis" and hands_over(counted(knowledge, finding.id, finding.status))
    ]
    if crisis:
        return {"type": "handover", "level": max(crisis, key=LEVELS.index)}
    return {
        "type": "said",
        "intent": reading.intent,
        "symptoms": {finding.id: finding.status for finding in reading.symptoms},
        "contexts": {finding.id: finding.status for finding in reading.contexts},
        "uncovered": [finding.area for finding in reading.unanswered() if finding.status == "present"],
        "fine": [finding.area for finding in reading.unanswered() if finding.status == "denied"],
        "safety": _kept_signs(reading),
        "topics": list(reading.topics),
        "practices": list(reading.practices),
        "wishes": list(reading.preferences),
        "remarks": list(reading.remarks),
        **wished(knowledge, before, reading),
        **({"ticked": said} if (said := ticked(knowledge, before, reading)) else {}),
        "guesses": list(reading.guesses),
        "slots": _kept_slots(reading.slots),
    }


def _kept_slots(slots: Slots) -> dict[str, Any]:
    """Ids and numbers; how long and since what are the person's words."""
    told = slots.to_json()
    return {name: told[name] for name in _KEPT_SLOTS if name in told}


def _slots(kept: Mapping[str, Any]) -> Slots:
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Slots(**told)


def _kept_signs(reading: Reading) -> dict[str, str]:
    """Signs by rule; of crisis and abuse only that there is a doubt, and nothing where they are denied."""
    signs: dict[str, str] = {}
    for finding in reading.safety:
        if finding.lane != "crisis":
            signs[finding.id] = finding.status
        elif finding.status != "denied":
            signs[CRISIS] = "uncertain"
    return signs


def reading_of(event: Event, knowledge: Knowledge) -> Reading | None:
    """As much of a message's reading as its event keeps: ids without words or places; none but for words."""
    if event["type"] != "said":
        return None
    return Reading(
        text="",
        intent=event["intent"],
        symptoms=_findings(event["symptoms"], knowledge.symptoms),
        contexts=_findings(event["contexts"], knowledge.contexts),
        uncovered=tuple(Uncovered(_area(area), area, "present", (0, 0)) for area in event["uncovered"]),
        safety=tuple(
            SafetyFinding(id_, knowledge.safety[id_].level, knowledge.safety[id_].lane, status, None, "phrase")
            for id_, status in event["safety"].items()
            if id_ in knowledge.safety
        ),
        topics=tuple(event["topics"]),
        # talks kept before practices were have none
        practices=tuple(id_ for id_ in event.get("practices", ()) if id_ in knowledge.practices),
        preferences=tuple(event["wishes"]),
        remarks=tuple(event.get("remarks", ())),  # nor those before remarks
        guesses=tuple(event["guesses"]),
        slots=_slots(event.get("slots", {})),  # talks kept before slots were have none
    )


def _findings(found: Mapping[str, Any], known: Collection[str]) -> tuple[Finding, ...]:
    return tuple(Finding(id_, status, 1.0, None, "phrase") for id_, status in found.items() if id_ in known)


def _area(area: str) -> str:
    """A word for an area where the person's own is not kept."""
    return "something else" if area == "other" else area.replace("_", " ")
