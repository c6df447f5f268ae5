"""Whether the service is alive, and whether it can answer."""

from importlib.metadata import version

from flask import Blueprint, Response, jsonify

from bot.sessions import StoreError
from bot.web.talks import house

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """Knowledge is loaded and the store can be reached; how many safety rules wait for a sign-off."""
    knowledge = house().knowledge()
    state = {
        "status": "ok",
        "version": version("supple-bot"),
        "knowledge": knowledge.key,
        "sites": len(house().services),
        "unreviewed": len(knowledge.unreviewed()),
        "accepted_unreviewed": house().settings.accept_unreviewed,
    }
    try:
        house().store.check()
    except StoreError:
        response = jsonify({**state, "status": "no store"})
        response.status_code = 503
        return response
    return jsonify(state)
