"""Simulated whole talks hold the targets, on a sample; `make bench-talks` runs them all."""

import pytest
from bot.knowledge import Knowledge
from bot.service import Service

from tests.bench.bench_talks import GRAVE, SLIGHT, TICKING, WEAK, complaints, missed, scaled, share_handed_over


def test_ordinary_talks_go_on_though_four_in_five_tick_something(service: Service) -> None:
    assert share_handed_over(service, 300) <= 0.10


def test_no_serious_talk_is_missed(service: Service, knowledge: Knowledge) -> None:
    assert missed(service, knowledge, most=100) == []


def test_the_lines_of_the_simulation_are_those_that_are_asked(knowledge: Knowledge) -> None:
    gate = {rule.id for rule in knowledge.safety.values() if rule.gate}
    weak = {rule.id for rule in knowledge.safety.values() if rule.gate and rule.weak}

    assert GRAVE.keys() == gate - weak
    assert WEAK.keys() == weak
    assert SLIGHT.keys() == {rule.id for rule in knowledge.safety.values() if rule.fit}
    assert len(complaints()) >= 20


def test_the_chances_add_up_to_the_published_part() -> None:
    none = 1.0
    for chance in scaled().values():
        none *= 1 - chance

    assert none == pytest.approx(1 - TICKING, abs=1e-6)
