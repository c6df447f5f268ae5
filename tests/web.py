"""The web door as tests use it: the real application, with a clinic and a closed clinic beside the demo site."""

import io
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.content.files import cache_folder
from bot.service import Service
from bot.sessions import MemoryStore, SessionStore
from bot.web import Settings, create_app
from bot.web.logs import Log
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LISTED = ("https://clinic.example", "https://www.clinic.example:8443")
SITES = {
    "clinic.yml": f"name: A clinic\norigins: {json.dumps(LISTED)}\n",
    "closed.yml": "name: A closed clinic\nenabled: false\norigins: [https://closed.example]\n",
}
SESSION = "X-Supple-Session"
WEBHOOK = "/webhooks/rest/webhook"


@dataclass
class Door:
    """An application, what it logs, and where it keeps talks."""

    app: Flask
    store: SessionStore
    out: io.StringIO
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def service(self, site: str = "demo") -> Service:
        return self.app.extensions["supple"].services[site]

    def begin(self, site: str = "demo") -> str:
        response = self.client.post("/api/v1/sessions", json={"site": site})
        assert response.status_code == 201
        return response.json["session"]

    def send(self, session: str, text: str | None = None, **message: Any) -> TestResponse:
        body = message if text is None else {"text": text, **message}
        return self.client.post("/api/v1/messages", json=body, headers={SESSION: session})

    def state(self, session: str) -> Any:
        return self.client.get("/api/v1/session", headers={SESSION: session}).json

    def kept(self, session: str) -> Any:
        return self.client.get("/api/v1/export", headers={SESSION: session}).json["events"]

    def rest(self, sender: str, message: str, **more: Any) -> TestResponse:
        return self.client.post(WEBHOOK, json={"sender": sender, "message": message, **more})

    def last_line(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.out.getvalue().rstrip().rpartition("\n")[2])
        return line

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


def open_door(*, store: SessionStore | None = None, address_rate: int = 0, **settings: Any) -> Door:
    """An application of its own; these settings are laid over those of a British service without an address rate."""
    out, kept = io.StringIO(), store or MemoryStore()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SITES.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        chosen = Settings(cache=str(cache_folder()), country="GB", sites=folder, address_rate=address_rate, **settings)
        return Door(create_app(chosen, store=kept, log=Log(out)), kept, out)
