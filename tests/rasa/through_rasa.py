"""The same talk through a real Rasa, with a model trained as it should be and one trained wrong: `make test-rasa`.

Where RASA_KEPT names a folder, the two are kept there, and not trained again the next time.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bot.author.cases import read_cases
from bot.cli.talk import message_of
from bot.model.words import hands_over
from bot.replies.wording import Wording
from bot.service import Message, Service

from tests.bench.nlu_vs_rasa.rasa_project import RASA
from tests.bench.serving import free_port
from tests.conftest import ROOT
from tests.deployed import Program
from tests.rasa import running
from tests.rasa.environment import rasa_python
from tests.rasa.project import call_actions_at, write_project
from tests.rasa.running import Rasa
from tests.test_conversations import SCRIPTS
from tests.web import Door, open_door

SIZE = {"examples": 400, "epochs": 4}
"""Of what the two models are trained: enough to tell the intents apart in the rough."""


@dataclass
class Assistants:
    """Two Rasa servers before one action server."""

    right: Rasa
    wrong: Rasa
    actions: Program


@pytest.fixture(scope="module")
def python() -> Path:
    return rasa_python()


@pytest.fixture(scope="module")
def trainings(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Program]]:
    """Both trainings on their way, by their project."""
    home = Path(os.environ.get("RASA_KEPT") or tmp_path_factory.mktemp("rasa"))
    begun = {}
    for name in ("right", "wrong"):
        if not running.is_trained(home / name):
            write_project(home / name, actions="http://127.0.0.1:5055", wrong=name == "wrong", **SIZE)
        begun[home / name] = running.training(python, home / name)
    try:
        for project, training in begun.items():
            if not running.is_trained(project):
                training.launch()
        yield begun
    finally:
        for training in begun.values():
            training.end()


@pytest.fixture(scope="module")
def assistants(python: Path, trainings: dict[Path, Program], tmp_path_factory: Any) -> Iterator[Assistants]:
    ports = [free_port() for _ in range(3)]
    programs = [running.actions(tmp_path_factory.mktemp("actions"), ports[-1]).launch()]
    try:
        for (project, training), port in zip(trainings.items(), ports, strict=False):
            if not running.is_trained(project):
                training.finish(running.TRAINING)
            call_actions_at(project, f"http://127.0.0.1:{ports[-1]}")
            programs.append(running.rasa(python, project, port).launch())
        for program in programs:
            program.wait()
        yield Assistants(Rasa(ports[0]), Rasa(ports[1]), programs[0])
    finally:
        for program in programs:
            program.end()


@pytest.fixture(scope="module")
def endpoint() -> Door:
    return open_door(session_rate=0)


@pytest.fixture(scope="module")
def trouble(service: Service) -> str:
    return Wording(service.knowledge).trouble()


def test_rasa_finds_no_fault_in_the_folder_as_it_is(python: Path, trainings: object, tmp_path: Path) -> None:
    """Of the marks it warns that the same words stand for two ids; it keeps one, and ours are not asked."""
    check = running.validation(python, RASA, tmp_path).launch()
    try:
        told = check.finish(running.TRAINING)
    finally:
        check.end()
    warned = [line for line in told.splitlines() if "UserWarning" in line]

    assert "No story structure conflicts found" in told
    assert [line for line in warned if "inconsistent entity synonyms" not in line] == []


def shown(messages: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """What a person sees, in order; Rasa makes a message of each paragraph, and of each block."""
    seen: list[tuple[str, Any]] = []
    for message in messages:
        # Rasa does not cut the text of a question.
        texts = [message["text"]] if "buttons" in message else message.get("text", "").strip().split("\n\n")
        seen += [("text", text) for text in texts if text]
        seen += [("button", (button["title"], button["payload"])) for button in message.get("buttons", ())]
        seen += [("block", message["custom"]["block"])] if "custom" in message else []
    return seen


def named(what: str) -> str:
    """A sender's id made of a name."""
    return re.sub(r"[^a-z0-9]+", "-", what.casefold())


def sent(message: Message, typed: str) -> str:
    """What a client of the REST channel sends for it."""
    if message.choose is None:
        return typed
    return f"/choose{json.dumps({'question': message.question, 'ids': list(message.choose)})}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_a_conversation_goes_as_through_our_own_endpoint(
    assistants: Assistants, endpoint: Door, service: Service, script: Any
) -> None:
    """Practices, levels, hand-overs, and every word: each a block, a slot or a text."""
    name = named(script["name"])
    reply = service.open(name)
    for turn in script["turns"]:
        message = message_of(turn["type"], reply)
        text = sent(message, turn["type"])
        reply = service.handle(name, Message(message.text, message.choose, message.question, complete=False))
        ours = endpoint.rest(name, text).json
        for message_ in ours:
            message_.pop("recipient_id")

        assert shown(assistants.right.say(name, text)) == shown(ours), turn["type"]
        slots = assistants.right.slots(name)
        assert slots["supple_level"] == endpoint.last_line()["level"] == reply.level
        assert slots["supple_handover"] == hands_over(reply.level)


EMERGENCIES = [case for case in read_cases(ROOT / "tests" / "cases") if hands_over(case.data.get("level", "none"))]


@pytest.mark.parametrize("model", ["right", "wrong"])
@pytest.mark.parametrize("case", EMERGENCIES, ids=lambda case: case.name)
def test_every_danger_is_handed_over_whatever_the_model_takes_it_for(
    assistants: Assistants, endpoint: Door, case: Any, model: str
) -> None:
    rasa, name, text = getattr(assistants, model), f"{model}-{named(case.name)}", case.data["message"]
    blocks = [data for kind, data in shown(rasa.say(name, text)) if kind == "block"]
    ours = [data for kind, data in shown(endpoint.rest(name, text).json) if kind == "block"]

    assert blocks == ours
    assert rasa.slots(name)["supple_level"] == endpoint.last_line()["level"]
    for _ in range(3):  # a hand-over at once, or after the question that a doubtful sign leads to, or the gate
        if "care_card" in [block["type"] for block in blocks]:
            break
        question = next(block for block in blocks if block["type"] == "choices" and block["question"] != "confirm")
        ticked = next(option["id"] for option in question["options"])
        tap = f"/choose{json.dumps({'question': question['question'], 'ids': [ticked]})}"
        blocks = [data for kind, data in shown(rasa.say(name, tap)) if kind == "block"]
    assert "care_card" in [block["type"] for block in blocks]
    assert "routine" not in [block["type"] for block in blocks]
    assert rasa.slots(name)["supple_handover"] is True


def test_the_wrong_model_is_wrong(assistants: Assistants) -> None:
    texts = [case.data["message"] for case in EMERGENCIES]
    taken = {name: [getattr(assistants, name).intent(text) for text in texts] for name in ("right", "wrong")}

    assert taken["right"].count("report") > len(texts) / 2
    assert taken["wrong"].count("report") < len(texts) / 4


@pytest.mark.parametrize(
    "text", ["/restart", "/back", "/session_start", "/report", "/choose", "/nothing_known", "😩", " "]
)
def test_what_clients_send_by_themselves_is_never_met_with_silence(assistants: Assistants, text: str) -> None:
    name = f"by itself {text}"

    assert assistants.right.say(name, text)
    assert assistants.right.say(name, text)


def test_restart_and_a_new_session_do_not_lift_a_hand_over_unasked(assistants: Assistants) -> None:
    assistants.right.say("lifted", "i cant feel when i wipe and my back hurts")
    assistants.right.say("lifted", "/session_start")

    assert assistants.right.slots("lifted")["supple_handover"] is True
    assistants.right.say("lifted", "/back")
    assert assistants.right.slots("lifted")["supple_handover"] is True
    assistants.right.say("lifted", "/restart")
    assert assistants.right.slots("lifted")["supple_handover"] is False


def test_slots_go_both_ways(assistants: Assistants) -> None:
    for text in ("my lower back hurts", "none", "none"):
        assistants.right.say("slots", text)
    assert assistants.right.slots("slots")["supple_symptoms"] == ["low_back_pain"]
    assert assistants.right.slots("slots")["supple_minutes"] is None

    assistants.right.set_slot("slots", "supple_minutes", 5)
    assistants.right.set_slot("slots", "supple_symptoms", ["tight_hips"])
    texts = [text for kind, text in shown(assistants.right.say("slots", "why?")) if kind == "text"]

    assert any("tight hips" in text for text in texts)
    assert not any("low back pain" in text for text in texts)
    assert assistants.right.slots("slots")["supple_minutes"] == 5
    assert assistants.right.slots("slots")["supple_symptoms"] == ["tight_hips"]


def test_without_the_action_server_rasa_says_so_kindly_and_afterwards_the_talk_goes_on(
    assistants: Assistants, trouble: str
) -> None:
    assistants.right.say("down", "my lower back hurts")
    assistants.actions.stop()
    for sender in ("down", "down from the first"):
        for text in ("none", "i cant feel when i wipe", "/restart", "/back", "/choose", "/session_start"):
            told = [message.get("text") for message in assistants.right.say(sender, text)]
            assert told == ([] if text == "/session_start" else [trouble]), (sender, text)
    assistants.actions.start()

    assert "care_card" in [
        data["type"] for kind, data in shown(assistants.right.say("down", "i cant feel when i wipe")) if kind == "block"
    ]
