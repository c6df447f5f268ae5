"""One message answered at once, with the answers to the screens given beside it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.questions import SCREENS
from bot.model.talk import Reply
from bot.service.message import Message, Turn
from bot.service.service import Service
from bot.service.spoken import Spoken

SESSION = "once"


def answer(
    service: Service,
    text: str,
    *,
    gate: Sequence[str] | None = None,
    minutes: int | None = None,
    equipment: Sequence[str] = (),
) -> tuple[list[Turn], Reply]:
    """Every turn that the message and the given answers make, and the last reply with the message's reading.

    Without `gate` the talk stops at the gate. `gate` answers it and the fit question: the rules named are there, the
    others are not.
    """
    talk = Spoken(service, SESSION)
    turns = [talk.turn(Message(text=text))]
    reading = turns[0].reading
    if turns[0].state.handover is None and turns[0].state.open != "safety":
        if minutes is not None:
            turns.append(talk.turn(Message(choose=(str(minutes),), question="minutes")))
        if equipment:
            turns.append(talk.turn(Message(choose=tuple(equipment), question="equipment")))
    for screen in SCREENS if gate is not None else ():
        if turns[-1].state.open != screen:
            continue
        asked = {
            option["id"]
            for block in turns[-1].reply.blocks
            if block.data.get("question") == screen
            for option in block.data["options"]
        }
        ticked = tuple(rule for rule in gate or () if rule in asked and rule != "none") or ("none",)
        turns.append(talk.turn(Message(choose=ticked, question=screen)))
        while turns[-1].state.open == "safety" and (about := turns[-1].state.open_about) in ticked:
            turns.append(talk.turn(Message(choose=(about,), question="safety")))  # a weak sign is asked about
    return turns, replace(turns[-1].reply, understood=reading)
