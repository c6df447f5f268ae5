"""What a person types is nowhere but in the answer to it: not in the log, not in the store, not in an error."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bot.model.words import LEVELS
from bot.sessions import MemoryStore, SessionStore, StoreError, open_store
from flask import request
from werkzeug.test import TestResponse

from tests.web import SESSION, WEBHOOK, Door, open_door

CANARY = "quuxfrob"
ADDRESS = "203.0.113.99"
TEXTS = {
    "none": ("none", f"my lower back hurts whenever i {CANARY}"),
    "caution": ("caution", f"my hips are tight from {CANARY} and i have osteoporosis"),
    "clinician first": ("clinician_first", f"tight hips {CANARY}, and i'm 20 weeks pregnant"),
    "same day": ("same_day", f"my leg is swollen and hot {CANARY}"),
    "emergency": ("emergency", f"{CANARY} i cant feel when i wipe"),
    "crisis": ("emergency", f"i want to kill myself {CANARY}"),
    "abuse": ("same_day", f"my husband hits me {CANARY}"),
    "doubtful crisis": ("none", f"I don't want to kill myself {CANARY}"),
    "unclear": ("none", CANARY),
    "question": ("none", f"what is the psoas, {CANARY}?"),
    "medicine": ("none", f"how much ibuprofen can I take for my {CANARY} back"),
    "uncovered": ("none", f"my knee hurts when i {CANARY}"),
    "restart": ("none", f"start again. {CANARY}"),
}
TOO_LONG = f"my lower back hurts {CANARY} ".ljust(2500, "x")
OF_CRISIS = {
    "crisis": ("emergency", "I want to kill myself"),
    "past crisis": ("same_day", "I tried to kill myself years ago"),
    "abuse": ("same_day", "my husband hits me"),
}


@dataclass
class Kept:
    """A door, and a way to see every byte of its store."""

    door: Door
    folder: Path

    def store(self) -> bytes:
        kept: SessionStore = self.door.store
        if isinstance(kept, MemoryStore):
            return repr((kept._talks, kept._uses)).encode()
        files = sorted(self.folder.iterdir())
        assert [path.name for path in files] == ["talks.db", "talks.db-shm", "talks.db-wal"]
        return b"".join(path.read_bytes() for path in files)

    def log(self) -> str:
        return self.door.out.getvalue()


@pytest.fixture(scope="module", params=["memory:", "sqlite:"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("store")
    store = open_store(request.param + (str(folder / "talks.db") if request.param == "sqlite:" else ""))
    door = open_door(store=store, session_rate=1000, address_rate=1000)
    door.client.environ_base["REMOTE_ADDR"] = ADDRESS
    yield Kept(door, folder)
    if not isinstance(store, MemoryStore):
        store.close()  # type: ignore[attr-defined]


def check(kept: Kept, *secrets: str, output: str = "") -> None:
    """None of these is in the store, the log, or what the process wrote."""
    for secret in (CANARY, ADDRESS, *secrets):
        assert secret.encode() not in kept.store()
        assert secret not in kept.log()
        assert secret not in output


def written(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> str:
    return "".join(capfd.readouterr()) + caplog.text


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_is_given_back_only_as_what_was_understood(
    kept: Kept, kind: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    level, text = TEXTS[kind]
    door, session = kept.door, kept.door.begin()
    for id_ in ("m1", "m2", "m1"):
        reply = door.send(session, text, id=id_).json

        assert reply["level"] == level
        assert reply["understood"].pop("text") == text
        assert CANARY not in json.dumps(reply)
    for path in ("/api/v1/session", "/api/v1/export"):
        assert CANARY not in door.client.get(path, headers={SESSION: session}).get_data(as_text=True)
    output = written(capfd, caplog)
    check(kept, output=output)
    assert session.partition(".")[2] not in kept.log() + output


@pytest.mark.parametrize("kind", TEXTS)
def test_over_rest_and_on_the_page_a_text_is_not_kept_either(
    kept: Kept, kind: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    text, door = TEXTS[kind][1], kept.door
    sender = f"somebody@{kind.replace(' ', '.')}.example"
    door.client.delete_cookie("supple_talk", path="/talk")
    answers = [
        door.rest(sender, text),
        door.client.post(f"{WEBHOOK}?stream=true", json={"sender": sender, "message": text}),
        door.client.post("/talk", data={"text": text, "id": "m1"}),
        door.client.get("/talk"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200 if kind in OF_CRISIS else 303, 200]
    assert all(CANARY not in answer.get_data(as_text=True) for answer in answers)
    check(kept, sender, output=written(capfd, caplog))


def errors(door: Door, text: str) -> Iterator[tuple[int, TestResponse]]:
    """The text in every place where it is refused, with the status that it gets."""
    client, session = door.client, door.begin()
    raw = {"content_type": "application/json"}
    here, gone = {SESSION: session}, {SESSION: "demo.AAAAAAAAAAAAAAAAAAAAAA"}
    sent = json.dumps({"text": text, "sender": "a", "message": text})
    for path in ("/api/v1/messages", WEBHOOK):
        yield 400, client.post(path, data=sent[:-1], headers=here, **raw)
        yield 400, client.post(path, data=f"{sent}{sent}", headers=here, **raw)
        yield 400, client.post(path, data=f'{{"{text}": NaN}}', headers=here, **raw)
        yield 400, client.post(path, data=json.dumps({"x": [[[[[[[[[text]]]]]]]]]}), headers=here, **raw)
        yield 400, client.post(path, json=[text], headers=here)
        yield 400, client.post(path, json={text: text}, headers=here)
        yield 413, client.post(path, data=sent.ljust(20000, "x"), headers=here, **raw)
        yield 415, client.post(path, data=sent, headers=here, content_type="text/plain")
        yield 415, client.post(path, data={"text": text}, headers=here)
        yield 405, client.put(path, json={"text": text}, headers=here)
        yield 404, client.post(f"{path}/{text}", json={"text": text}, headers=here)
    yield 404, client.post("/api/v1/messages", json={"text": text}, headers=gone)
    yield 404, client.post("/api/v1/messages", json={"text": text})
    yield 404, client.get("/api/v1/session", headers={SESSION: text})
    yield 404, client.get("/api/v1/session", headers={SESSION: f"demo.{text}"})
    yield 403, client.get("/api/v1/session", headers={SESSION: f"{CANARY}.AAAAAAAAAAAAAAAAAAAAAA"})
    yield 403, client.post("/api/v1/sessions", json={"site": text})
    yield 403, client.post("/api/v1/sessions", json={}, headers={"Origin": f"https://{CANARY}.example"})
    yield 400, client.post("/api/v1/sessions", json={"site": [text]})
    yield 400, client.post("/api/v1/messages", json={"text": [text]}, headers=here)
    yield 400, client.post("/api/v1/messages", json={"text": text, "choose": [text]}, headers=here)
    yield 400, client.post("/api/v1/messages", json={"text": text, "id": {text: text}}, headers=here)
    yield 200, client.post("/api/v1/messages", json={"choose": [text[:100]]}, headers=here)
    yield 200, client.post("/api/v1/messages", json={"choose": [CANARY], "question": "gate"}, headers=here)
    yield 200, client.post("/api/v1/messages", json={"text": TOO_LONG, "id": "m1"}, headers=here)
    yield 200, client.post(WEBHOOK, json={"sender": "too long", "message": TOO_LONG})
    yield 200, client.post(WEBHOOK, json={"sender": "a", "message": "tight hips", "metadata": {text: text}})
    yield 200, client.post(f"{WEBHOOK}?{CANARY}={CANARY}", json={"sender": "a", "message": "tight hips"})
    yield 400, client.post(WEBHOOK, json={"sender": [text], "message": text})
    yield 400, client.post(WEBHOOK, json={"message": text})
    yield 400, client.post(WEBHOOK, json={"sender": "a", "message": f"/choose{text}"})
    yield 400, client.post(WEBHOOK, json={"sender": "a", "message": f'/choose{{"{text}": 1}}'})
    yield 403, client.post(WEBHOOK, json={"sender": "a", "message": text, "metadata": {"site": text}})
    yield 404, client.get(f"/{CANARY}?{CANARY}={CANARY}")


def test_no_error_says_what_was_sent(
    kept: Kept, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for _, text in TEXTS.values():
        for status, response in errors(kept.door, text):
            assert (response.status_code, CANARY in response.get_data(as_text=True)) == (status, False)
    check(kept, output=written(capfd, caplog))


def test_a_text_is_not_kept_as_the_name_of_a_question(knowledge: Any) -> None:
    door = open_door()
    door.send(door.begin(), choose=["why"], question=f"my {CANARY} back")
    check(Kept(door, Path()))


class Failing(MemoryStore):
    """A store whose failures hold what it was given."""

    failure: type[Exception] = RuntimeError

    def append(self, *args: Any, **more: Any) -> bool:
        raise self.failure(f"could not keep {request.get_data(as_text=True)} of {args}")


@pytest.mark.parametrize(("failure", "status"), [(RuntimeError, 500), (StoreError, 503), (KeyError, 500)])
def test_a_failure_inside_tells_its_kind_and_place_and_no_word(
    failure: type[Exception], status: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    store = Failing()
    store.failure = failure
    door = open_door(store=store)

    def fails() -> None:
        raise failure(f"{CANARY} in {request.get_json()}") from ValueError(CANARY)

    for _, text in TEXTS.values():
        session = door.begin()
        answers = [door.send(session, text), door.rest("a", text), door.client.post("/talk", data={"text": text})]
        door.app.view_functions["api.where"] = fails
        answers.append(door.client.get("/api/v1/session", json={"text": text}, headers={SESSION: session}))

        assert [answer.status_code for answer in answers] == [status] * 4
        assert all(CANARY not in answer.get_data(as_text=True) for answer in answers)
    check(Kept(door, Path()), output=written(capfd, caplog))
    failures = [line for line in door.lines() if line["event"] == "failure"]
    assert all(line["kind"] == failure.__name__ for line in failures)


@pytest.mark.parametrize("kind", OF_CRISIS)
@pytest.mark.parametrize("door_of", ["api", "rest"])
def test_of_a_crisis_only_that_a_hand_over_is_in_force_is_kept(kept: Kept, kind: str, door_of: str) -> None:
    level, text = OF_CRISIS[kind]
    door = kept.door
    session = door.begin() if door_of == "api" else session_of(door, f"{kind} over rest")
    began = len(kept.log())
    for sent in (text, "my back hurts", "why do you say that"):
        answer = door.send(session, sent) if door_of == "api" else door.rest(f"{kind} over rest", sent)
        assert answer.status_code == 200
    events = door.store.events(session)
    lines = [json.loads(line) for line in kept.log()[began:].splitlines()]

    assert events[0] == {"type": "handover", "level": level}
    assert events[1] == {"type": "asked", "question": "handover", "routine": False}
    assert not any({"rules", "blocks"}.intersection(line) for line in lines)
    assert {line["level"] for line in lines if "level" in line} == {level}
    rules = [rule.id for rule in door.service().knowledge.safety.values() if rule.lane == "crisis"]
    assert rules
    assert not any(rule in json.dumps(events) or rule in json.dumps(lines) for rule in rules)
    assert door.service().state(session).handover == level


def test_of_a_crisis_in_doubt_no_rule_is_kept(kept: Kept) -> None:
    session = kept.door.begin()
    kept.door.send(session, "years ago i was suicidal for a bit, not now")
    events = kept.door.store.events(session)

    assert events[0]["safety"] == {"crisis": "uncertain"}
    assert '"cr_' not in json.dumps(events)


def session_of(door: Door, sender: str) -> str:
    """Begin the talk of a sender, and tell where it is kept."""
    session = f"demo.rest.{hashlib.sha256(sender.encode()).hexdigest()}"
    assert door.rest(sender, "").status_code == 200
    assert door.service().state(session).turns == 0
    return session


def test_neither_log_nor_file_holds_a_rule_of_a_crisis_whatever_follows(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'talks.db'}")
    door = open_door(store=store, session_rate=0)
    for _, text in OF_CRISIS.values():
        session = door.begin()
        door.send(session, text)
        for option in ("struggling", "might_act", "not_meant"):
            door.send(session, choose=[option], question="handover")
        door.send(session, text)
        door.send(session, "start again")
        door.send(session, f"my lower back hurts and {text}")
    kept = Kept(door, tmp_path)
    held = kept.store()
    store.close()  # type: ignore[attr-defined]

    assert b"handover" in held
    assert b"cr_" not in held
    assert "cr_" not in kept.log()


def test_a_crisis_that_was_asked_about_first_is_kept_no_differently() -> None:
    door = open_door()
    session = door.begin()
    door.send(session, "I don't want to kill myself")
    reply = door.send(session, "yes").json

    assert reply["level"] in LEVELS[LEVELS.index("same_day") :]
    assert "cr_" not in json.dumps(door.kept(session))


def test_a_log_line_holds_only_what_is_named_here(kept: Kept) -> None:
    allowed = {"at", "event", "id", "route", "method", "status", "ms", "site", "level", "rules", "blocks"}
    kept.door.send(kept.door.begin(), "tight hips")
    lines = [line for line in kept.door.lines() if line["event"] == "request"]

    assert lines
    assert all(line.keys() <= allowed for line in lines)
    assert {"alive", "ready"}.isdisjoint(str(line["route"]) for line in lines)


def test_a_deleted_talk_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'talks.db'}")
    door = open_door(store=store)
    session = door.begin()
    door.send(session, "my leg is swollen and hot", id="a-message-id-of-mine")
    before = Kept(door, tmp_path).store()
    door.client.delete("/api/v1/session", headers={SESSION: session})
    after = Kept(door, tmp_path).store()
    store.close()  # type: ignore[attr-defined]

    assert b"rf_dvt" in before and b"a-message-id-of-mine" in before
    assert b"rf_dvt" not in after and b"a-message-id-of-mine" not in after


def test_nothing_asks_the_browser_to_keep_or_send_anything(kept: Kept) -> None:
    door = kept.door
    answers = [
        door.client.post("/api/v1/sessions", json={}),
        door.rest("cookies", "tight hips"),
        door.client.get("/readyz"),
        *(response for _, response in errors(door, "tight hips")),
    ]

    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)
