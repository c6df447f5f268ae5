"""Records what Rasa sends to its action server, for the tests that do without it: `python -m tests.rasa.record`."""

import http.client
import json
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.bench.serving import free_port
from tests.rasa import running
from tests.rasa.environment import rasa_python
from tests.rasa.project import write_project

FOLDER = Path(__file__).with_name("recorded")
TALK = {
    "first words": "my lower back hurts after sitting all day",
    "a tap": '/choose{"question": "gate", "ids": ["none"]}',
    "danger": "i cant feel when i wipe",
    "back": "/back",
    "restart": "/restart",
}
"""What is said, by what it is."""
RANKING = 3
"""Intents of a ranking that stay in a recording."""


def main() -> None:
    """Train a small assistant, talk to it, and write the requests that came of it."""
    python = rasa_python()
    with tempfile.TemporaryDirectory(prefix="record-rasa-") as home:
        port = free_port()
        project = write_project(Path(home) / "p", actions=f"http://127.0.0.1:{port}", examples=400, epochs=4)
        running.training(python, project).launch().finish(running.TRAINING)
        record(python, project, port, Path(home))


def record(python: Path, project: Path, port: int, home: Path) -> None:
    """Talk to a trained project whose actions are expected at this port."""
    actions_port, rasa_port = free_port(), free_port()
    actions, rasa = running.actions(home, actions_port), running.rasa(python, project, rasa_port)
    calls: list[dict[str, Any]] = []
    forwarder = ThreadingHTTPServer(("127.0.0.1", port), _forwarding(actions_port, calls))
    threading.Thread(target=forwarder.serve_forever, daemon=True).start()
    try:
        actions.start()
        rasa.start()
        client = running.Rasa(rasa_port)
        FOLDER.mkdir(exist_ok=True)
        for name, text in TALK.items():
            calls.clear()
            client.say("recorded", text)
            for call in calls:
                file = FOLDER / f"{name} {call['next_action']}.json".replace(" ", "_")
                file.write_text(json.dumps(trimmed(call), indent=1, ensure_ascii=False) + "\n", "utf-8")
    finally:
        rasa.end()
        actions.end()
        forwarder.shutdown()


def trimmed(value: Any) -> Any:
    """A call without the long tail of its rankings; all else is as Rasa sent it."""
    if isinstance(value, dict):
        return {
            key: part[:RANKING] if key == "intent_ranking" else trimmed(part)
            for key, part in value.items()
            if key != "text_tokens"
        }
    return [trimmed(part) for part in value] if isinstance(value, list) else value


def _forwarding(port: int, calls: list[dict[str, Any]]) -> type[BaseHTTPRequestHandler]:
    class Forwarder(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append(json.loads(body))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", self.path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            connection.close()
            self.send_response(response.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    return Forwarder


if __name__ == "__main__":
    main()
