"""The least that an action server can do for Rasa: `python -m tests.bench.bare_actions PORT`."""

import sys

from bot.model import rasa
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

EVENTS = {
    rasa.START: [{"event": "session_started"}, {"event": "action", "name": "action_listen"}],
    rasa.SUPPLE: [{"event": "followup", "name": "action_listen"}],
}


async def answer(request: Request) -> HTTPResponse:
    """A text where ours would answer, and the events without which Rasa would not listen again."""
    action = request.json["next_action"]
    said = [{"text": "Plain."}] if action == rasa.SUPPLE else []
    return json({"events": EVENTS.get(action, []), "responses": said})


async def health(_: Request) -> HTTPResponse:
    """There."""
    return json({"status": "ok"})


if __name__ == "__main__":
    app: Sanic = Sanic("bare-actions", configure_logging=False)
    app.add_route(answer, "/webhook", methods=["POST"])
    app.add_route(health, "/health")
    app.run("127.0.0.1", int(sys.argv[1]), single_process=True, motd=False, access_log=False)
