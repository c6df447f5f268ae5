"""How it went: whatever is answered, the danger signs come before anything else."""

import pytest
from bot.dialogue.questions import CHECKIN
from bot.knowledge import Knowledge
from bot.model.site import Site
from bot.model.talk import Reply
from bot.service import Message, Service
from bot.sessions import MemoryStore
from bot.understand.reader import Reader


def asked(reply: Reply) -> list[str]:
    return [block.data["question"] for block in reply.blocks if block.type == "choices"]


def options(reply: Reply) -> set[str]:
    return {option["id"] for block in reply.blocks if block.type == "choices" for option in block.data["options"]}


@pytest.mark.parametrize("how", CHECKIN)
def test_a_check_in_can_open_a_talk_and_leads_to_the_whole_gate(
    how: str, service: Service, knowledge: Knowledge
) -> None:
    session = f"checkin {how}"
    service.open(session)

    reply = service.handle(session, Message(choose=(how,), question="checkin"))

    gate = {rule.id for rule in knowledge.safety.values() if rule.gate and rule.when is None}
    assert asked(reply) == ["gate"]
    assert options(reply) == gate | {"none"}
    assert reply.level == ("clinician_first" if how == "worse" else "none")


def test_signs_denied_at_the_first_gate_are_asked_again(service: Service) -> None:
    session = "checkin again"
    service.open(session)
    first = service.handle(session, Message(text="my lower back aches, no numbness down below"))
    service.handle(session, Message(choose=("none",), question="gate"))
    service.handle(session, Message(choose=("none",), question="fit"))

    again = service.handle(session, Message(choose=("partly",), question="checkin"))

    assert "rf_cauda_equina" not in options(first)
    assert "rf_cauda_equina" in options(again)


def test_a_sign_ticked_at_a_check_in_hands_over_and_stays(service: Service) -> None:
    session = "checkin handover"
    service.open(session)
    service.handle(session, Message(choose=("done", "worse"), question="checkin"))

    reply = service.handle(session, Message(choose=("rf_cauda_equina",), question="gate"))
    later = service.handle(session, Message(choose=("done",), question="checkin"))

    assert (reply.level, later.level) == ("emergency", "emergency")
    assert asked(later) == ["handover"]


def test_where_it_is_worse_the_site_s_own_number_is_named(knowledge: Knowledge, reader: Reader) -> None:
    site = Site(id="hill", name="Hill {Clinic}", phone="020 7946 0018")
    service = Service(knowledge, reader, MemoryStore(), country="GB", site=site)
    service.open("worse")

    reply = service.handle("worse", Message(choose=("worse",), question="checkin"))

    assert reply.blocks[0].text.endswith("call NHS 111. You can call Hill {Clinic}: 020 7946 0018.")


def test_a_later_check_in_that_is_not_worse_lifts_the_advice_to_stop(service: Service) -> None:
    session = "checkin lifted"
    service.open(session)
    service.handle(session, Message(choose=("worse",), question="checkin"))
    stopped = service.handle(session, Message(choose=("none",), question="gate"))

    service.handle(session, Message(choose=("done",), question="checkin"))
    thanked = service.handle(session, Message(choose=("none",), question="gate"))

    assert (stopped.level, thanked.level) == ("clinician_first", "none")
    assert asked(stopped) == asked(thanked) == ["next"]
    assert "look at it first" in stopped.blocks[0].text
    assert thanked.blocks[0].text.startswith("Thank you.")
