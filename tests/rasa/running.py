"""A real Rasa assistant with our action server, in processes of their own, on loopback."""

import http.client
import json
import sys
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.nlu_vs_rasa.sides import rasa_environment
from tests.deployed import Program
from tests.rasa.processes import run

CREDENTIALS = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
TRAINED = "trained"
WAKING = 180.0
"""Seconds that Rasa may take to start or to answer; the first takes about 15 with nothing else to do, the second 0.2,
and several for a message of two thousand characters."""


def validate(python: Path, folder: Path, home: Path) -> str:
    """Rasa's own check of a folder as it is; what it said. Raises ProgramError where it finds faults."""
    log = home / "validate.log"
    where = ["--data", str(folder), "--domain", str(folder / "domain.yml"), "--config", str(folder / "config.yml")]
    command = [str(python), "-m", "rasa", "data", "validate", "--fail-on-warnings", *where]
    run(command, log, what="rasa data validate", minutes=12, env=rasa_environment(home), cwd=home)
    return log.read_text("utf-8", "replace")


def train(python: Path, project: Path, *, only: str | None = None) -> str:
    """Train a project, or its rules only; what Rasa said. Raises ProgramError."""
    log = project / "train.log"
    data = ["--stories" if only == "core" else "--data", "."]
    command = [str(python), "-m", "rasa", "train", *([only] if only else []), *data, "--domain", "domain.yml"]
    named = ["--config", "config.yml", "--fixed-model-name", TRAINED]
    run([*command, *named], log, what="rasa train", minutes=12, env=rasa_environment(project), cwd=project)
    return log.read_text("utf-8", "replace")


def actions(home: Path, port: int) -> Program:
    """`supple actions`, its talks in a file in this folder."""
    command = [sys.executable, "-m", "bot", "actions", "--port", str(port), "--country", "GB"]
    store = {"SUPPLE_STORE": f"sqlite:{home / 'talks.db'}"}
    return Program(command, home / f"actions-{port}.log", lambda: _answers(port, "/health"), **store)


def rasa(python: Path, project: Path, port: int) -> Program:
    """`rasa run` of a trained project."""
    command = [str(python), "-m", "rasa", "run", "-m", f"models/{TRAINED}.tar.gz", "-i", "127.0.0.1", "-p", str(port)]
    environment = {**rasa_environment(project), "PYTHONWARNINGS": "ignore"}
    log = project / "server.log"
    ready = lambda: _answers(port, "/status")  # noqa: E731
    return Program([*command, "--enable-api", *CREDENTIALS], log, ready, cwd=project, patience=WAKING, **environment)


def _answers(port: int, path: str) -> bool:
    try:
        return request(port, "GET", path)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def request(port: int, method: str, path: str, data: object = None) -> tuple[int, Any]:
    """Status and parsed body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAKING)
    try:
        connection.request(method, path, json.dumps(data), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"null")
    finally:
        connection.close()


class Rasa:
    """A client of a running Rasa."""

    def __init__(self, port: int) -> None:
        self._port = port

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        """Send a message to the REST channel."""
        data = {"sender": sender, "message": message}
        status, messages = request(self._port, "POST", "/webhooks/rest/webhook", data)
        assert status == 200, messages
        assert {told.pop("recipient_id") for told in messages} <= {sender}
        return messages

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots of a conversation."""
        return self._conversation(sender, "GET", "/tracker")["slots"]

    def set_slot(self, sender: str, name: str, value: object) -> None:
        """Set a slot, as a form or an action of the assistant would."""
        self._conversation(sender, "POST", "/tracker/events", {"event": "slot", "name": name, "value": value})

    def intent(self, text: str) -> str:
        """What Rasa's NLU takes a text for."""
        status, parsed = request(self._port, "POST", "/model/parse", {"text": text})
        assert status == 200, parsed
        return str(parsed["intent"]["name"])

    def _conversation(self, sender: str, method: str, what: str, data: Mapping[str, object] | None = None) -> Any:
        status, told = request(self._port, method, f"/conversations/{urllib.parse.quote(sender, safe='')}{what}", data)
        assert status == 200, told
        return told
