"""A real Rasa assistant with our action server, in processes of their own, on loopback."""

import http.client
import json
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.nlu_vs_rasa.sides import rasa_environment
from tests.deployed import Program

TRAINED = "trained"
TRAINING = 600.0
"""Seconds that a training or a check may take; each about a minute with nothing else to do."""
WAKING = 400.0
"""Seconds that Rasa may take to start or to answer; the first takes about 15 with nothing else to do, the second 0.2,
and several for a message of two thousand characters."""


def validation(python: Path, folder: Path, home: Path) -> Program:
    """Rasa's own check of a folder as it is; ends well where it finds no fault."""
    where = ["--data", str(folder), "--domain", str(folder / "domain.yml"), "--config", str(folder / "config.yml")]
    return _rasa(python, home, "data", "validate", "--fail-on-warnings", *where)


def training(python: Path, project: Path, *, only: str | None = None) -> Program:
    """The training of a project, or of its rules only."""
    data = ["--stories" if only == "core" else "--data", "."]
    named = ["--domain", "domain.yml", "--config", "config.yml", "--fixed-model-name", TRAINED]
    return _rasa(python, project, "train", *([only] if only else []), *data, *named)


def _rasa(python: Path, folder: Path, *arguments: str, ready: Callable[[], bool] = lambda: True) -> Program:
    command = [str(python), "-m", "rasa", *arguments]
    environment = {**rasa_environment(folder), "PYTHONWARNINGS": "ignore::DeprecationWarning"}
    return Program(command, folder / f"{arguments[0]}.log", ready, cwd=folder, patience=WAKING, **environment)


def is_trained(project: Path) -> bool:
    """Whether a project has a model."""
    return (project / "models" / f"{TRAINED}.tar.gz").exists()


def actions(home: Path, port: int) -> Program:
    """`supple actions`, its talks in a file in this folder."""
    command = [sys.executable, "-m", "bot", "actions", "--port", str(port), "--country", "GB"]
    store = {"SUPPLE_STORE": f"sqlite:{home / 'talks.db'}"}
    return Program(command, home / f"actions-{port}.log", lambda: answers(port, "/health"), **store)


def rasa(python: Path, project: Path, port: int) -> Program:
    """`rasa run` of a trained project."""
    where = ["-m", f"models/{TRAINED}.tar.gz", "-i", "127.0.0.1", "-p", str(port), "--enable-api"]
    files = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    return _rasa(python, project, "run", *where, *files, ready=lambda: answers(port, "/status"))


def answers(port: int, path: str) -> bool:
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

    def _conversation(self, sender: str, method: str, what: str, data: object = None) -> Any:
        assert urllib.parse.quote(sender) == sender, "Rasa does not take an id in an address out of its quotes"
        status, told = request(self._port, method, f"/conversations/{sender}{what}", data)
        assert status == 200, told
        return told
