"""Where a site asks for consent, nothing of a person is kept before it; danger is answered all the same."""

from dataclasses import replace

import pytest
from bot.knowledge import Knowledge
from bot.model.site import demo
from bot.service import Message, Service, UnknownSessionError
from bot.sessions import MemoryStore
from bot.understand.reader import Reader


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asking(knowledge: Knowledge, phrase_reader: Reader, clock: Clock) -> Service:
    site = replace(demo(), consent=True, retention_minutes=5)
    return Service(knowledge, phrase_reader, MemoryStore(), site=site, clock=clock)


def questions(service: Service, session: str, message: Message) -> list[str]:
    return [b.data["question"] for b in service.handle(session, message).blocks if b.type == "choices"]


def test_the_opening_asks_for_consent(asking: Service) -> None:
    assert [block.type for block in asking.open("s").blocks] == ["text", "choices"]
    assert asking.open("s").blocks[1].data["question"] == "consent"


def test_nothing_is_kept_before_it(asking: Service) -> None:
    asking.open("s")

    assert questions(asking, "s", Message(text="my hips are tight")) == ["consent"]
    assert questions(asking, "s", Message(choose=("none",), question="gate")) == ["consent"]
    assert questions(asking, "s", Message(choose=("no",))) == ["consent"]
    assert asking.store.events("s") == []


def test_after_it_the_talk_goes_on(asking: Service) -> None:
    asking.open("s")
    asking.handle("s", Message(choose=("yes",)))

    assert questions(asking, "s", Message(text="my hips are tight")) == ["confirm", "gate"]


def test_danger_is_answered_without_it(asking: Service) -> None:
    asking.open("s")

    assert asking.handle("s", Message(text="i cant feel when i wipe")).level == "emergency"


def test_a_site_may_forget_sooner_than_the_store(asking: Service, clock: Clock) -> None:
    asking.open("s")
    asking.handle("s", Message(choose=("yes",)))
    clock.now += 5 * 60 + 1

    with pytest.raises(UnknownSessionError):
        asking.handle("s", Message(text="my hips are tight"))
    assert asking.store.sweep(clock.now) == 1
    assert asking.store.events("s") == []


@pytest.mark.parametrize("answer", ["yes", "Yes, you may", "ok"])
def test_it_may_be_given_in_words(asking: Service, answer: str) -> None:
    asking.open("s")
    asking.handle("s", Message(text=answer))

    assert questions(asking, "s", Message(text="my hips are tight")) == ["confirm", "gate"]


def test_a_new_start_asks_for_it_again(asking: Service) -> None:
    asking.open("s")
    asking.handle("s", Message(choose=("yes",)))

    assert questions(asking, "s", Message(text="start again")) == ["consent"]
    assert questions(asking, "s", Message(text="my hips are tight")) == ["consent"]


def test_a_site_may_ask_in_its_own_words(knowledge: Knowledge, phrase_reader: Reader) -> None:
    site = replace(demo(), consent=True, consent_text="May we keep codes of what you say, for an hour?")
    service = Service(knowledge, phrase_reader, MemoryStore(), site=site)

    assert service.opening().blocks[-1].text == "May we keep codes of what you say, for an hour?"


def test_after_consent_the_talk_begins_with_its_question(asking: Service) -> None:
    asking.open("s")

    reply = asking.handle("s", Message(choose=("yes",), question="consent"))

    assert [block.text for block in reply.blocks] == ["What do you feel, and where?"]
