"""What Rasa's clients send and are sent: the same talk in their shape, for the doors that speak it."""

import hashlib
import json
import re
from typing import Any

from bot.model.rasa import CHOOSE
from bot.model.talk import Block, Reply
from bot.service.message import Message, Turn
from bot.service.service import Service, UnknownSessionError

DEPTH = 8
"""Nested lists and objects in a payload."""
MOST_IDS = 40
"""Options that one message may choose."""
MOST_ID = 100
"""Characters of an id."""
DOORS = ("rest", "rasa")
"""Doors whose clients choose the id of a talk."""

_CHOOSE = f"/{CHOOSE}"
_INTENT = re.compile(rf"(/(?!{CHOOSE})|EXTERNAL: )[a-z_]+(\{{.*\}})?", re.DOTALL)
_INTENTS = {"/restart": "start again", "/goodbye": "bye", "/thanks": "thanks"}
"""What Rasa clients send by themselves, as words; any other, such as `/start`, is a greeting."""


class PayloadError(ValueError):
    """What a button sent is no choice."""


def message_of(text: str, *, id_: str | None = None) -> Message:
    """A text, or what a button sent: `/choose{"question": …, "ids": […]}`; raises PayloadError."""
    if _INTENT.fullmatch(text):
        return Message(text=_INTENTS.get(text.partition("{")[0], "hello"), id=id_)
    if not text.startswith(_CHOOSE):
        return Message(text=text, id=id_)
    ids, question = _chosen(text.removeprefix(_CHOOSE))
    return Message(choose=ids, question=question, complete=False, id=id_)


def _chosen(raw: str) -> tuple[tuple[str, ...], str | None]:
    if raw.count("[") + raw.count("{") > DEPTH:
        raise PayloadError
    try:
        payload = json.loads(raw)
    except ValueError:
        raise PayloadError from None
    ids, question = (payload.get("ids"), payload.get("question")) if isinstance(payload, dict) else (None, None)
    if not isinstance(ids, list) or len(ids) > MOST_IDS or not all(map(is_id, ids)):
        raise PayloadError
    if question is not None and not is_id(question):
        raise PayloadError
    return tuple(ids), question


def is_id(value: Any) -> bool:
    """Whether a value that a client sent may be an id."""
    return isinstance(value, str) and len(value) <= MOST_ID and value.isprintable()


def session_of(site: str, door: str, sender: str) -> str:
    """Senders choose their ids, so their talks with a site are kept under ids that the API never accepts."""
    return f"{site}.{door}.{hashlib.sha256(sender.encode('utf-8', 'surrogatepass')).hexdigest()}"


def answer(service: Service, session: str, message: Message) -> tuple[list[Reply], Turn]:
    """The replies to a message; the opening comes before the answer to a sender's first."""
    try:
        turn = service.turn(session, message)
        return [turn.reply], turn
    except UnknownSessionError:
        opening = service.open(session, anew=False)  # another first message may have begun it by now
        turn = service.turn(session, message)
        return [opening, turn.reply], turn


def told(block: Block) -> dict[str, Any]:
    """A block as a message of Rasa's: text, buttons, and under custom the block itself."""
    message: dict[str, Any] = {}
    if block.text:
        message["text"] = block.text
    if block.type == "choices":
        message["buttons"] = [_button(block, option) for option in block.data["options"]]
    if block.type not in ("text", "disclaimer"):
        message["custom"] = {"block": block.to_json()}
    return message


def _button(block: Block, option: dict[str, str]) -> dict[str, str]:
    payload = json.dumps({"question": block.data["question"], "ids": [option["id"]]})
    return {"title": option["label"], "payload": f"{_CHOOSE}{payload}"}


def without_words(reply: Reply) -> Reply:
    """The reply as it goes over the wire: the note's words are filled in by the client from what it shows."""
    blocks = tuple(
        Block(block.type, block.text if block.data.get("words") is None else "", {**block.data, "words": None})
        if block.type == "note"
        else block
        for block in reply.blocks
    )
    return Reply(reply.level, reply.understood, blocks)
