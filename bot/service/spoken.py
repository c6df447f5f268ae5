"""What a person said in a talk, for the note that they can copy. Held by the door, for as long as the talk is open."""

from dataclasses import replace

from bot.model.talk import Reply
from bot.service.message import Message, Turn
from bot.service.service import Service

_SCREENS = ("gate", "fit", "clarify")
"""Questions whose ticked lines are as good as words."""


class Spoken:
    """A talk whose notes hold all that the person said in it, in order; the service keeps none of it."""

    def __init__(self, service: Service, session: str) -> None:
        self._service, self._session = service, session
        self._words: list[str] = []
        self.reply = service.open(session)
        """The last reply."""

    def turn(self, message: Message) -> Turn:
        """Answer one message, and tell every step."""
        asked, turn = self.reply, self._service.turn(self._session, message)
        if turn.event["type"] == "restart":
            self._words.clear()
        elif turn.changed:
            self._words += _said(message, asked)
        note = self._service.note("\n".join(self._words))
        blocks = tuple(note if block.type == "note" else block for block in turn.reply.blocks)
        self.reply = replace(turn.reply, blocks=blocks)
        return replace(turn, reply=self.reply)


def _said(message: Message, asked: Reply) -> list[str]:
    """A text as it was typed; of choices the lines ticked, and a danger sign that was asked about and is there."""
    if message.text is not None:
        return [message.text.strip()]
    said = []
    for block in asked.blocks:
        question = block.data.get("question")
        if block.type != "choices" or (message.question or question) != question:
            continue
        ticked = [o["label"] for o in block.data["options"] if o["id"] in (message.choose or ()) and o["id"] != "none"]
        if question in _SCREENS:
            said += ticked
        elif question == "safety" and ticked:
            said.append(f"{block.text} {ticked[0]}")
    return said
