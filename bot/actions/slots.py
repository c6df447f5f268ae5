"""Slots of a Rasa conversation and the state of our talk, in step both ways."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.dialogue.state import NONE, State
from bot.model.words import Level
from bot.service import Message


def values(state: State, level: Level) -> dict[str, Any]:
    """What the slots hold after a turn at this level."""
    return {
        "supple_level": level,
        "supple_handover": state.handover is not None,
        "supple_question": state.open,
        "supple_symptoms": list(state.present()),
        "supple_contexts": list(state.holding()),
        "supple_minutes": state.minutes,
        "supple_equipment": sorted(state.equipment),
    }


def changes(state: State, slots: Mapping[str, Any]) -> Iterator[Message]:
    """What the assistant has put into slots since our last turn, as answers to our questions.

    A slot without a value says nothing: Rasa empties them all when its session ends. Level and hand-over are ours
    alone, and no slot passes a screen.
    """
    for slot, question, now in (
        ("supple_symptoms", "clarify", set(state.present())),
        ("supple_equipment", "equipment", set(state.equipment)),
    ):
        told = slots.get(slot)
        if isinstance(told, list) and all(isinstance(id_, str) for id_ in told) and set(told) != now:
            yield Message(choose=tuple(told) or (NONE,), question=question)
    minutes = slots.get("supple_minutes")
    if isinstance(minutes, int | float) and 1 <= minutes <= 1440 and int(minutes) != state.minutes:
        yield Message(choose=(str(int(minutes)),), question="minutes")
