"""The classifier: served from arrays, it says what scikit-learn says."""

import sys
from pathlib import Path

import numpy as np
import pytest
from bot.content.load import load_examples
from bot.content.nlu import Entity, Example
from bot.understand import classifier as serving
from bot.understand.features import words_of
from bot.understand.tokens import tokenize


def words(text: str) -> list[str]:
    return words_of(tokenize(text))


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return load_examples()[::12]


def test_served_probabilities_equal_those_of_scikit_learn(examples: list[Example], tmp_path: Path) -> None:
    from bot.understand import training

    meta, arrays = training.train(examples, words)
    serving.save(meta, arrays, tmp_path / "model")
    served = serving.load(tmp_path / "model")
    features = training.vectorizer()
    targets = np.array([[label in training.labels_of(example) for label in meta["labels"]] for example in examples])
    weights, intercepts = training._fit(features.fit_transform([words(example.text) for example in examples]), targets)
    texts = [*(example.text for example in examples), "", "zxqv wert plok", "bcak hrts!!", "ĳ 😀 back", "a " * 300]
    expected = 1 / (1 + np.exp(-(features.transform([words(text) for text in texts]) @ weights + intercepts)))

    found = np.array([served.probabilities(words(text)) for text in texts])
    assert np.abs(found - expected).max() < 1e-5


def test_the_same_examples_train_the_same_model(examples: list[Example]) -> None:
    from bot.understand import training

    one, other = (training.train(examples[::3], words) for _ in range(2))

    assert one[0] == other[0]
    assert all(np.array_equal(one[1][name], other[1][name]) for name in one[1])


def test_every_symptom_has_at_least_forty_examples() -> None:
    counts: dict[str, int] = {}
    for example in load_examples():
        for id_ in {entity.id for entity in example.entities if entity.kind == "symptom"}:
            counts[id_] = counts.get(id_, 0) + 1

    assert min(counts.values()) >= 40
    assert len(counts) == 25


def test_an_example_is_labelled_with_what_it_mentions_whatever_the_status() -> None:
    from bot.understand.training import labels_of

    example = Example("no hip pain", "report", (Entity("symptom", "hip_pain", "denied"),))

    assert labels_of(example) == {"intent/report", "symptom/hip_pain"}


def test_serving_needs_no_scikit_learn() -> None:
    assert "sklearn" not in vars(sys.modules["bot.understand.classifier"])
