"""Whether the service is alive, and whether it can answer."""

import time
from importlib.metadata import version

from flask import Blueprint, Response, jsonify, request

from bot.sessions import StoreError
from bot.sessions.store import KEPT_DAYS
from bot.web.errors import ApiError
from bot.web.metrics import exposition, last_days
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


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts as Prometheus text, for this machine only: what stands in front decides who else may read them."""
    if request.remote_addr not in ("127.0.0.1", "::1"):
        raise ApiError("not_found", "There is nothing here.", 404)
    now = time.time()
    house().counts.hand_over(house().store, now)
    text = exposition(house().store.counted(last_days(now, KEPT_DAYS)))
    return Response(text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
