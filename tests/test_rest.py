"""Rasa's REST channel: the same talk, in the shape that Rasa clients speak."""

import json
from typing import Any

import pytest
from bot.cli.talk import message_of
from bot.model.talk import Reply
from bot.service import Message, Service
from bot.service.rasa import answer, without_words

from tests.test_conversations import SCRIPTS
from tests.web import WEBHOOK, Door

FLOOR = {"sit_less", "swim_ski_skate_walk", "ask_physical_therapist"}
DESK = "My lower back aches after sitting at my desk all day"
NO_SENDER = {
    "error": {"code": "no_sender", "message": 'The request needs "sender": the id of the person\'s conversation.'}
}
NO_MESSAGE = {"error": {"code": "no_message", "message": 'The request needs "message": a text.'}}
BAD_PAYLOAD = {
    "error": {"code": "bad_payload", "message": 'A choice looks like /choose{"question": "…", "ids": ["…"]}.'}
}
BAD_JSON = {"error": {"code": "bad_json", "message": "The body is not a JSON object."}}
REFUSED = {"error": {"code": "refused", "message": "This site cannot be used from here."}}


def payload(question: str, *ids: str) -> str:
    return f"/choose{json.dumps({'question': question, 'ids': list(ids)})}"


def as_messages(sender: str, reply: Reply) -> list[Any]:
    """A reply of the service in Rasa's shape, written down here once more."""
    messages = []
    for block in without_words(reply).blocks:
        message: dict[str, Any] = {"recipient_id": sender}
        if block.text:
            message["text"] = block.text
        if block.type == "choices":
            message["buttons"] = [
                {"title": option["label"], "payload": payload(block.data["question"], option["id"])}
                for option in block.data["options"]
            ]
        if block.type not in ("text", "disclaimer"):
            message["custom"] = {"block": block.to_json()}
        messages.append(message)
    return json.loads(json.dumps(messages))


def buttons(messages: Any, question: str | None = None) -> list[str]:
    """Payloads of the buttons shown."""
    return [
        button["payload"]
        for message in messages
        for button in message.get("buttons", ())
        if question in (None, message["custom"]["block"]["question"])
    ]


def asked(messages: Any) -> list[str]:
    """Questions put."""
    return [message["custom"]["block"]["question"] for message in messages if "buttons" in message]


def routines(messages: Any) -> list[list[str]]:
    blocks = [message["custom"]["block"] for message in messages if "custom" in message]
    return [[practice["id"] for practice in block["practices"]] for block in blocks if block["type"] == "routine"]


def level(door: Door) -> str:
    """The level of the last answer, which a Rasa client never sees, from the log."""
    return str(door.last_line()["level"])


def test_it_says_that_it_is_there_as_rasa_does(door: Door) -> None:
    response = door.client.get("/webhooks/rest/")

    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_a_sender_s_first_message_gets_the_opening_before_its_answer_and_the_second_does_not(
    door: Door, service: Service
) -> None:
    opening, answer = service.open("rest opening"), service.handle("rest opening", Message(text=DESK))
    again = service.handle("rest opening", Message(text="tight hips"))

    assert door.rest("opening", DESK).json == as_messages("opening", opening) + as_messages("opening", answer)
    assert door.rest("opening", "tight hips").json == as_messages("opening", again)


@pytest.mark.parametrize("first", ["", "asdf", "x" * 3000, payload("gate", "none"), payload("gate", "nothing_known")])
def test_whatever_comes_first_gets_the_opening_and_an_answer(door: Door, service: Service, first: str) -> None:
    messages = door.rest(f"first {first[:40]}", first).json

    assert len(messages) >= 2
    assert messages[0]["text"] == service.open("first").blocks[0].text


def test_of_two_first_messages_at_once_neither_forgets_the_other(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = service.open

    def begin_late(session: str, *, anew: bool = True) -> Reply:
        monkeypatch.setattr(service, "open", begin)
        answer(service, session, Message(text="crushing chest pain"))
        return begin(session, anew=anew)

    monkeypatch.setattr(service, "open", begin_late)
    answer(service, "both at once", Message(text="hi"))

    assert service.state("both at once").handover == "emergency"


def test_two_senders_have_two_talks(door: Door) -> None:
    door.rest("one of two", DESK)
    door.rest("one of two", payload("gate", "none"))

    assert routines(door.rest("two of two", payload("gate", "none")).json) == []
    assert routines(door.rest("one of two", payload("fit", "none")).json) == [
        ["kneeling_psoas_stretch", "runners_lunge", "sit_less"]
    ]


def test_a_question_has_its_text_and_a_button_for_each_option(door: Door) -> None:
    gate = door.rest("buttons", DESK).json[-1]
    options = gate["custom"]["block"]["options"]

    assert sorted(gate) == ["buttons", "custom", "recipient_id", "text"]
    assert gate["text"] == gate["custom"]["block"]["text"]
    assert gate["buttons"] == [
        {"title": option["label"], "payload": payload("gate", option["id"])} for option in options
    ]


def test_blocks_are_those_of_the_api(door: Door) -> None:
    session = door.begin()
    for text in (DESK, "none", "none", "why?", "which articles?", "my leg is swollen and hot"):
        blocks = door.send(session, text).json["blocks"]
        messages = door.rest("as the api", text).json[-len(blocks) :]

        assert [message.get("text", "") for message in messages] == [block["text"] for block in blocks]
        assert [message["custom"]["block"] for message in messages if "custom" in message] == [
            block for block in blocks if block["type"] not in ("text", "disclaimer")
        ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_a_typed_conversation_goes_as_through_the_service(door: Door, service: Service, script: Any) -> None:
    sender = f"typed {script['name']}"
    expected = as_messages(sender, service.open(sender))
    for turn in script["turns"]:
        reply = service.handle(sender, Message(text=turn["type"]))
        expected += as_messages(sender, reply)
        messages = door.rest(sender, turn["type"]).json

        assert messages
        assert messages == expected
        assert level(door) == reply.level
        expected = []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_a_conversation_goes_the_same_by_buttons(door: Door, service: Service, script: Any) -> None:
    """What a person chooses in a script is tapped here, and is a button that the last answer showed.

    After a tick the screen is put again, so from there on the script's routines come one answer later.
    """
    sender = f"tapped {script['name']}"
    reply = service.open(sender)
    shown = door.rest(sender, "hello").json
    service.handle(sender, Message(text="hello"))
    ticked = False
    for turn in script["turns"]:
        chosen = message_of(turn["type"], reply)
        if chosen.choose is None:
            reply, shown = service.handle(sender, chosen), door.rest(sender, turn["type"]).json
        else:
            assert chosen.question is not None
            ticked = ticked or (chosen.question in ("gate", "fit") and chosen.choose != ("none",))
            tap = payload(chosen.question, *chosen.choose)
            assert {payload(chosen.question, id_) for id_ in chosen.choose} <= set(buttons(shown))
            reply = service.handle(sender, Message(choose=chosen.choose, question=chosen.question, complete=False))
            shown = door.rest(sender, tap).json
        assert shown == as_messages(sender, reply)
        assert level(door) == reply.level
        if turn.get("routine") and not ticked:
            assert [ids for ids in routines(shown) if ids] == [turn["routine"]]


def test_one_tap_never_passes_a_screen_and_the_rest_is_asked_again_until_none(door: Door) -> None:
    door.rest("ticks", "tight hips")
    shown = door.rest("ticks", payload("gate", "none")).json
    left = buttons(shown, "fit")
    left.remove(payload("fit", "rf_bone_health"))
    for _ in range(2):
        shown = door.rest("ticks", payload("fit", "rf_bone_health")).json

        assert all(set(ids) <= FLOOR for ids in routines(shown))
    shown = door.rest("ticks", "").json

    assert buttons(shown, "fit") == left
    shown = door.rest("ticks", payload("fit", "none")).json

    assert "fit" not in asked(shown)
    assert routines(shown) == [["belly_breathing", "vary_training", "sit_less"]]


@pytest.mark.parametrize("rule", ["rf_pregnancy", "rf_recent_surgery", "rf_under_18", "rf_bone_health"])
def test_after_any_single_tap_at_fit_nothing_but_the_safe_floor_is_shown(door: Door, rule: str) -> None:
    sender = f"single tap {rule}"
    door.rest(sender, "tight hips")
    door.rest(sender, payload("gate", "none"))

    assert all(set(ids) <= FLOOR for ids in routines(door.rest(sender, payload("fit", rule)).json))


def test_a_weak_sign_tapped_is_asked_about_and_the_gate_comes_back_after_its_no(door: Door) -> None:
    door.rest("weak", "my back aches")
    asked = door.rest("weak", payload("gate", "rf_cancer_history")).json
    after = door.rest("weak", payload("safety", "none")).json

    assert buttons(asked) == [payload("safety", "rf_cancer_history"), payload("safety", "none")]
    assert routines(asked) == routines(after) == []
    assert payload("gate", "none") in buttons(after, "gate")
    assert payload("gate", "rf_cancer_history") not in buttons(after, "gate")


def test_a_tap_on_a_danger_sign_hands_over(door: Door) -> None:
    door.rest("danger", "my lower back hurts")
    messages = door.rest("danger", payload("gate", "rf_cauda_equina")).json

    assert [message["custom"]["block"]["type"] for message in messages] == ["care_card", "note", "choices"]
    assert level(door) == "emergency"


def test_the_site_comes_in_the_metadata(door: Door) -> None:
    opening = door.service().open("metadata").blocks[0].text
    answers = [
        (door.rest("of two sites", "tight hips", **more).json[0]["text"] == opening, door.last_line()["site"])
        for more in ({"metadata": {"site": "clinic"}}, {}, {"metadata": {"site": "clinic"}})
    ]

    assert answers == [(True, "clinic"), (True, "demo"), (False, "clinic")]


@pytest.mark.parametrize("site", ["nowhere", "closed", "", "\ud800"])
def test_a_site_that_is_unknown_or_closed_is_refused(door: Door, site: str) -> None:
    response = door.rest("refused", "tight hips", metadata={"site": site})

    assert (response.status_code, response.json) == (403, REFUSED)


@pytest.mark.parametrize("metadata", [None, {}, {"other": [1, 2]}, "clinic", ["site"]])
def test_other_metadata_is_passed_over(door: Door, metadata: Any) -> None:
    assert door.rest("with metadata", "tight hips", metadata=metadata).status_code == 200
    assert door.last_line()["site"] == "demo"


def test_a_stream_is_one_object_a_line(door: Door) -> None:
    plain = door.rest("streamed", DESK).json
    response = door.client.post(f"{WEBHOOK}?stream=true", json={"sender": "streamed 2", "message": DESK})
    lines = response.get_data(as_text=True).splitlines()

    assert response.mimetype == "text/event-stream"
    assert [{**json.loads(line), "recipient_id": "streamed"} for line in lines] == plain
    assert door.client.post(f"{WEBHOOK}?stream=false", json={"sender": "s", "message": DESK}).is_json


@pytest.mark.parametrize("sender", ["ü😀", "\ud800", "a\u0000b", 'a"b\n', "x" * 256])
def test_a_sender_is_given_back_as_it_came(door: Door, sender: str) -> None:
    streamed = door.client.post(f"{WEBHOOK}?stream=true", json={"sender": sender, "message": "tight hips"})

    assert {json.loads(line)["recipient_id"] for line in streamed.data.splitlines()} == {sender}
    assert {message["recipient_id"] for message in door.rest(sender, "none").json} == {sender}


@pytest.mark.parametrize(
    "sent",
    [{}, {"message": DESK}]
    + [{"message": DESK, "sender": sender} for sender in (None, "", 5, ["a"], {"id": "a"}, True, "x" * 257)],
)
def test_a_request_without_a_sender_is_refused(door: Door, sent: Any) -> None:
    response = door.client.post(WEBHOOK, json=sent)

    assert (response.status_code, response.json) == (400, NO_SENDER)


@pytest.mark.parametrize(
    "sent", [{}] + [{"message": message} for message in (None, 5, ["tight hips"], {"text": "tight hips"}, False)]
)
def test_a_request_without_a_message_is_refused_and_begins_no_talk(door: Door, service: Service, sent: Any) -> None:
    response = door.client.post(WEBHOOK, json={"sender": f"no message {sent}", **sent})

    assert (response.status_code, response.json) == (400, NO_MESSAGE)
    assert door.rest(f"no message {sent}", "tight hips").json[0]["text"] == service.open("no message").blocks[0].text


@pytest.mark.parametrize(
    "text",
    [
        "/choose", "/choose{", "/choose[]", "/choose5", "/choosenone", '/choose{"question": "gate"}',
        '/choose{"ids": "none"}', '/choose{"ids": null}', '/choose{"ids": [5]}', '/choose{"ids": [NaN]}',
        '/choose{"ids": ["none"], "question": 5}', '/choose{"ids": ["\ud800"]}', "/choose" + "[" * 9000,
        '/choose{"ids": ' + json.dumps(["none"] * 41) + "}",
    ],
)  # fmt: skip
def test_a_payload_that_is_no_choice_is_refused(door: Door, text: str) -> None:
    response = door.rest("bad payload", text)

    assert (response.status_code, response.json) == (400, BAD_PAYLOAD)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"tight hips"', b"null", b"sender=a&message=b", b"{'sender': 'a'}", b"\xff\xfe"]
)
def test_malformed_json_is_refused(door: Door, raw: bytes) -> None:
    response = door.client.post(WEBHOOK, data=raw, content_type="application/json")

    assert (response.status_code, response.json) == (400, BAD_JSON)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/json-seq"])
def test_another_content_type_is_refused(door: Door, kind: str | None) -> None:
    response = door.client.post(WEBHOOK, data=json.dumps({"sender": "a", "message": DESK}), content_type=kind)

    assert response.status_code == 415
    assert response.json == {
        "error": {
            "code": "unsupported_media_type",
            "message": "Send JSON, with Content-Type: application/json.",
        }
    }


def test_no_answer_is_an_empty_list(door: Door) -> None:
    """Every typed line of every script, in one talk that is never what the line expects."""
    for script in SCRIPTS:
        for turn in script["turns"]:
            assert door.rest("mixed", turn["type"]).json, turn["type"]


def test_no_text_of_a_message_is_empty(door: Door) -> None:
    for text in ("my leg is swollen and hot", DESK, ""):
        assert all(message.get("text") != "" for message in door.rest(f"texts {text}", text).json)


def test_what_rasa_clients_send_by_themselves_is_understood(door: Door) -> None:
    """`/start` opens a talk, `/restart` begins it anew; neither is taken for a complaint."""
    for payload in ("/start", "/session_start", '/greet{"language": "en"}'):
        texts = [message.get("text", "") for message in door.rest(f"by itself {payload}", payload).json]
        assert "I'm a program, not a clinician" in texts[0]
        assert not any("I heard" in text for text in texts)
    door.rest("again", "tight hips")

    assert "I'm a program" in door.rest("again", "/restart").json[0]["text"]
