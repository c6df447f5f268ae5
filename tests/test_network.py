"""The networks: they learn what their gradients say, are served as they were taught, and fit today's texts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bot.author.check import check_all
from bot.content.files import find_root
from bot.content.load import load_dangers, load_examples
from bot.knowledge import Knowledge
from bot.understand import backprop, networks
from bot.understand.backprop import learn
from bot.understand.lessons import Sample
from bot.understand.network import Blend, Network, Told, packed, told_of
from bot.understand.parsing import Parser
from bot.understand.statuses import STATUSES
from bot.understand.teaching import in_company, mentions, needs, teach
from bot.understand.training import parse
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.xdist_group("taught")
"""In one process, where what is slow to teach is taught once."""

Lessons = tuple[list[Sample], list[str], int]


@pytest.fixture(scope="session")
def parser(knowledge: Knowledge) -> Parser:
    return Parser(knowledge)


@pytest.fixture(scope="session")
def samples(parser: Parser) -> Lessons:
    return mentions(parse(parser, load_examples()[::250]), parser)


def learned(samples: Lessons, epochs: int) -> dict[str, Any]:
    return learn(*samples, len(STATUSES), epochs=epochs)


@pytest.fixture(scope="session")
def taught(samples: Lessons) -> dict[str, Any]:
    return learned(samples, 60)


@pytest.fixture(scope="session")
def network(taught: dict[str, Any]) -> Network:
    return Network(packed(taught))


@pytest.mark.parametrize(
    "name", ["word", "sign", "letters", "kernel_0", "kernel_2", "attention", "out", "inner", "own"]
)
def test_a_gradient_is_the_slope_of_the_loss(samples: Lessons, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(backprop, "DROPPED", 0.0)
    monkeypatch.setattr(backprop, "UNKNOWN", 0.0)
    monkeypatch.setattr(backprop, "LEAST_WORD", 1)
    monkeypatch.setattr(backprop, "LEAST_SIGN", 1)
    batch = [sample for sample in samples[0] if len(sample.marked) > 1][:8]
    teacher = backprop.teacher_of(batch, len(samples[1]), samples[2], len(STATUSES))
    for key, value in teacher.values.items():
        teacher.values[key] = value.astype(np.float64)
    value = teacher.values[name]
    rows, gradient = teacher.gradients(batch)[1][name]
    whole = np.zeros_like(value)
    whole[rows] = gradient
    place = np.unravel_index(np.abs(whole).argmax(), whole.shape)

    def loss(moved: float) -> float:
        before, value[place] = value[place], value[place] + moved
        try:
            return teacher.gradients(batch)[0]
        finally:
            value[place] = before

    assert (loss(1e-4) - loss(-1e-4)) / 2e-4 == pytest.approx(whole[place], rel=0.02)


def test_it_learns_what_its_texts_say(samples: Lessons, network: Network) -> None:
    texts, labels, _ = samples
    right = [
        {labels.index(label) for label, odds in zip(labels, network.hear(one.told).odds, strict=True) if odds > 0}
        == set(one.marked)
        for one in texts
    ]
    statuses = [
        int(np.argmax(network.hear(one.told).statuses(labels[label]))) == mark.status
        for one in texts
        for label, mark in one.marked.items()
    ]

    assert np.mean(right) > 0.9
    assert np.mean(statuses) > 0.9


def test_the_same_texts_teach_the_same_network(samples: Lessons) -> None:
    one, other = (learned(samples, 2) for _ in range(2))

    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_packing_to_bytes_hardly_moves_a_probability(samples: Lessons, taught: dict[str, Any]) -> None:
    exact = packed(taught) | {name: taught[name] for name in taught if name != "words"}
    exact |= {f"{name}_steps": np.ones(1) for name in ("word", "sign", "letters")}
    both = [
        1 / (1 + np.exp(-np.array([served.hear(one.told).odds for one in samples[0]])))
        for served in (Network(exact), Network(packed(taught)))
    ]

    assert float(np.abs(both[0] - both[1]).max()) < 0.05


def test_the_order_of_words_counts(network: Network) -> None:
    one, other = (
        network.hear([Told(word, ()) for word in text.split()]).odds
        for text in ("my hip hurts not my back", "not my hip my back hurts")
    )

    assert not np.allclose(one, other, atol=1e-3)


@given(text=st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_heard(network: Network, parser: Parser, text: str) -> None:
    message = parser.parse(f"a {text}")
    heard = network.hear(told_of(message, parser.assertions))

    assert np.isfinite(heard.odds).all()
    assert all(heard.statuses(label).sum() == pytest.approx(1, abs=1e-4) for label in network.labels)


def test_a_label_that_it_never_saw_is_left_to_the_classifier(network: Network) -> None:
    heard = network.hear([Told("hips", ())])
    columns = {network.labels[0]: 1, "symptom/brand_new": 0}
    kind = network.labels[0].partition("/")[0]
    odds = Blend(network, columns, {kind: 0.5, "symptom": 0.5}).odds(np.array([-3.0, 2.0], np.float32), heard)

    assert odds[0] == -3.0
    assert odds[1] == pytest.approx((2.0 + heard.odds[0]) / 2)
    assert heard.statuses("symptom/brand_new") is None


def test_what_is_taught_can_be_kept_and_read(knowledge: Knowledge, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.understand.teaching.EPOCHS", {"mention": 1, "danger": 1})
    said: list[str] = []
    taught = teach(load_examples()[::500], load_dangers()[::500], knowledge, said.append)
    files = networks.write(tmp_path, taught)
    read = networks.load_networks([tmp_path])

    assert [file.name for file in files] == ["network-mention", "network-danger"]
    assert {name: network.labels for name, network in read.items()} == {
        name: arrays["labels"].tolist() for name, arrays in taught.items()
    }
    assert [line.partition(":")[0] for line in said[1:]] == ["mention", "danger"]


def test_a_half_of_the_texts_of_danger_stand_beside_a_harmless_one_and_keep_their_labels() -> None:
    words = [Told(f"w{at}", ()) for at in range(1000)]
    samples = [Sample([word], others=[at] if at % 2 else []) for at, word in enumerate(words)]

    first, again, second = (in_company(samples, epoch, join="and") for epoch in (0, 0, 1))
    beside = [(one, whole) for one, whole in zip(samples, first, strict=True) if len(whole.told) > 1]

    assert first == again != second
    assert 0.45 * len(samples) < len(beside) < 0.55 * len(samples)
    assert all(whole.others == one.others and one.told[0] in whole.told for one, whole in beside)
    assert {whole.told[1].word for _, whole in beside if len(whole.told) == 3} == {".", ",", "and"}


def test_what_is_of_no_danger_has_no_label(knowledge: Knowledge, parser: Parser) -> None:
    pairs, dangers = parse(parser, load_examples()[::500]), parse(parser, load_dangers()[::50])
    samples, labels, with_status = needs(pairs, dangers, knowledge, parser)

    assert with_status == 0
    assert {label.partition("/")[0] for label in labels} == {"danger", "rule"}
    written = len(samples) - len(dangers)
    assert not any(sample.others for sample in samples[:written])
    assert 0.8 * len(pairs) < written <= len(pairs)


def test_the_networks_know_every_label_of_today(knowledge: Knowledge) -> None:
    read = networks.load_networks()
    wanted = {f"symptom/{id_}" for id_ in knowledge.symptoms} | {f"context/{id_}" for id_ in knowledge.contexts}

    assert wanted <= set(read["mention"].labels)
    assert {f"rule/{rule.id}" for rule in knowledge.safety.values() if rule.lane != "scope"} >= {
        label for label in read["danger"].labels if label.startswith("rule/")
    }


def test_the_networks_were_taught_from_the_texts_of_today() -> None:
    assert networks.behind(find_root()) == []


def test_what_is_behind_its_texts_draws_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.understand.networks.lessons_digest", lambda *_, **__: "other")
    monkeypatch.setattr("bot.understand.models.name_of", lambda *_, **__: "reader-en-other")
    warned = [problem for problem in check_all() if "supple train --keep" in problem.message]

    assert [problem.file.rpartition("/")[2].partition("-")[0] for problem in warned] == [
        "network",
        "network",
        "reader",
    ]
    assert all(problem.warning for problem in warned)
