"""The Rasa door without Rasa: each action through rasa_sdk's executor, and the server over HTTP."""

import asyncio
import http.client
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from bot.actions import actions, server, start
from bot.actions.assistant import LAST_RESORT, Assistant
from bot.content import strict_yaml
from bot.model import rasa
from bot.service import Service
from bot.service.rasa import session_of
from bot.sessions import MemoryStore, StoreError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

from tests.bench.serving import free_port
from tests.conftest import ROOT
from tests.deployed import Program
from tests.rasa import running
from tests.test_rest import payload

RECORDED = sorted((ROOT / "tests" / "rasa" / "recorded").glob("*.json"))
BACK = "my lower back hurts after sitting all day"
WIPE = "i cant feel when i wipe and my back hurts"
DOUBT = "my back aches, well maybe a bit of fever"
LISTEN = {"event": "followup", "timestamp": None, "name": "action_listen"}
_ids = itertools.count()


class Conversation:
    """What Rasa does around an action: it sends its tracker, and puts into it what comes back."""

    def __init__(self, sender: str, channel: str = "rest") -> None:
        self.sender, self.channel = sender, channel
        self.executor = ActionExecutor()
        self.executor.register_package("bot.actions.actions")
        self.events: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = dict.fromkeys(rasa.SLOTS)
        self.domain: dict[str, Any] = {"session_config": {"carry_over_slots_to_new_session": False}}
        self.latest: Any = {}

    def hear(self, text: Any) -> None:
        self.latest = {"text": text, "message_id": f"m{next(_ids)}", "intent": {"name": "greet", "confidence": 0.99}}
        self.events.append({"event": "user", "text": text, "input_channel": self.channel, "parse_data": self.latest})

    def run(self, action: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Events and messages of an action."""
        call = {"next_action": action, "sender_id": self.sender, "tracker": self.tracker(), "domain": self.domain}
        result = asyncio.run(self.executor.run({**call, "version": "3.6.21"}))
        assert result is not None
        for event in result.events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.events += result.events
        return result.events, result.responses

    def say(self, text: Any, action: str = rasa.SUPPLE) -> list[dict[str, Any]]:
        self.hear(text)
        return self.run(action)[1]

    def tracker(self) -> dict[str, Any]:
        return {
            "sender_id": self.sender,
            "slots": dict(self.slots),
            "latest_message": self.latest,
            "events": self.events,
        }


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"] for message in messages if message["text"]]


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [message["custom"]["block"]["type"] for message in messages if message["custom"]]


@pytest.fixture(autouse=True)
def assistant(service: Service, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    ours = Assistant(service.over(MemoryStore()))
    monkeypatch.setattr(actions, "assistant", lambda: ours)
    return ours


def test_the_executor_knows_exactly_the_actions_of_the_domain() -> None:
    assert set(Conversation("names").executor.actions) == set(rasa.ACTIONS)


def test_the_first_message_gets_the_opening_and_the_second_does_not(service: Service) -> None:
    talk = Conversation("first")
    opening = [block.text for block in service.opening().blocks]

    assert texts(talk.say(BACK))[:2] == [*opening, "I heard: low back pain, long sitting."]
    assert texts(talk.say("none"))[0].startswith("This much fits already:")


def test_the_answer_has_text_buttons_and_blocks_and_rasa_listens_after_it() -> None:
    talk = Conversation("shape")
    talk.hear(BACK)
    events, messages = talk.run(rasa.SUPPLE)
    gate = messages[-1]

    assert events[-1] == LISTEN
    assert gate["text"] == "First, is any of this there?"
    assert gate["buttons"][-1] == {"title": "None of these", "payload": payload("gate", "none")}
    assert gate["custom"]["block"]["question"] == "gate"


def test_a_tap_is_taken_as_the_choice_that_it_is() -> None:
    talk = Conversation("tap")
    talk.say(BACK)

    assert "routine" in kinds(talk.say(payload("gate", "none")))
    assert "care_card" in kinds(talk.say(payload("fit", "rf_nothing")) + talk.say(WIPE))


def test_what_rasa_s_nlu_makes_of_a_message_is_not_asked() -> None:
    """Each message of these conversations comes with the intent `greet`."""
    assert "care_card" in kinds(Conversation("nlu").say(WIPE))


def test_the_session_start_opens_and_the_first_message_after_it_has_no_opening(service: Service) -> None:
    talk = Conversation("opened")
    events, messages = talk.run(rasa.START)

    assert texts(messages) == [block.text for block in service.opening().blocks]
    assert events[0]["event"] == "session_started"
    assert (events[-1]["event"], events[-1]["name"]) == ("action", "action_listen")
    assert texts(talk.say(BACK))[0] == "I heard: low back pain, long sitting."


def test_a_session_that_starts_while_the_talk_goes_on_lifts_nothing_and_brings_the_slots_back() -> None:
    talk = Conversation("goes on")
    talk.say(WIPE)
    talk.slots = dict.fromkeys(rasa.SLOTS)
    _, silent = talk.run(rasa.START)
    assert (silent, talk.slots["supple_handover"], talk.slots["supple_level"]) == ([], True, "emergency")

    talk.hear("/session_start")
    _, told = talk.run(rasa.START)
    assert "care_card" in kinds(told)


@pytest.mark.parametrize(("carry", "carried"), [(True, ["rf_name"]), (False, [])])
def test_slots_of_others_are_carried_over_where_the_domain_says_so(carry: bool, carried: list[str]) -> None:
    talk = Conversation(f"carried {carry}")
    talk.domain["session_config"]["carry_over_slots_to_new_session"] = carry
    talk.slots |= {"rf_name": "Ada", "empty": None, "supple_minutes": 10}
    events, _ = talk.run(rasa.START)

    names = [event["name"] for event in events if event["event"] == "slot"]
    assert [name for name in names if name not in rasa.SLOTS] == carried
    assert "supple_minutes" not in names


@pytest.mark.parametrize("text", [BACK, "hello", "what is the psoas", "", payload("gate", "none"), "no chest pain"])
def test_the_safety_action_is_silent_where_there_is_no_danger_and_keeps_nothing(
    assistant: Assistant, text: str
) -> None:
    talk = Conversation(f"silent {text}")
    talk.hear(text)

    assert talk.run(rasa.SAFETY) == ([], [])
    assert assistant.service.store.events(session_of(assistant.service.site.id, "rasa", talk.sender)) == []


def test_the_safety_action_hands_over_and_lets_nothing_else_speak() -> None:
    talk = Conversation("safety")
    talk.hear(WIPE)
    events, messages = talk.run(rasa.SAFETY)

    assert kinds(messages) == ["care_card", "note", "choices"]
    assert events[-1] == LISTEN
    assert (talk.slots["supple_level"], talk.slots["supple_handover"]) == ("emergency", True)


def test_the_safety_action_stands_by_a_hand_over_until_it_is_taken_back() -> None:
    talk = Conversation("stands")
    talk.say(WIPE)
    for text in ("how do I do the stretch?", "none", "", "/back"):
        assert talk.say(text, rasa.SAFETY), text
    assert talk.slots["supple_handover"] is True

    assert talk.say("start again", rasa.SAFETY) == []
    talk.say("start again")
    assert (talk.slots["supple_level"], talk.slots["supple_handover"]) == ("none", False)


def test_the_safety_action_asks_about_a_doubtful_sign_and_takes_the_answer() -> None:
    talk = Conversation("doubt")
    asked = talk.say(DOUBT, rasa.SAFETY)

    assert asked[-1]["custom"]["block"]["question"] == "safety"
    assert "care_card" in kinds(talk.say("yes", rasa.SAFETY))


def test_an_action_that_is_run_twice_for_one_message_changes_nothing_the_second_time(assistant: Assistant) -> None:
    talk = Conversation("twice")
    talk.say("hello")
    talk.hear(BACK)
    session = session_of(assistant.service.site.id, "rasa", "twice")
    first, kept = talk.run(rasa.SUPPLE)[1], assistant.service.state(session)

    assert talk.run(rasa.SUPPLE)[1] == first
    assert assistant.service.state(session) == kept


@pytest.mark.parametrize("action", [rasa.RESTART, rasa.BACK])
def test_rasa_s_own_actions_do_not_get_past_the_screen(action: str) -> None:
    talk = Conversation(f"past {action}")

    assert "care_card" in kinds(talk.say(WIPE, action))
    assert "I'm a program" in texts(talk.say("/restart", action))[0]


def test_the_slots_tell_where_the_talk_stands() -> None:
    talk = Conversation("slots")
    talk.say("my hips are tight from sitting and I have ten minutes")

    assert talk.slots == {
        "supple_level": "none",
        "supple_handover": False,
        "supple_question": "gate",
        "supple_symptoms": ["tight_hips"],
        "supple_contexts": ["prolonged_sitting"],
        "supple_minutes": 10,
        "supple_equipment": [],
    }


def test_only_slots_that_changed_are_set() -> None:
    talk = Conversation("changed")
    talk.say(BACK)
    talk.hear("none of these")
    events, _ = talk.run(rasa.SUPPLE)

    assert [event["name"] for event in events] == ["supple_question", "action_listen"]


def test_what_the_assistant_puts_into_slots_counts_as_said() -> None:
    talk = Conversation("put")
    for text in (BACK, "none", "none"):
        talk.say(text)
    talk.slots |= {"supple_symptoms": ["tight_hips"], "supple_minutes": 5.0, "supple_equipment": ["no_floor"]}
    answer = " ".join(texts(talk.say("why?")))

    assert "tight hips" in answer
    assert "low back pain" not in answer
    assert (talk.slots["supple_symptoms"], talk.slots["supple_minutes"]) == (["tight_hips"], 5)
    assert talk.slots["supple_equipment"] == ["no_floor"]


def test_slots_of_a_talk_that_was_forgotten_bring_nothing_back(assistant: Assistant) -> None:
    talk = Conversation("forgotten since")
    talk.say("my hips are tight")
    assert assistant.service.store.forget(session_of(assistant.service.site.id, "rasa", talk.sender))
    talk.say("my jaw is tight")

    assert talk.slots["supple_symptoms"] == ["jaw_tension"]


def test_what_an_assistant_fills_in_before_the_first_message_counts() -> None:
    talk = Conversation("filled in before")
    talk.slots["supple_minutes"] = 5.0
    talk.say("my hips are tight")

    assert talk.slots["supple_minutes"] == 5


def test_emptied_slots_say_nothing_and_are_filled_again() -> None:
    talk = Conversation("emptied")
    talk.say("my hips are tight")
    talk.slots = dict.fromkeys(rasa.SLOTS)
    talk.say("none")

    assert talk.slots["supple_symptoms"] == ["tight_hips"]


@pytest.mark.parametrize(
    "slots",
    [
        {"supple_symptoms": ["flu"]}, {"supple_symptoms": "tight_hips"}, {"supple_symptoms": [5]},
        {"supple_minutes": "soon"}, {"supple_minutes": -5}, {"supple_minutes": float("nan")}, {"supple_minutes": 1e300},
        {"supple_equipment": ["barbell"]}, {"supple_equipment": [None]}, {"supple_minutes": [5]},
    ],
)  # fmt: skip
def test_slots_that_make_no_sense_are_put_right(slots: dict[str, Any]) -> None:
    talk = Conversation(f"nonsense {slots}")
    talk.say(BACK)
    right = dict(talk.slots)
    talk.slots |= slots
    talk.say("why?")

    assert {name: talk.slots[name] for name in slots} == {name: right[name] for name in slots}


def test_no_slot_lifts_a_hand_over_or_passes_a_screen() -> None:
    talk = Conversation("lift")
    talk.say(WIPE)
    talk.slots |= {"supple_handover": False, "supple_level": "none", "supple_question": None, "supple_symptoms": []}

    assert "routine" not in kinds(talk.say("how do I stretch?"))
    assert (talk.slots["supple_handover"], talk.slots["supple_level"]) == (True, "emergency")


@pytest.mark.parametrize(
    ("channel", "custom"), [("rest", {"block"}), ("callback", {"block"}), ("socketio", {"data"}), ("telegram", set())]
)
def test_each_channel_gets_blocks_only_in_a_form_that_it_hands_on(channel: str, custom: set[str]) -> None:
    talk = Conversation(f"channel {channel}", channel)
    talk.say(BACK)
    messages = talk.say("none")

    assert {key for message in messages for key in message["custom"]} == custom
    assert all(message["text"] or message["custom"] for message in messages)


class Failing(MemoryStore):
    """A store that cannot be reached."""

    def read(self, *_: Any, **__: Any) -> Any:
        raise StoreError("gone")

    begin = append = read


@pytest.fixture
def failing(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    over = service.over(Failing())
    monkeypatch.setattr(actions, "assistant", lambda: Assistant(over))
    return over


@pytest.mark.parametrize("action", rasa.ACTIONS)
def test_without_a_store_there_is_a_kind_sentence_with_help_lines(failing: Service, action: str) -> None:
    messages = Conversation(f"no store {action}").say(BACK, action)

    assert texts(messages) == [failing.trouble()]
    assert "999" in failing.trouble()


@pytest.mark.parametrize("action", [rasa.SAFETY, rasa.SUPPLE, rasa.RESTART, rasa.BACK])
def test_without_a_store_danger_is_handed_over_all_the_same(failing: Service, action: str) -> None:
    talk = Conversation(f"danger without a store {action}")

    assert kinds(talk.say(WIPE, action)) == ["care_card", "note", "choices"]
    assert talk.slots["supple_handover"] is True


def test_a_crash_is_answered_and_told_to_the_log_without_a_word_of_the_person(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = service.over(MemoryStore())

    def crash(*_: Any) -> Any:
        raise RuntimeError(f"cannot read {BACK}")

    monkeypatch.setattr(broken, "_turn", crash)
    monkeypatch.setattr(actions, "assistant", lambda: Assistant(broken))

    assert texts(Conversation("crash").say(BACK)) == [service.trouble()]
    assert [record.getMessage().partition(" at ")[0] for record in caplog.records] == ["RuntimeError"]
    assert "lower back" not in caplog.text


def test_where_not_even_the_content_loads_there_is_a_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Assistant:
        raise OSError("no content")

    monkeypatch.setattr(actions, "assistant", missing)

    for action in rasa.ACTIONS:
        assert texts(Conversation(f"last {action}").say(BACK, action)) == [LAST_RESORT]


@pytest.mark.parametrize(
    "tracker",
    [
        {}, {"latest_message": None}, {"latest_message": []}, {"latest_message": {"text": None}}, {"slots": None},
        {"latest_message": {"text": 5, "message_id": 7}}, {"latest_message": {"text": "hi", "message_id": "x" * 999}},
        {"events": None}, {"events": ["user", None, 5]}, {"events": "none"}, {"slots": ["supple_minutes"]},
        {"sender_id": None}, {"sender_id": 5}, {"sender_id": "x" * 100_000}, {"sender_id": "\ud800"},
        {"latest_message": {"text": "\ud800"}}, {"latest_message": {"text": "/choose{"}}, {"active_loop": 5},
    ],
)  # fmt: skip
@pytest.mark.parametrize("action", rasa.ACTIONS)
def test_whatever_the_tracker_looks_like_there_is_an_answer(tracker: dict[str, Any], action: str) -> None:
    executor = Conversation("").executor
    whole = {"sender_id": f"malformed {action} {list(tracker)}", "latest_message": {"text": WIPE}, **tracker}
    result = asyncio.run(executor.run({"next_action": action, "tracker": whole, "domain": {}}))

    assert result is not None
    assert LAST_RESORT not in texts(result.responses)
    assert result.responses or action == rasa.SAFETY


def test_a_huge_message_is_turned_down_kindly() -> None:
    assert "more than I can read at once" in texts(Conversation("huge").say("my back hurts " * 50_000))[-1]


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ActionNotFoundException):
        Conversation("unknown").run("action_unknown")


def test_two_hundred_turns_are_answered_as_the_first(service: Service) -> None:
    talk = Conversation("long")
    talk.say(BACK)
    first = texts(talk.say("how long?"))
    for _ in range(198):
        last = texts(talk.say("how long?"))

    assert last == first
    assert len([event for event in talk.events if event["event"] == "user"]) == 200


# The server


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The server's application on a socket, in a thread."""
    loop = asyncio.new_event_loop()
    app = server.application("supple-actions-tests")
    started: list[Any] = []

    async def begin() -> None:
        # Sanic takes port 0 for none, and its own default then.
        listening = socket.create_server(("127.0.0.1", 0))
        serving = await app.create_server(sock=listening, return_asyncio_server=True)
        await serving.startup()
        await serving.start_serving()
        started.append(serving)

    loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield started[0].server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.run_until_complete(started[0].close())
    loop.close()


def post(port: int, body: bytes, headers: Mapping[str, str] = {}) -> tuple[int, Any]:  # never changed
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/webhook", body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def get(port: int, path: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_it_says_that_it_is_there_and_which_actions_it_has(port: int) -> None:
    assert get(port, "/health") == (200, {"status": "ok"})
    assert {entry["name"] for entry in get(port, "/actions")[1]} == set(rasa.ACTIONS)
    assert get(port, "/nowhere")[0] == 404


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_request_that_rasa_sent_is_answered(port: int, path: Any) -> None:
    status, answer = post(port, path.read_bytes())

    assert status == 200
    assert answer["responses"] or json.loads(path.read_bytes())["next_action"] == rasa.SAFETY
    assert LAST_RESORT not in texts(answer["responses"])


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_deflated_request_gets_the_same_answer(port: int, path: Any) -> None:
    plain, deflated = (path.read_text("utf-8").replace('"recorded"', f'"{path.stem} {n}"').encode() for n in (1, 2))
    answer = post(port, plain)

    assert answer[0] == 200
    assert post(port, zlib.compress(deflated), {"Content-Encoding": "deflate"}) == answer


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_request_in_rasa_s_own_spacing_is_taken_in_without_its_events(path: Path) -> None:
    call = json.loads(path.read_text("utf-8"))
    taken = server._parsed(json.dumps(call).encode())

    assert taken["tracker"].pop("events") == []
    call["tracker"].pop("events")
    assert taken == call


def test_events_in_another_place_are_no_snare() -> None:
    tracker = {
        "slots": {"events": [1], "said": '"events": [ and ], "latest_input_channel": '},
        "latest_message": {"text": '], "latest_input_channel": "x'},
        "events": [{"event": "user", "text": '"events": ['}],
        "latest_input_channel": "rest",
    }
    call = {"next_action": rasa.SUPPLE, "tracker": tracker}

    assert server._parsed(json.dumps(call).encode()) == call


def test_requests_were_recorded_for_each_action() -> None:
    assert {json.loads(path.read_bytes())["next_action"] for path in RECORDED} == set(rasa.ACTIONS)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b'{"next_action": 5}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_body_that_is_no_call_is_refused_without_an_echo(port: int, body: bytes) -> None:
    assert post(port, body) == (422, {"error": "the body is no action call", "action_name": ""})
    assert post(port, b"not deflated", {"Content-Encoding": "deflate"})[0] == 422


def test_an_unknown_action_is_404_as_rasa_expects(port: int) -> None:
    call = {"next_action": "action_unknown", "sender_id": "a", "tracker": {"sender_id": "a"}, "domain": {}}

    assert post(port, json.dumps(call).encode()) == (
        404,
        {"error": "there is no such action", "action_name": "action_unknown"},
    )


def test_without_domain_tracker_or_action_there_is_an_answer_too(port: int) -> None:
    call = {"next_action": rasa.SUPPLE, "sender_id": "bare"}

    assert texts(post(port, json.dumps(call).encode())[1]["responses"])
    assert post(port, b"{}") == (200, None)


def test_a_slow_store_holds_up_no_other_conversation(
    port: int, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(MemoryStore):
        def read(self, *given: Any, **more: Any) -> Any:
            time.sleep(1)
            return super().read(*given, **more)

    monkeypatch.setattr(actions, "assistant", lambda: Assistant(service.over(Slow())))
    call = json.dumps({"next_action": rasa.SUPPLE, "sender_id": "slow"}).encode()
    slow = threading.Thread(target=post, args=(port, call))
    slow.start()
    status = get(port, "/health")

    assert slow.is_alive()
    assert status[0] == 200
    slow.join(20)


# As a program


def asked(port: int) -> list[str]:
    """Texts that a first message is answered with."""
    call = {"next_action": rasa.SUPPLE, "sender_id": "asked", "tracker": {"sender_id": "asked"}, "domain": {}}
    return texts(post(port, json.dumps(call).encode())[1]["responses"])


def test_the_command_serves_the_actions_and_stops_when_told(tmp_path: Path, service: Service) -> None:
    port = free_port()
    program = running.actions(tmp_path, port).start()
    try:
        assert asked(port)[0] == service.opening().blocks[0].text
    finally:
        status = program.stop()

    assert status == 0
    assert program.told() == f"supple: actions on http://127.0.0.1:{port}/webhook (Ctrl-C stops them)\n"
    assert (tmp_path / "talks.db").exists()


def test_rasa_s_own_server_serves_them_too(tmp_path: Path, service: Service) -> None:
    port = free_port()
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "bot.actions", "--port", str(port)]
    env = {"SUPPLE_STORE": f"sqlite:{tmp_path / 'talks.db'}", "SANIC_HOST": "127.0.0.1"}
    program = Program(command, tmp_path / "log", lambda: running.answers(port, "/health"), **env).start()
    try:
        assert asked(port)[0] == service.opening().blocks[0].text
    finally:
        program.end()


def command(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "actions", *arguments], capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stderr


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, told = command("--port", str(port), "--store", "memory:")

    assert (status, told.splitlines()[-1]) == (1, f"supple: cannot listen on 127.0.0.1:{port}: Address already in use")


def test_beyond_this_machine_only_with_consent_while_rules_are_unreviewed() -> None:
    status, told = command("--host", "0.0.0.0", "--store", "memory:")

    assert status == 1
    assert "safety rules have no clinician's sign-off, so the service listens on this machine only" in told


def test_a_store_that_is_none_is_told_in_one_line() -> None:
    fault = "supple: no store is called 'ftp:'; there are memory:, sqlite:/path and redis://host:port/0\n"

    assert command("--store", "ftp:x") == (1, fault)


# Where it is made


def test_the_assistant_is_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPLE_STORE", "memory:")
    monkeypatch.setenv("SUPPLE_COUNTRY", "US")
    ours = Assistant(start.build_service())

    assert "911" in ours.service.trouble()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SUPPLE_SITE", "nowhere", "SUPPLE_SITE names no site that is in use: 'nowhere'; there are demo"),
        ("SUPPLE_IDLE_MINUTES", "soon", "SUPPLE_IDLE_MINUTES must be a whole number from 1, not 'soon'"),
        ("SUPPLE_STORE", "ftp:x", "no store is called 'ftp:'; there are memory:, sqlite:/path and redis://host:port/0"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fault: str
) -> None:
    monkeypatch.setenv("SUPPLE_STORE", "memory:")
    monkeypatch.setenv(name, value)

    with pytest.raises(ValueError) as told:
        start.build_service()
    assert str(told.value) == fault


def test_domain_and_rules_are_those_that_reader_and_actions_know(service: Service) -> None:
    folder = ROOT / "data" / "en" / "rasa"
    domain, rules = (strict_yaml.read(folder / name, name)[0] for name in ("domain.yml", "rules.yml"))
    taught = {
        entry["intent"] for path in folder.glob("nlu*.yml") for entry in strict_yaml.read(path, path.name)[0]["nlu"]
    }
    answered = {
        step["intent"]
        for rule in rules["rules"]
        for first in rule["steps"][:1]
        for step in first.get("or", [first])
        if "intent" in step
    }

    assert set(domain["intents"]) == taught | {rasa.CHOOSE}
    assert answered == {*domain["intents"], rasa.FALLBACK, "back"}
    assert all(rule["steps"][-1] == {"action": rasa.UNREACHABLE} for rule in rules["rules"])
    assert [step["action"] for step in rules["rules"][0]["steps"][1:3]] == [rasa.SAFETY, rasa.SUPPLE]
