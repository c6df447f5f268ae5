"""Rasa's REST channel: what Rasa clients already speak. Unlike Rasa, nothing is ever answered with an empty list."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.model.site import DEMO
from bot.model.talk import Block, Reply
from bot.service import Message, Service, UnknownSessionError
from bot.web.errors import ApiError
from bot.web.security import body, parsed
from bot.web.talks import house, message_of, receive, service_of_site, tell, without_words

blueprint = Blueprint("rest", __name__, url_prefix="/webhooks/rest")
blueprint.before_request(receive)

MOST_SENDER = 256
"""Characters of a sender's id."""
_CHOOSE = "/choose"
_INTENT = re.compile(r"/(?!choose)[a-z_]+(\{.*\})?", re.DOTALL)
_INTENTS = {"/restart": "start again", "/goodbye": "bye", "/thanks": "thanks"}
"""What Rasa clients send by themselves, as words; any other, such as `/start`, is a greeting."""


@blueprint.get("/")
def status() -> Response:
    """What Rasa answers here."""
    return jsonify({"status": "ok"})


@blueprint.post("/webhook")
def webhook() -> Response:
    """Answer a message of a sender."""
    data = body()
    sender, text = data.get("sender"), data.get("message")
    if not isinstance(sender, str) or not sender or len(sender) > MOST_SENDER:
        raise ApiError("no_sender", 'The request needs "sender": the id of the person\'s conversation.', 400)
    if not isinstance(text, str):
        raise ApiError("no_message", 'The request needs "message": a text.', 400)
    service = service_of_site(_site(data.get("metadata")))
    session = _session(service.site.id, sender)
    house().rates.session(session)
    replies, turn = _answer(service, session, _message(text))
    tell(service.site.id, turn, replies[-1])
    messages = [message for reply in replies for message in _messages(sender, without_words(reply))]
    if request.args.get("stream", "").casefold() == "true":
        return Response(_lines(messages), mimetype="text/event-stream")
    return jsonify(messages)


def _site(metadata: Any) -> str:
    site = metadata.get("site", DEMO) if isinstance(metadata, dict) else DEMO
    return site if isinstance(site, str) else DEMO


def _session(site: str, sender: str) -> str:
    """Senders choose their ids, so these talks are kept under ids that the API never accepts."""
    return f"{site}.rest.{hashlib.sha256(sender.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _answer(service: Service, session: str, message: Message) -> tuple[list[Reply], Any]:
    """The replies to a message; the opening comes before the answer to a sender's first."""
    try:
        turn = service.turn(session, message)
        return [turn.reply], turn
    except UnknownSessionError:
        opening = service.open(session)
        turn = service.turn(session, message)
        return [opening, turn.reply], turn


def _message(text: str) -> Message:
    """A text, or what a button sent: `/choose{"question": …, "ids": […]}`."""
    if _INTENT.fullmatch(text):
        return Message(text=_INTENTS.get(text.partition("{")[0], "hello"))
    if not text.startswith(_CHOOSE):
        return Message(text=text)
    try:
        payload = parsed(text.removeprefix(_CHOOSE).encode())
        return message_of({"choose": payload["ids"], "question": payload.get("question")}, complete=False)
    except (ValueError, KeyError, ApiError):
        raise ApiError("bad_payload", 'A choice looks like /choose{"question": "…", "ids": ["…"]}.', 400) from None


def _messages(sender: str, reply: Reply) -> Iterator[dict[str, Any]]:
    for block in reply.blocks:
        message: dict[str, Any] = {"recipient_id": sender}
        if block.text:
            message["text"] = block.text
        if block.type == "choices":
            message["buttons"] = [_button(block, option) for option in block.data["options"]]
        if block.type not in ("text", "disclaimer"):
            message["custom"] = {"block": block.to_json()}
        yield message


def _button(block: Block, option: dict[str, str]) -> dict[str, str]:
    payload = json.dumps({"question": block.data["question"], "ids": [option["id"]]})
    return {"title": option["label"], "payload": f"{_CHOOSE}{payload}"}


def _lines(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        yield json.dumps(message) + "\n"
