"""The classifiers say, served from arrays, what scikit-learn says; and their training text is what it should be."""

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from bot.author.ablation import variants
from bot.content.files import find_root, learned_folder
from bot.content.load import load_dangers, load_examples
from bot.content.nlu import Entity, Example
from bot.knowledge import Knowledge
from bot.understand import classifier as serving
from bot.understand import fitting, kept, lessons, models, training
from bot.understand.classifier import Classifier
from bot.understand.features import words_in, words_of
from bot.understand.parsing import Parser
from bot.understand.screen import Screen
from bot.understand.space import Space
from bot.understand.tokens import clean
from hypothesis import given, settings
from hypothesis import strategies as st

Trained = tuple[Classifier, Parser, Space, np.ndarray, np.ndarray]

once = pytest.mark.xdist_group("trained")
"""In one process, and for all of it: another file's tests may come between."""


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    return load_examples()[::25]


@pytest.fixture(scope="session")
def dangers() -> list[Example]:
    return load_dangers()[::25]


@pytest.fixture(scope="session")
def trained(
    examples: list[Example], dangers: list[Example], knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    """The served model, and what scikit-learn itself learned from the same text, rounded as it is served."""
    path = tmp_path_factory.mktemp("model") / "model"
    kept.write(path, training.train(examples, dangers, knowledge).arrays)
    model = models.load(path)
    parser = Parser(knowledge, model.known_words, model.common_words)
    screen = Screen(knowledge, parser.assertions)
    stretches = [one for pair in training.parse(parser, examples) for one in lessons.stretches_of(*pair, screen)]
    stretches += lessons.dangers_of(training.parse(parser, [*dangers, *training.lines_of(knowledge)]), knowledge)
    space = Space([stretch.words for stretch in stretches], [stretch.labels for stretch in stretches])
    rows = space.matrix([stretch.words for stretch in stretches])
    weights, intercepts = fitting.fit(rows, stretches, model.labels.labels)
    return model.labels, parser, space, space.weights(*space.served(weights)), intercepts


def difference(trained: Trained, texts: list[str]) -> float:
    """Largest difference between a served probability and scikit-learn's, over texts and labels."""
    model, parser, space, weights, intercepts = trained
    words = [words_in(parser.tag(clean(text))) for text in texts]
    expected = serving.probability(space.matrix(words) @ weights + intercepts)
    return float(np.abs(np.array([serving.probability(model.scores(one).whole) for one in words]) - expected).max())


@once
def test_served_probabilities_equal_those_of_scikit_learn_on_every_training_text(trained: Trained) -> None:
    assert difference(trained, [example.text for example in [*load_examples(), *load_dangers()]]) < 1e-6


@once
@given(text=st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_served_probabilities_equal_those_of_scikit_learn_on_any_text(trained: Trained, text: str) -> None:
    assert difference(trained, [text, f"my back {text} hurts, {text}", text * 7]) < 1e-6


def test_rounding_to_steps_hardly_moves_a_probability(examples: list[Example], knowledge: Knowledge) -> None:
    parser = Parser(knowledge)
    pairs = training.parse(parser, examples[::3])
    space = Space([words_of(message) for message, _ in pairs], [lessons.labels_of(example) for _, example in pairs])
    weights = np.random.default_rng(fitting.SEED).normal(size=(space.rows.shape[1], 4))
    exact, rounded = (serving.probability(space.rows @ one) for one in (weights, space.weights(*space.served(weights))))

    assert float(np.abs(exact - rounded).max()) < 2e-4


@once
def test_a_segment_is_scored_as_if_it_stood_alone(trained: Trained) -> None:
    model, parser, *_ = trained
    both = model.scores(words_of(parser.parse("my back hurts; hips are locked")))
    apart = [model.scores(words_of(parser.parse(text))).whole for text in ("my back hurts", "hips are locked")]

    assert np.allclose(both.segments, np.array(apart), atol=1e-5)


@once
def test_a_sentence_is_scored_as_if_it_stood_alone(trained: Trained) -> None:
    model, parser, *_ = trained
    sentences = ["My back hurts, and so do my hips", "I sit all day, then run", "What helps"]
    together = model.scores(words_of(parser.parse(". ".join(sentences))))
    apart = [model.scores(words_of(parser.parse(text))) for text in sentences]

    assert np.allclose(together.sentences, np.array([one.whole for one in apart]), atol=1e-5)


def test_the_same_texts_train_the_same_model(
    examples: list[Example], dangers: list[Example], knowledge: Knowledge
) -> None:
    one, other = (training.train(examples[::3], dangers, knowledge) for _ in range(2))

    assert one.arrays.keys() == other.arrays.keys()
    assert all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)


def test_a_changed_word_list_of_the_safety_rules_needs_another_model(knowledge: Knowledge) -> None:
    changed = dataclasses.replace(knowledge, safety_lists={**knowledge.safety_lists, "s_numb": ("numb",)})

    assert models.name_of(changed) != models.name_of(knowledge)


def test_the_classifiers_beside_the_texts_were_trained_from_those_of_today(knowledge: Knowledge) -> None:
    assert (learned_folder(find_root(), "en") / models.name_of(knowledge)).is_dir()
    assert models.behind(find_root(), knowledge) == []


def test_what_is_kept_beside_the_texts_takes_the_place_of_the_one_before_and_needs_no_cache(
    examples: list[Example], dangers: list[Example], knowledge: Knowledge, tmp_path: Path
) -> None:
    model = training.train(examples[::9], dangers[::9], knowledge)
    (before := learned_folder(tmp_path, "en") / "reader-en-before").mkdir(parents=True)
    found_before = models.behind(tmp_path, knowledge)
    new = models.keep(model, knowledge, tmp_path)
    read = models.ensure_model(None, knowledge, [tmp_path])

    assert found_before == [before]
    assert list(new.parent.iterdir()) == [new]
    assert read is not None
    assert all(np.array_equal(read.arrays[name], array) for name, array in model.arrays.items())


def test_without_a_model_and_a_cache_there_is_none(knowledge: Knowledge, tmp_path: Path) -> None:
    assert models.ensure_model(None, knowledge, [tmp_path]) is None


def test_every_symptom_has_at_least_two_hundred_examples() -> None:
    counts: dict[str, int] = {}
    for example in load_examples():
        for id_ in {entity.id for entity in example.entities if entity.kind == "symptom"}:
            counts[id_] = counts.get(id_, 0) + 1

    assert min(counts.values()) >= 200
    assert len(counts) == 25


def test_a_third_of_the_training_text_is_long_and_two_thousand_texts_hold_no_symptom() -> None:
    examples = load_examples()
    long = sum(len(example.text.split()) >= 12 for example in examples)
    without = sum(not any(entity.kind == "symptom" for entity in example.entities) for example in examples)

    assert len(examples) >= 6000
    assert long >= len(examples) / 3
    assert without >= 2000


def test_no_text_of_the_held_out_sets_stands_in_the_training_text() -> None:
    folder = Path(__file__).parent / "eval"
    lines = [line for file in folder.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    held_out = {plain(json.loads(line)["text"]) for line in lines}

    assert held_out.isdisjoint(
        plain(example.text) for example in [*load_examples(), *load_dangers()] if len(example.text.split()) > 3
    )


def test_hardly_any_two_examples_differ_by_one_word_only() -> None:
    for texts in ([one.text for one in load_examples()], [one.text for one in load_dangers()]):
        seen: dict[tuple[int, tuple[str, ...]], tuple[str, ...]] = {}
        alike = []
        for words in {tuple(plain(text).split()) for text in texts if len(text.split()) > 5}:
            without = [(at, words[:at] + words[at + 1 :]) for at in range(len(words))]
            alike += [words] if any(seen.get(rest, words) != words for rest in without) else []
            seen |= dict.fromkeys(without, words)

        assert len(alike) < len(texts) / 500, alike


def plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.lower()).split())


def test_an_example_is_labelled_with_what_it_mentions_whatever_the_status() -> None:
    example = Example("no hip pain", "report", (Entity("symptom", "hip_pain", "denied", 0, 11),))

    assert lessons.labels_of(example) == {"intent/report", "symptom/hip_pain"}


def test_serving_needs_no_scikit_learn() -> None:
    for name in ("classifier", "statuses", "inference", "reader"):
        assert not any(module.startswith("sklearn") for module in vars(sys.modules[f"bot.understand.{name}"]))


def test_every_part_of_the_reader_can_be_left_out(examples: list[Example], knowledge: Knowledge) -> None:
    heard = {
        name: reader.read("my hips are tight and, what is more, on every stair my lower back hurts like mad").present()
        for name, reader in variants(knowledge, examples[::3])
    }

    assert list(heard) == [
        "phrases and cues only",
        "everything",
        "without networks",
        "classifiers only",
        "words only",
        "words and letters",
        "words and word lists",
        "without segments",
    ]
    assert heard["phrases and cues only"] == ("tight_hips", "low_back_pain")
