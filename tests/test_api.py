"""Our own API: talks begun, messages answered once, where a talk stands, what is kept of it, and its end."""

import json
import re
from typing import Any

import pytest
from bot.model.talk import Reply
from bot.service import Message, Service
from bot.service.rasa import without_words
from bot.sessions import MemoryStore

from tests.web import SESSION, Door, open_door

UNKNOWN = {
    "error": {
        "code": "unknown_session",
        "message": "This talk is over or was never begun; please begin a new one.",
    }
}
REFUSED = {"error": {"code": "refused", "message": "This site cannot be used from here."}}
BAD = {
    "error": {
        "code": "bad_message",
        "message": 'A message needs "text", or "choose" with a list of option ids.',
    }
}
SOMEBODY = "demo.AAAAAAAAAAAAAAAAAAAAAA"
TALK = [
    {"text": "My lower back aches after sitting at my desk all day"},
    {"choose": ["none"]},
    {"choose": ["none"], "question": "fit"},
    {"text": "why?"},
    {"choose": ["10"], "question": "minutes"},
]


def wire(reply: Reply) -> dict[str, Any]:
    """A reply of the service as it goes over HTTP."""
    plain: dict[str, Any] = json.loads(json.dumps(without_words(reply).to_json()))
    return plain


def texts(reply: Any) -> list[str]:
    return [block["text"] for block in reply["blocks"]]


def not_an_option(door: Door) -> str:
    return door.service()._composer.say("not_an_option").text


def test_a_talk_begins_with_its_id_and_the_opening(door: Door, service: Service) -> None:
    response = door.client.post("/api/v1/sessions", json={})

    assert response.status_code == 201
    assert list(response.json) == ["session", "level", "understood", "blocks"]
    assert {key: value for key, value in response.json.items() if key != "session"} == wire(service.open("opening"))


@pytest.mark.parametrize("site", [None, 5, ["demo"], {}])
def test_a_site_that_is_no_text_is_a_bad_request(door: Door, site: Any) -> None:
    response = door.client.post("/api/v1/sessions", json={"site": site})

    assert response.status_code == 400
    assert response.json == {"error": {"code": "bad_request", "message": '"site" must be the id of a site.'}}


@pytest.mark.parametrize("site", ["nowhere", "closed", "", "Demo", "demo ", "\ud800"])
def test_a_site_that_is_unknown_or_closed_is_refused(door: Door, site: str) -> None:
    response = door.client.post("/api/v1/sessions", json={"site": site})

    assert (response.status_code, response.json) == (403, REFUSED)


def test_messages_are_answered_as_the_service_answers_them(door: Door, service: Service) -> None:
    session = door.begin()
    service.open("beside the api")
    for sent in TALK:
        message = Message(sent.get("text"), tuple(sent["choose"]) if "choose" in sent else None, sent.get("question"))
        response = door.send(session, **sent)

        assert response.status_code == 200
        assert response.json == wire(service.handle("beside the api", message))


def test_the_words_of_a_note_are_left_to_the_client(door: Door) -> None:
    reply = door.send(door.begin(), "my leg is swollen and hot").json
    note = next(block for block in reply["blocks"] if block["type"] == "note")

    assert note == {"type": "note", "text": "", "words": None}


def test_where_a_talk_stands_is_told_by_ids(door: Door) -> None:
    session = door.begin()
    for sent in TALK[:3]:
        door.send(session, **sent)

    assert door.state(session) == {
        "site": "demo",
        "level": "none",
        "symptoms": {"low_back_pain": "present"},
        "contexts": {"prolonged_sitting": "present"},
        "open": "equipment",
        "passed": ["fit", "gate"],
        "handover": None,
        "routine_shown": True,
    }


def test_the_export_is_all_that_is_kept(door: Door) -> None:
    session = door.begin()
    door.send(session, "tight hips")
    response = door.client.get("/api/v1/export", headers={SESSION: session})

    assert response.headers["Content-Disposition"] == 'attachment; filename="talk.json"'
    assert response.json == {"site": "demo", "events": door.store.events(session)}
    assert [event["type"] for event in response.json["events"]] == ["said", "asked"]


def test_a_talk_that_was_forgotten_is_gone(door: Door) -> None:
    session = door.begin()
    door.send(session, "tight hips")
    response = door.client.delete("/api/v1/session", headers={SESSION: session})

    assert (response.status_code, response.data) == (204, b"")
    assert door.store.events(session) == []
    assert everywhere(door, session) == [(404, UNKNOWN)] * 3


def everywhere(door: Door, session: str | None) -> list[tuple[int, Any]]:
    """What this id gets from each endpoint that reads a talk."""
    headers = {} if session is None else {SESSION: session}
    responses = [
        door.client.post("/api/v1/messages", json={"text": "tight hips"}, headers=headers),
        door.client.get("/api/v1/session", headers=headers),
        door.client.get("/api/v1/export", headers=headers),
    ]
    return [(response.status_code, response.json) for response in responses]


def test_a_talk_that_was_idle_for_too_long_is_over() -> None:
    door = open_door(store=MemoryStore(idle=-1.0))

    assert everywhere(door, door.begin()) == [(404, UNKNOWN)] * 3


@pytest.mark.parametrize(
    "session",
    [
        None, "", "demo", "demo.", ".AAAAAAAAAAAAAAAAAAAAAA", "demo.AAAAAAAAAAAAAAAAAAAAA",
        "demo.AAAAAAAAAAAAAAAAAAAAAAA", "Demo.AAAAAAAAAAAAAAAAAAAAAA", "demo.AAAAAAAAAAAAAAAAAAAAA=",
        "demo.rest.AAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd", "demo.AAAAAAAAAAAAAAAAAAAAAA ' OR 1=1 --", "x" * 5000,
        SOMEBODY,
    ],
)  # fmt: skip
def test_an_id_that_is_malformed_or_was_never_given_out_is_unknown(door: Door, session: str | None) -> None:
    assert everywhere(door, session) == [(404, UNKNOWN)] * 3


def test_an_id_is_worth_nothing_under_another_site(door: Door) -> None:
    session = door.begin()
    token = session.partition(".")[2]

    assert everywhere(door, f"clinic.{token}") == [(404, UNKNOWN)] * 3
    assert everywhere(door, f"closed.{token}") == [(403, REFUSED)] * 3
    assert everywhere(door, f"nowhere.{token}") == [(403, REFUSED)] * 3
    assert door.kept(session) == []


def test_a_talk_over_rest_cannot_be_read_through_the_api(door: Door) -> None:
    door.rest("somebody", "tight hips")
    sessions = [session for session in door.store._talks if session.startswith("demo.rest.")]  # type: ignore[attr-defined]

    assert sessions
    for session in sessions:
        assert everywhere(door, session) == [(404, UNKNOWN)] * 3


def test_ids_have_128_bits_and_no_two_talks_share_one(door: Door) -> None:
    sessions = [door.begin() for _ in range(500)]

    assert all(re.fullmatch(r"demo\.[A-Za-z0-9_-]{22}", session) for session in sessions)
    assert len(set(sessions)) == 500
    assert all(len({session[place] for session in sessions}) > 16 for place in range(5, 26))


def test_a_message_that_comes_again_gets_the_same_bytes_and_changes_nothing(door: Door) -> None:
    session = door.begin()
    first = [door.send(session, id=f"m{number}", **sent).data for number, sent in enumerate(TALK)]
    events, stands = door.kept(session), door.state(session)

    for number in reversed(range(len(TALK))):
        assert door.send(session, id=f"m{number}", **TALK[number]).data == first[number], TALK[number]
    assert (door.kept(session), door.state(session)) == (events, stands)


@pytest.mark.parametrize(
    "text",
    [
        "i cant feel when i wipe", "my leg is swollen and hot", "I want to kill myself", "my husband hits me",
        "my knee hurts and my hips are tight", "asdf qwerty zzxcv", "what is the psoas", "I don't want to kill myself",
        "how much ibuprofen can I take for my sore back", "start again",
    ],
)  # fmt: skip
def test_a_text_that_comes_again_after_others_gets_the_same_bytes(door: Door, text: str) -> None:
    session = door.begin()
    door.send(session, "tight hips", id="before")
    first = door.send(session, text, id="it").data
    door.send(session, "and my lower back hurts", id="after")
    events = door.kept(session)

    assert door.send(session, text, id="it").data == first
    assert door.kept(session) == events


def test_a_message_that_changed_nothing_changes_nothing_when_it_comes_again(door: Door) -> None:
    session = door.begin()
    door.send(session, "tight hips")
    first = door.send(session, choose=["rf_pregnancy"], id="late").data
    door.send(session, choose=["none"])
    events = door.kept(session)

    assert door.send(session, choose=["rf_pregnancy"], id="late").data == first
    assert door.kept(session) == events


def test_a_message_without_an_id_counts_each_time(door: Door) -> None:
    session = door.begin()
    for _ in range(2):
        door.send(session, "tight hips")

    assert [event["type"] for event in door.kept(session)] == ["said", "asked", "said", "asked"]


def test_the_same_message_id_in_two_talks_is_two_messages(door: Door) -> None:
    one, two = door.begin(), door.begin()
    door.send(one, "tight hips", id="m1")
    door.send(two, "my lower back hurts", id="m1")

    assert door.state(one)["symptoms"] == {"tight_hips": "present"}
    assert door.state(two)["symptoms"] == {"low_back_pain": "present"}


def unchanged(door: Door, **sent: Any) -> Any:
    """The reply to a message at the gate, once it is clear that it changed nothing."""
    session = door.begin()
    door.send(session, "tight hips")
    events, stands = door.kept(session), door.state(session)
    response = door.send(session, **sent)

    assert response.status_code == 200
    assert (door.kept(session), door.state(session)) == (events, stands)
    return response.json


@pytest.mark.parametrize(
    "sent",
    [
        {"choose": []},
        {"choose": ["nothing_known"]},
        {"choose": ["none", "nothing_known"]},
        {"choose": ["tight_hips"]},
        {"choose": ["rf_chest_pain"], "question": "fit"},
        {"choose": ["rf_bone_stress_hip"]},
    ],
)
def test_what_is_no_option_is_said_to_be_none_and_the_gate_is_put_again(door: Door, sent: Any) -> None:
    reply = unchanged(door, **sent)

    assert texts(reply)[0] == not_an_option(door)
    assert [block.get("question") for block in reply["blocks"]] == [None, "gate"]
    assert reply["understood"] is None


@pytest.mark.parametrize("question", ["no_such_question", "my sore back", "opening"])
def test_an_unknown_question_has_no_options_and_is_not_kept(door: Door, question: str) -> None:
    for option in ("why", "none"):
        assert texts(unchanged(door, choose=[option], question=question))[0] == not_an_option(door)


def test_an_empty_id_is_no_option(door: Door) -> None:
    assert texts(unchanged(door, choose=[""], question="safety"))[0] == not_an_option(door)


def test_an_empty_message_gets_a_kind_prompt_and_changes_nothing(door: Door) -> None:
    for text in ("", "   \n\t ", "\u0000\u200b\ud800"):
        assert texts(unchanged(door, text=text))[0] == door.service()._composer.say("empty").text


def test_2001_characters_are_turned_down_kindly_and_2000_are_read(door: Door) -> None:
    long = "my lower back hurts ".ljust(2001, "x")
    refused = unchanged(door, text=long)

    assert texts(refused)[0] == door.service()._composer.say("too_long", length=2001, most=2000).text
    assert refused["understood"] is None
    assert door.send(door.begin(), long[:2000]).json["understood"]["text"] == long[:2000]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": None},
        {"text": 5},
        {"text": ["tight hips"]},
        {"text": {"text": "tight hips"}},
        {"text": True},
        {"text": "tight hips", "choose": ["none"]},
        {"choose": "none"},
        {"choose": {"none": True}},
        {"choose": 0},
        {"choose": ["none"] * 41},
        {"choose": ["none", 5]},
        {"choose": [None]},
        {"choose": [["none"]]},
        {"choose": ["x" * 101]},
        {"choose": ["\ud800"]},
        {"choose": ["none"], "question": 5},
        {"choose": ["none"], "question": "x" * 101},
        {"choose": ["none"], "question": "\ud800"},
        {"text": "tight hips", "id": 5},
        {"text": "tight hips", "id": "x" * 101},
        {"text": "tight hips", "id": "\ud800"},
        {"text": "tight hips", "id": "\u0000"},
        {"text": "tight hips", "id": ["m1"]},
        {"question": "gate"},
    ],
)
def test_a_message_of_the_wrong_shape_is_a_bad_message(door: Door, sent: Any) -> None:
    session = door.begin()
    response = door.client.post("/api/v1/messages", json=sent, headers={SESSION: session})

    assert (response.status_code, response.json) == (400, BAD)
    assert door.kept(session) == []


def test_forty_ids_may_be_chosen_and_41_may_not(door: Door) -> None:
    session = door.begin()
    door.send(session, "tight hips")

    assert door.send(session, choose=["none"] * 41).status_code == 400
    assert door.send(session, choose=["none"] * 40).status_code == 200
    assert door.state(session)["passed"] == ["gate"]
