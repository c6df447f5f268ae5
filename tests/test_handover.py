"""A hand-over stays, goes on kindly, and takes nothing back by itself."""

import json
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from bot.knowledge import Knowledge
from bot.model.site import Hours, Site
from bot.model.talk import Block, Reply
from bot.service import Message, Service
from bot.service.spoken import Spoken
from bot.sessions import MemoryStore
from bot.understand.reader import Reader

from tests.web import open_door

BODY = "i cant feel when i wipe"
CRISIS = "i want to kill myself"
OVERDOSE = "i took 20 paracetamol for my back"
ABUSE = "my husband hits me"
ONWARD = (
    "why do you say that", "ok", "my hips are tight", "also my knee hurts", "thanks", "just show me a stretch",
    "what is the psoas", "it's probably just my psoas", "no", "none", "can i take ibuprofen", "how long can i wait",
)  # fmt: skip


def said(service: Service, session: str, *texts: str) -> list[Reply]:
    service.open(session)
    return [service.handle(session, Message(text=text)) for text in texts]


def options(reply: Reply) -> list[str]:
    return [option["id"] for option in reply.blocks[-1].data["options"]]


def cards(reply: Reply) -> list[str]:
    return [block.data["rule"] for block in reply.blocks if block.type == "care_card"]


def text_of(reply: Reply) -> str:
    return "\n".join(block.text for block in reply.blocks)


def seen(block: Block) -> str:
    return json.dumps(block.to_json(), sort_keys=True)


@pytest.mark.parametrize(
    "began", [BODY, "my leg is swollen and hot", CRISIS, OVERDOSE, ABUSE, "whats the point anymore"]
)
def test_it_stays_whatever_is_said_and_never_pastes_a_block_twice(service: Service, began: str) -> None:
    first, *rest = said(service, f"stays {began}", began, *ONWARD)
    shown = [{seen(block) for block in reply.blocks} for reply in (first, *rest)]

    for reply in rest:
        assert reply.level == first.level
        assert "999" in text_of(reply)
        assert {block.type for block in reply.blocks} <= {"text", "choices", "care_card"}
        assert set(cards(reply)) <= {"sc_medication"}
        assert reply.blocks[-1].data["question"] == "handover"
    assert all(now.isdisjoint(before) for before, now in pairwise(shown))


@pytest.mark.parametrize("lower", ["probably just my psoas", "my wife says it's nothing", "i'm usually fine", "ok"])
def test_reassurance_lifts_nothing(service: Service, lower: str) -> None:
    assert [reply.level for reply in said(service, f"lower {lower}", BODY, lower)] == ["emergency", "emergency"]


def test_only_a_correction_or_a_new_start_ends_it(service: Service) -> None:
    denied = said(service, "denied", "my calf is swollen and hot", "no swelling in my calf")[-1]
    anew = said(service, "anew", BODY, "start again", "tight hips")[-1]

    assert denied.level == anew.level == "none"


@pytest.mark.parametrize(
    ("text", "rule", "offered"),
    [
        (CRISIS, "cr_suicide_active", ["might_act", "struggling", "not_meant"]),
        (OVERDOSE, "cr_overdose", ["calling", "cannot_call", "on_purpose", "not_meant"]),
        (ABUSE, "cr_abuse", ["in_danger", "can_talk", "cannot_talk", "not_meant"]),
        (BODY, "rf_cauda_equina", ["not_meant", "restart"]),
    ],
)
def test_each_kind_goes_on_in_its_own_way(service: Service, text: str, rule: str, offered: list[str]) -> None:
    reply = said(service, f"kind {text}", text)[0]

    assert cards(reply) == [rule]
    assert options(reply) == offered


@pytest.mark.parametrize(
    ("text", "option", "says"),
    [
        (OVERDOSE, "calling", "Poison line"),
        (OVERDOSE, "cannot_call", "ask someone near"),
        (OVERDOSE, "on_purpose", "Poison line"),
        (ABUSE, "can_talk", "0808 2000 247"),
        (ABUSE, "cannot_talk", "0808 2000 247"),
        (ABUSE, "in_danger", "999"),
        (CRISIS, "struggling", "116 123"),
        (CRISIS, "might_act", "116 123"),
    ],
)
def test_each_answer_is_answered_and_not_offered_again(service: Service, text: str, option: str, says: str) -> None:
    session = f"answer {option}"
    said(service, session, text)
    reply = service.handle(session, Message(choose=(option,), question="handover"))

    assert says in text_of(reply)
    assert option not in options(reply)
    assert "routine" not in [block.type for block in reply.blocks]


@pytest.mark.parametrize("option", ["might_act", "in_danger", "on_purpose"])
def test_what_makes_it_graver_makes_it_an_emergency(service: Service, option: str) -> None:
    said(service, f"graver {option}", ABUSE)
    reply = service.handle(f"graver {option}", Message(choose=(option,), question="handover"))

    assert reply.level == "emergency"


def test_of_an_answer_within_a_crisis_only_the_hand_over_is_kept(service: Service) -> None:
    for option in ("calling", "cannot_call", "on_purpose", "in_danger", "can_talk", "cannot_talk", "struggling"):
        said(service, f"kept {option}", CRISIS)
        service.handle(f"kept {option}", Message(choose=(option,), question="handover"))
        events = service.store.events(f"kept {option}")

        assert option not in str(events)
        assert events[2] == {"type": "handover", "level": "emergency"}


def test_an_answer_sent_again_gets_the_same_reply(service: Service) -> None:
    said(service, "again", OVERDOSE)
    message = Message(choose=("cannot_call",), question="handover", id="one")

    assert service.handle("again", message) == service.handle("again", message)


def test_a_crisis_and_a_sign_of_the_body_each_get_their_card(service: Service) -> None:
    both = said(service, "both", f"{CRISIS} and {BODY}")[0]
    crisis_first = said(service, "crisis first", CRISIS, "i have crushing chest pain")[1]
    body_first = said(service, "body first", BODY, "whats the point anymore")[1]

    assert cards(both) == ["cr_suicide_active", "rf_cauda_equina"]
    assert cards(crisis_first) == ["rf_chest_pain"] and "116 123" in text_of(crisis_first)
    assert cards(body_first) == ["cr_suicide_passive"] and body_first.level == "emergency"


def test_a_crisis_taken_back_leaves_the_sign_of_the_body_in_force(service: Service) -> None:
    said(service, "taken back", BODY, CRISIS)
    reply = service.handle("taken back", Message(choose=("not_meant",), question="handover"))

    assert reply.level == "emergency"
    assert options(reply) == ["not_meant", "restart"]
    assert "still stands" in text_of(reply)


def test_a_crisis_taken_back_is_asked_about_once(service: Service) -> None:
    said(service, "asked once", OVERDOSE)
    asked = service.handle("asked once", Message(choose=("not_meant",), question="handover"))
    then = service.handle("asked once", Message(text="no"))

    assert asked.blocks[-1].data["question"] == "safety"
    assert "taken too much" in asked.blocks[-1].text
    assert then.blocks[-1].text == "Thank you for answering. What do you feel, and where?"


def test_a_new_grave_sign_gets_its_card_while_another_is_in_force(service: Service) -> None:
    assert cards(said(service, "new", "my leg is swollen and hot", BODY)[1]) == ["rf_cauda_equina"]
    assert cards(said(service, "equal", BODY, "i have crushing chest pain")[1]) == ["rf_chest_pain"]


def test_what_is_past_counts_one_lower_and_is_asked_about(service: Service) -> None:
    asked = said(service, "past", "i had chest pain last year, checked and gone. my back is stiff")[0]
    there = service.handle("past", Message(text="yes"))
    settled = said(service, "settled", "i had chest pain last year, checked and gone. my back is stiff", "no")[1]

    assert asked.level == "same_day"
    assert asked.blocks[-1].data["question"] == "safety"
    assert cards(asked) == []
    assert cards(there) == ["rf_chest_pain"] and there.level == "emergency"
    assert settled.level == "none" and settled.blocks[-1].data["question"] == "gate"


def test_what_is_only_imagined_tells_what_to_do_and_takes_nothing_back(service: Service) -> None:
    imagined = said(service, "imagined", "what if i cant feel when i wipe", "tight hips")
    after = said(service, "after", BODY, "what if i cant feel when i wipe")[1]

    assert imagined[0].blocks[0].text.startswith("If that happens: Stop here")
    assert "rf_cauda_equina" in options(imagined[1])
    assert after.level == "emergency"


def test_an_unanswered_question_is_put_again_with_the_reason(service: Service) -> None:
    _, asked, again = said(service, "unanswered", "my back aches", "none, well maybe a bit of fever", "why do you ask")

    assert asked.blocks[-1].data["question"] == again.blocks[-1].data["question"] == "safety"
    assert "some signs need a person" in again.blocks[0].text


def test_the_note_holds_the_persons_words_in_order(service: Service) -> None:
    talk = Spoken(service, "note")
    for message in (Message(text="My hips are tight\nfrom the desk"), Message(text="why?")):
        talk.turn(message)
    reply = talk.turn(Message(choose=("rf_cauda_equina",), question="gate")).reply
    note = next(block for block in reply.blocks if block.type == "note")

    assert note.data["words"] == (
        "My hips are tight\nfrom the desk\nwhy?\nNumb or odd between the legs; peeing or pooing changed"
    )
    assert note.text == f"To copy for a clinician:\n{note.data['words']}"
    assert "from the" not in str(service.store.events("note"))


def test_a_danger_sign_that_was_asked_about_stands_in_the_note_with_its_question(service: Service) -> None:
    talk = Spoken(service, "note of a question")
    talk.turn(Message(text="my back aches"))
    talk.turn(Message(choose=("rf_cancer_history",), question="gate"))
    reply = talk.turn(Message(choose=("rf_cancer_history",), question="safety")).reply
    words = next(block for block in reply.blocks if block.type == "note").data["words"]

    assert words.splitlines()[-1].endswith("is this pain new since then? Yes")


def test_a_new_start_empties_the_note(service: Service) -> None:
    talk = Spoken(service, "emptied")
    for text in ("my knee hurts", "start again"):
        talk.turn(Message(text=text))
    reply = talk.turn(Message(text=BODY)).reply

    assert next(block for block in reply.blocks if block.type == "note").data["words"] == BODY


def test_over_http_the_note_holds_no_words() -> None:
    door = open_door()
    api = door.send(door.begin(), BODY).json["blocks"]
    rest = [message["custom"]["block"] for message in door.rest("note", BODY).json if "custom" in message]

    for blocks in (api, rest):
        assert [block["words"] for block in blocks if block["type"] == "note"] == [None]
    assert not any("wipe" in block["text"] for block in (*api, *rest) if block["type"] == "note")


CLINIC = Site(
    id="harbour",
    name="Harbour Physio",
    country="GB",
    phone="020 7946 0000",
    timezone="Europe/London",
    hours=(Hours(days=("mon", "tue", "fri"), opens="09:00", closes="17:00"),),
)
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "open_now", "next_open", "line"),
    [
        (8, False, "2026-11-20T09:00+00:00", "is closed now and opens today at 09:00. Until then: NHS 111."),
        (10, True, None, "is open now: 020 7946 0000."),
        (23, False, "2026-11-23T09:00+00:00", "is closed now and opens on Monday at 09:00. Until then: NHS 111."),
        (90, False, "2026-11-24T09:00+00:00", "is closed now and opens tomorrow at 09:00. Until then: NHS 111."),
    ],
)  # fmt: skip
def test_same_day_names_the_clinic_while_it_is_open_and_else_who_answers_until_then(
    knowledge: Knowledge, reader: Reader, hour: int, open_now: bool, next_open: str | None, line: str
) -> None:
    service = Service(knowledge, reader, MemoryStore(), site=CLINIC, clock=lambda: FRIDAY.timestamp() + 3600 * hour)
    card = said(service, "hours", "one calf has gone red, hot and swollen")[0].blocks[0]

    assert card.text.splitlines()[-1] == f"Harbour Physio {line}"
    assert (card.data["open_now"], card.data["next_open"]) == (open_now, next_open)


def test_an_emergency_and_a_crisis_name_no_clinic(knowledge: Knowledge, reader: Reader) -> None:
    service = Service(knowledge, reader, MemoryStore(), site=CLINIC, clock=lambda: FRIDAY.timestamp() + 36000)

    for text in (BODY, CRISIS, ABUSE):
        assert "Harbour" not in text_of(said(service, text, text)[0])


@pytest.mark.parametrize("answer", ["United Kingdom", "gb", Message(choose=("GB",), question="country")])
def test_who_has_no_country_may_pick_one(knowledge: Knowledge, reader: Reader, answer: str | Message) -> None:
    service = Service(knowledge, reader, MemoryStore())
    first = said(service, "country", BODY)[0]
    asked = service.handle("country", Message(choose=("country",), question="handover"))
    then = service.handle("country", answer if isinstance(answer, Message) else Message(text=answer))

    assert "112 or 911 in many countries" in first.blocks[0].text
    assert options(first)[-1] == "country"
    assert options(asked) == list(knowledge.helplines.countries)
    assert "Emergency: 999." in text_of(then) and then.level == "emergency"
    assert "country" not in options(then)


def test_who_has_a_country_is_not_asked(service: Service) -> None:
    assert "country" not in options(said(service, "known", BODY)[0])


@pytest.mark.parametrize("text", ["I want to die, I'm in England", "I took 40 paracetamol in Germany"])
def test_a_country_at_its_end_does_not_hide_what_a_message_tells(service: Service, text: str) -> None:
    *_, reply = said(service, "country", "crushing chest pain", text)

    assert reply.level == "emergency"
    assert any(block.type == "care_card" and block.data["lane"] == "crisis" for block in reply.blocks)


@pytest.mark.parametrize("ids", [("none",), ("not_meant", "in_danger"), ("cr_abuse",)])
def test_a_hand_over_takes_one_of_its_own_answers_at_a_time(service: Service, ids: tuple[str, ...]) -> None:
    said(service, "one answer", CRISIS)
    reply = service.handle("one answer", Message(choose=ids, question="handover"))

    assert reply.blocks[0].text == service.wording.text("not_an_option")
    assert service.state("one answer").crisis == "emergency"


@pytest.mark.parametrize(("answer", "level"), [("no", "none"), ("yes", "emergency"), ("maybe", "emergency")])
def test_an_explanation_is_asked_about_and_lifts_nothing_by_itself(service: Service, answer: str, level: str) -> None:
    _, explained, answered = said(service, "rug", "my leg gave way", "it was the rug, I tripped", answer)

    assert explained.level == "emergency"
    assert "999" in explained.blocks[0].text
    assert explained.blocks[-1].data["question"] == "safety"
    assert answered.level == level


def test_a_talk_kept_under_another_version_of_the_state_is_folded_anew(service: Service) -> None:
    said(service, "older", "my hips are tight")
    now = time.time()
    kept = service.store.read("older", service.site.id, now)
    assert kept is not None
    snapshot = json.loads(kept.snapshot or "")
    del snapshot["state"]["doubted"]
    service.store.append("older", kept.version, [], json.dumps(snapshot), now)

    assert service.handle("older", Message(text="none")).blocks[-1].data["question"] == "fit"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("no, and I can't get down on the floor", {"equipment": frozenset({"no_floor"})}),
        ("no, I have ten minutes", {"minutes": 10}),
    ],
)
def test_what_stands_beside_an_answer_to_the_direct_question_is_kept(
    service: Service, text: str, kept: dict[str, object]
) -> None:
    said(service, "beside", "my hips are tight")
    service.handle("beside", Message(choose=("rf_cancer_history",), question="gate"))
    service.handle("beside", Message(text=text))
    state = service.state("beside")

    assert state.signs["rf_cancer_history"] == "denied"
    assert {name: getattr(state, name) for name in kept} == kept


def test_something_without_saying_what_is_asked_about_once_and_no_longer(service: Service) -> None:
    """After a line was chosen, a later "none" is believed at once."""
    said(service, "doubted", "my hips are tight", "yes")
    service.handle("doubted", Message(choose=("rf_cancer_history",), question="gate"))

    assert service.state("doubted").doubted is None


def test_the_countries_of_a_crisis_can_be_shown_again(knowledge: Knowledge, reader: Reader) -> None:
    """A page that is made anew from what is kept shows them as well."""
    service = Service(knowledge, reader, MemoryStore())
    said(service, "countries", CRISIS)
    asked = service.handle("countries", Message(choose=("country",), question="handover"))

    assert options(asked) == options(service.last("countries")) == list(knowledge.helplines.countries)


def test_further_lines_are_of_the_country_that_was_asked_for(knowledge: Knowledge, reader: Reader) -> None:
    service = Service(knowledge, reader, MemoryStore())

    assert service.help_lines(("crisis",), "US") != service.help_lines(("crisis",))


def test_who_is_not_in_the_country_is_asked_for_theirs(service: Service) -> None:
    _, asked, there = said(service, "elsewhere", "I wet myself and my legs are numb", "I'm not in the UK", "Ireland")

    assert asked.blocks[-1].data["question"] == "country"
    assert "112 or 999" in there.blocks[0].text
