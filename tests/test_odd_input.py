"""Danger in odd places: heard wherever a person may have typed it, and never where they did not."""

import json
from typing import Any

import pytest
from bot.service import Message, Service

from tests.web import Door, open_door

FLAGS = ("i cant feel when i wipe", "i want to kill myself", "crushing pain in my chest")
FILLER = "it started a while ago and i sit a lot at the desk. "


@pytest.fixture
def quiet() -> Door:
    return open_door(session_rate=0)


def level(service: Service, session: str, text: str) -> str:
    service.open(session)
    return service.handle(session, Message(text=text)).level


def at(place: int, flag: str, length: int) -> str:
    """A story of this length with the flag at this character."""
    before = (FILLER * 99)[: place - 2] + ". "
    return (before + flag + ". " + FILLER * 99)[:length]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_at_character_1900_of_2000_is_heard(service: Service, flag: str) -> None:
    story = at(1900, flag, 2000)

    assert (len(story), story.index(flag)) == (2000, 1900)
    assert level(service, f"late {flag}", story) == "emergency"


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("place", [1990, 3795, 6000])
def test_a_flag_in_a_story_too_long_to_answer_is_heard(service: Service, flag: str, place: int) -> None:
    assert level(service, f"long {place} {flag}", at(place, flag, 7000)) == "emergency"


@pytest.mark.parametrize("grave", ["i am going to kill myself tonight", "crushing pain in my chest and i am sweating"])
def test_of_two_flags_in_a_story_too_long_to_answer_the_graver_one_counts(service: Service, grave: str) -> None:
    story = f"my left calf is hot, red and swollen. {FILLER * 60}{grave}."

    assert len(story) > 2000
    assert level(service, f"two {grave}", story) == "emergency"


def test_a_story_too_long_to_answer_without_a_flag_changes_nothing(service: Service) -> None:
    service.open("too long")
    reply = service.handle("too long", Message(text=FILLER * 60))

    assert "more than I can read" in reply.blocks[0].text
    assert service.store.events("too long") == []


@pytest.mark.parametrize("split", ["\n", "\r\n", " \n ", "\n\n", "\t", "\u2028"])
@pytest.mark.parametrize("flag", ["i cant feel{}when i wipe", "i want to{}kill myself", "crushing pain{}in my chest"])
def test_a_flag_split_over_two_lines_is_heard_or_asked_about(service: Service, flag: str, split: str) -> None:
    service.open("split")
    reply = service.handle("split", Message(text=f"tight hips, {flag.format(split)}"))
    questions = [block.data["question"] for block in reply.blocks if block.type == "choices"]

    assert reply.level == "emergency" or questions[-1:] == ["safety"]


def shown(answer: Any) -> str:
    return json.dumps(answer.json)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_in_a_button_s_payload_is_data(quiet: Door, flag: str) -> None:
    quiet.rest("payload", "tight hips")
    for ids, question in (([flag], "gate"), (["none"], flag), ([flag], flag), (["rf_cauda_equina", flag], "gate")):
        answer = quiet.rest("payload", "/choose" + json.dumps({"question": question, "ids": ids}))
        assert answer.status_code in (200, 400)
        assert "care_card" not in shown(answer)
        assert flag not in shown(answer)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_in_a_chosen_id_of_the_api_is_data(quiet: Door, flag: str) -> None:
    session = quiet.begin()
    quiet.send(session, "tight hips")
    for message in ({"choose": [flag]}, {"choose": ["none"], "question": flag}, {"text": "ok", "id": flag}):
        answer = quiet.send(session, **message)
        assert "care_card" not in shown(answer)
        assert flag not in shown(answer)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_in_the_sender_or_beside_the_message_is_data(quiet: Door, flag: str) -> None:
    answer = quiet.rest(flag, "tight hips", metadata={"site": "demo", "note": flag})
    questions = [m["custom"]["block"].get("question") for m in answer.json if "custom" in m]

    assert questions[-1] == "gate"
    assert {message["recipient_id"] for message in answer.json} == {flag}
    assert not any(flag in json.dumps({**message, "recipient_id": ""}) for message in answer.json)
    assert flag not in quiet.out.getvalue()


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_typed_into_an_open_question_is_heard(service: Service, flag: str) -> None:
    for answered in ((), ("none",), ("none", "none")):
        session = f"typed {flag} {answered}"
        service.open(session)
        for text in ("tight hips", *answered):
            service.handle(session, Message(text=text))
        assert service.handle(session, Message(text=flag)).level == "emergency"
