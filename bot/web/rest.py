"""Rasa's REST channel: what Rasa clients already speak. Unlike Rasa, nothing is ever answered with an empty list."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.model.site import DEMO
from bot.service import Message
from bot.service.rasa import PayloadError, answer, message_of, session_of, told, without_words
from bot.web.errors import ApiError
from bot.web.security import body
from bot.web.talks import house, receive, service_of_site, tell

blueprint = Blueprint("rest", __name__, url_prefix="/webhooks/rest")
blueprint.before_request(receive)

MOST_SENDER = 256
"""Characters of a sender's id."""


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
    session = session_of(service.site.id, "rest", sender)
    house().rates.session(session)
    replies, turn = answer(service, session, _message(text))
    tell(service.site.id, turn, replies[-1])
    blocks = [block for reply in replies for block in without_words(reply).blocks]
    messages = [{"recipient_id": sender, **told(block)} for block in blocks]
    if request.args.get("stream", "").casefold() == "true":
        return Response(_lines(messages), mimetype="text/event-stream")
    return jsonify(messages)


def _site(metadata: Any) -> str:
    site = metadata.get("site", DEMO) if isinstance(metadata, dict) else DEMO
    return site if isinstance(site, str) else DEMO


def _message(text: str) -> Message:
    try:
        return message_of(text)
    except PayloadError:
        raise ApiError("bad_payload", 'A choice looks like /choose{"question": "…", "ids": ["…"]}.', 400) from None


def _lines(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        yield json.dumps(message) + "\n"
