"""Our own API, version 1."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.dialogue.acts import level
from bot.model.site import DEMO
from bot.service.rasa import without_words
from bot.web.errors import ApiError
from bot.web.security import body
from bot.web.talks import (
    house,
    message_of,
    new_session,
    receive,
    service_of_session,
    service_of_site,
    tell,
)
from bot.web.widget import public

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.before_request(receive)

HEADER = "X-Supple-Session"


@blueprint.get("/sites/<site>")
def shown(site: str) -> Response:
    """What a site shows of itself: the widget's settings, words and opening."""
    return jsonify(public(service_of_site(site)))


@blueprint.post("/sessions")
def begin() -> Response:
    """Begin a talk: its id and the opening."""
    site = body().get("site", DEMO)
    if not isinstance(site, str):
        raise ApiError("bad_request", '"site" must be the id of a site.', 400)
    service = service_of_site(site)
    session = new_session(site)
    reply = service.open(session)
    response = jsonify({"session": session, **reply.to_json()})
    response.status_code = 201
    return response


@blueprint.post("/messages")
def message() -> Response:
    """Answer a message."""
    data = body()
    session, service = service_of_session(request.headers.get(HEADER))
    sent = message_of(data)
    house().rates.session(session)
    turn = service.turn(session, sent)
    reply = without_words(turn.reply)
    tell(service.site.id, turn, reply)
    return jsonify(reply.to_json())


@blueprint.get("/session")
def where() -> Response:
    """Where a talk stands, by ids."""
    session, service = service_of_session(request.headers.get(HEADER))
    state = service.state(session)
    return jsonify(
        {
            "site": service.site.id,
            "level": level(state, service.knowledge),
            "symptoms": dict(state.symptoms),
            "contexts": dict(state.contexts),
            "open": state.open,
            "passed": sorted(state.passed),
            "handover": state.handover,
            "routine_shown": state.routine_shown,
        }
    )


@blueprint.get("/export")
def export() -> Response:
    """All events that are kept of a talk; its state is made of them."""
    session, service = service_of_session(request.headers.get(HEADER))
    service.state(session)  # raises for a talk that is over
    kept: dict[str, Any] = {"site": service.site.id, "events": service.store.events(session)}
    response = jsonify(kept)
    response.headers["Content-Disposition"] = 'attachment; filename="talk.json"'
    return response


@blueprint.delete("/session")
def forget() -> Response:
    """Forget a talk for good."""
    session, service = service_of_session(request.headers.get(HEADER))
    service.store.forget(session)
    return Response(status=204)
