"""The least that a Flask endpoint can do on the service's server: `python -m tests.bench.bare PORT`."""

import sys

from flask import Flask, Response, jsonify, request
from granian import Granian
from granian.constants import Interfaces

app = Flask("bare")


@app.post("/webhooks/rest/webhook")
def echo() -> Response:
    """Parse JSON, answer JSON."""
    return jsonify([{"recipient_id": request.get_json()["sender"], "text": "ok"}])


@app.get("/readyz")
def ready() -> Response:
    """There."""
    return jsonify({"status": "ok"})


if __name__ == "__main__":
    Granian(
        "tests.bench.bare:app",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        log_enabled=False,
    ).serve()
