"""Serves the actions as rasa_sdk does, in this one process.

The SDK's own server works as well (`python -m rasa_sdk --actions bot.actions`). This one does without its tracing,
which takes 20 MB, answers trackers that are not as they should be, and sends nothing back of what it was sent.
"""

import contextlib
import json
import logging
import os
import socket
import zlib
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as as_json

from bot.actions.assistant import report

MOST = 32 * 1024 * 1024
"""Bytes of a body, inflated; a conversation of 200 turns takes about one million."""

_EVENTS, _AFTER = b'"events": [', b'], "latest_input_channel": '
"""How Rasa begins the events of a tracker, and goes on after them."""


class PortError(Exception):
    """The port cannot be had."""


def run(host: str, port: int) -> None:
    """Serve until stopped; raises PortError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise PortError(f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}") from None
    logging.getLogger("sanic").setLevel(logging.WARNING)
    application().run(host, port, single_process=True, motd=False, access_log=False)


def application(name: str = "supple-actions") -> Any:
    """The application; rasa_sdk runs the actions."""
    executor = ActionExecutor()
    executor.register_package("bot.actions.actions")
    app: Any = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MOST

    async def health(_: Request) -> HTTPResponse:
        return as_json({"status": "ok"})

    async def actions(_: Request) -> HTTPResponse:
        return as_json([{"name": name} for name in executor.actions])

    async def webhook(request: Request) -> HTTPResponse:
        return await _called(executor, request)

    app.add_route(health, "/health")
    app.add_route(actions, "/actions")
    app.add_route(webhook, "/webhook", methods=["POST"])
    app.error_handler.add(Exception, _failed)
    return app


async def _called(executor: ActionExecutor, request: Request) -> HTTPResponse:
    try:
        call = _call(request)
    except (ValueError, RecursionError, zlib.error):
        return _error("the body is no action call", 422)  # 400 would tell Rasa that the action rejects the turn
    try:
        result = await executor.run(call)
    except ActionNotFoundException:
        return _error("there is no such action", 404, call["next_action"])
    return as_json(result.model_dump() if result else None)


def _call(request: Request) -> dict[str, Any]:
    """The call in a request, its tracker such that the SDK can take it; raises ValueError or zlib.error."""
    raw = request.body
    if request.headers.get("content-encoding") == "deflate":
        raw = zlib.decompressobj().decompress(raw, MOST)
    call = _parsed(raw)
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str | None):
        raise ValueError
    tracker = call["tracker"] if isinstance(call.get("tracker"), dict) else {}
    last = {"event": "user", "input_channel": tracker.get("latest_input_channel")}
    known = {"sender_id": tracker.get("sender_id") or call.get("sender_id"), "events": [last]}
    # No action of ours reads the domain but for one setting, so it may be left out.
    return {**call, "tracker": {**tracker, **known}, "domain": call.get("domain") or {}}


def _parsed(raw: bytes) -> Any:
    """The JSON in a body, where that can be done without the events: they are most of it, and of them only the channel
    counts, which stands beside them too. Inside a text quotes are escaped, so that these keys are found nowhere there;
    where they are found in another place, what is left is no JSON, and the whole is read.
    """
    start, end = raw.find(_EVENTS), raw.rfind(_AFTER)
    if 0 <= start < end:
        with contextlib.suppress(ValueError):
            return json.loads(raw[: start + len(_EVENTS)] + raw[end:])
    return json.loads(raw)


async def _failed(_: Request, failure: Exception) -> HTTPResponse:
    status = failure.status_code if isinstance(failure, SanicException) else 500
    if status == 500:
        report(failure)
    return _error("the request was not answered", status)


def _error(what: str, status: int, action: str = "") -> HTTPResponse:
    return as_json({"error": what, "action_name": action}, status=status)
