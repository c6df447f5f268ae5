"""Trains the classifiers with scikit-learn and exports their arrays. The only module that imports scikit-learn."""

import os
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.linear_model import LogisticRegression, SGDClassifier

from bot.content.documents import NO_DANGER
from bot.content.nlu import Entity, Example
from bot.knowledge import Knowledge
from bot.understand.assertion import Assertions
from bot.understand.classifier import Classifier
from bot.understand.features import HEARD, Word, danger_labels, words_of
from bot.understand.matching import Match
from bot.understand.message import Message
from bot.understand.model import Model
from bot.understand.parsing import Parser
from bot.understand.screen import Screen
from bot.understand.space import Space, table
from bot.understand.statuses import STATUSES, Scene
from bot.understand.tokens import clean, tokenize

SEED = 7
EPOCHS = 6
STRENGTH = 0.375
"""Inverse regularisation of the labels' regressions; tuned on the project's tuning set."""
STATUS_STRENGTH = 0.3
"""The same for the statuses."""
WEIGHT = 2.0
"""Weight of a stretch that has a label against one that has not."""
DANGER_STRENGTH = 1.5
"""Inverse regularisation for danger."""
TOLERANCE = {"danger": 0.02, "rule": 0.1}
"""At which the solver stops: for the many rules, four times sooner."""
EVERYDAY = 3.0
"""Weight of a message of no danger among the examples of what is mentioned: such are by far the most that come."""
LEAST_STATUS = 4
"""Mentions at which a feature of the status must occur."""
CERTAIN = 9.0
"""Log odds of a label that all examples have."""
_MARKS = re.compile(r"[.,;:!?()\"–—…]")
KNOWN = 2
"""Times a word must occur in the examples to count as spelled right."""
SLIGHT = 0.2
"""Log odds below which a feature of the status is left out: most are, and the rest decides no worse."""
COMMON = 12
"""Times from which a word is common enough to be what a slip was meant to be."""

Progress = Callable[[str], None]
T = TypeVar("T")
Lesson = Literal["mention", "intent", "danger"]
LESSONS: tuple[Lesson, ...] = get_args(Lesson)
"""What is learned: what a stretch mentions, what a message is for, and what needs a person."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text, or one segment of it, with the labels it has."""

    words: Sequence[Word]
    labels: frozenset[str]
    lessons: frozenset[Lesson]
    """What of it is known, and so can be learned."""


def lesson_of(label: str) -> Lesson:
    """With which lesson a label is learned."""
    match label.partition("/")[0]:
        case "intent":
            return "intent"
        case "danger" | "rule":
            return "danger"
        case _:
            return "mention"


def train(
    examples: Sequence[Example],
    dangers: Sequence[Example],
    knowledge: Knowledge,
    progress: Progress = lambda _: None,
) -> Model:
    """Train on examples, and on texts with the safety rules that they must fire as intents. Same texts, words and
    library version, same result.
    """
    progress(f"reading {len(examples) + len(dangers)} examples")
    counts = word_counts([*examples, *dangers])
    known = [word for word, count in counts.items() if count >= KNOWN]
    common = {word: count for word, count in counts.items() if count >= COMMON}
    parser = Parser(knowledge, known, common)
    pairs = parse(parser, examples)
    screen = Screen(knowledge, parser.assertions)
    stretches = [stretch for message, example in pairs for stretch in stretches_of(message, example, screen)]
    stretches += dangers_of(parse(parser, [*dangers, *lines_of(knowledge)]), knowledge)
    progress("learning what is mentioned, and what needs a person")
    space = Space([stretch.words for stretch in stretches], [stretch.labels for stretch in stretches])
    labels = sorted(space.labels)
    weights, intercepts = fit(space.rows, stretches, labels)
    names: dict[str, Any] = {"sklearn": sklearn.__version__, "known_words": known, "common_words": common}
    names["labels"] = {"labels": labels, **space.grams}
    served, steps = space.served(weights)
    arrays = {"labels_weights": served, "labels_steps": steps, "labels_intercepts": intercepts.astype(np.float32)}
    progress("learning what is felt now, and by whom")
    told = [example for example in examples if any(entity.role for entity in example.entities)]
    classifier = Classifier(names["labels"], served, steps, arrays["labels_intercepts"])
    learned = fit_status([*pairs, *parse(parser, map(without_marks, told))], classifier, parser.assertions)
    names["statuses"], arrays["statuses_weights"], arrays["statuses_intercepts"] = learned
    return Model(names, arrays)


def parse(parser: Parser, examples: Iterable[Example]) -> list[tuple[Message, Example]]:
    """Examples with their messages; what has no words is left out."""
    pairs = ((parser.parse(example.text), example) for example in examples)
    return [(message, example) for message, example in pairs if message.tokens]


def lines_of(knowledge: Knowledge) -> list[Example]:
    """What the safety rules themselves say must fire them, and must not."""
    rules = knowledge.safety.values()
    firing = [Example(text, rule.id, ()) for rule in rules for text in rule.fires]
    return firing + [Example(text, NO_DANGER, ()) for rule in rules for text in (*rule.silent, *rule.denied)]


def dangers_of(dangers: Iterable[tuple[Message, Example]], knowledge: Knowledge) -> Iterator[Stretch]:
    """Whole texts, with the safety rules and levels that they reach."""
    rules = knowledge.safety
    for message, example in dangers:
        fired = [rules[id_] for id_ in example.intent.split("+") if id_ in rules]
        yield Stretch(words_of(message), danger_labels(fired), frozenset({"danger"}))


def without_marks(example: Example) -> Example:
    """The example as it is typed in haste: each mark of punctuation a space, so that places stay."""
    return replace(example, text=_MARKS.sub(" ", example.text).rstrip())


def word_counts(examples: Iterable[Example]) -> dict[str, int]:
    """How often each word stands in the examples, as it is written there."""
    counts = Counter(token.text for example in examples for token in tokenize(clean(example.text)))
    return dict(sorted(counts.items()))


def labels_of(example: Example) -> frozenset[str]:
    """Labels of an example: its intent, and what it mentions, whatever the status; that is decided on later."""
    return frozenset({f"intent/{example.intent}"} | {f"{entity.kind}/{entity.id}" for entity in example.entities})


def stretches_of(message: Message, example: Example, screen: Screen) -> Iterator[Stretch]:
    """The whole text, which is of no danger unless the screen finds some; and its segments, where there are several,
    with the labels that are marked there.
    """
    words = words_of(message)
    found = any(sign.level in HEARD and sign.lane != "scope" for sign in screen.find(message, accompanied=False))
    harmless: frozenset[Lesson] = frozenset() if found else frozenset({"danger"})
    yield Stretch(words, labels_of(example), harmless | {"mention", "intent"})
    numbers = list(dict.fromkeys(word.segment for word in words))
    if len(numbers) < 2 or message.raw != example.text:
        return
    for number in numbers:
        own = [word for word in words if word.segment == number]
        start, end = message.tokens[own[0].token].start, message.tokens[own[-1].token].end
        marked = {f"{entity.kind}/{entity.id}" for entity in example.entities if _lies_in(entity, start, end)}
        yield Stretch(own, frozenset(marked), frozenset({"mention"}))


def _lies_in(entity: Entity, start: int, end: int) -> bool:
    """Whether half of the mark, or of the segment, is shared."""
    shared = min(end, entity.end) - max(start, entity.start)
    return shared > 0 and shared >= 0.5 * min(entity.end - entity.start, end - start)


def fit(rows: Any, stretches: Sequence[Stretch], labels: Sequence[str]) -> tuple[Any, Any]:
    """One regression a label: weights of shape (n-grams, labels) and intercepts."""
    taught = {lesson: np.array([lesson in stretch.lessons for stretch in stretches]) for lesson in LESSONS}
    rows_of = {lesson: rows[taught[lesson]] for lesson in LESSONS}
    everyday = np.array(["mention" in stretch.lessons for stretch in stretches])[taught["danger"]]
    weights = np.zeros((rows.shape[1], len(labels)))
    intercepts = np.zeros(len(labels))

    def learn(label: str) -> tuple[Any, float]:
        lesson = lesson_of(label)
        truth = np.array([label in stretch.labels for stretch in stretches])[taught[lesson]]
        if lesson == "danger":
            return _exact(rows_of[lesson], truth, everyday, TOLERANCE[label.partition("/")[0]])
        return _averaged(rows_of[lesson], truth)

    for column, learned in enumerate(_at_once(learn, labels)):
        weights[:, column], intercepts[column] = learned
    return weights, intercepts


def _at_once(learn: Callable[[T], tuple[Any, float]], labels: Sequence[T]) -> Iterator[tuple[Any, float]]:
    """Learn in threads: scikit-learn lets go of the interpreter while it fits."""
    with ThreadPoolExecutor(os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count()) as pool:
        yield from pool.map(learn, labels)


def fit_status(
    pairs: Sequence[tuple[Message, Example]], model: Classifier, assertions: Assertions
) -> tuple[dict[str, list[str]], Any, Any]:
    """Features by kind, weights of shape (features, statuses), and intercepts.

    A mention is looked at where it is marked, and where phrases and the labels' classifier will find it: they take in
    more or fewer of the words around, and the negator among them.
    """
    mentions = [
        (scene, match, entity.role or "present")
        for message, example in pairs
        if message.raw == example.text
        for scene in (Scene(message, assertions),)
        for entity, match in _places(message, example, model)
    ]
    roles = [role for *_, role in mentions]
    numbers: dict[tuple[str, str], int] = {}
    rows = table((_looked_at(scene, match) for scene, match, _ in mentions), numbers)
    occurrences = np.bincount(rows.indices, minlength=len(numbers))
    kept = sorted(feature for feature, number in numbers.items() if occurrences[number] >= LEAST_STATUS)
    rows = rows[:, [numbers[feature] for feature in kept]]
    rows.sort_indices()
    weights = np.zeros((len(kept), len(STATUSES)))
    intercepts = np.zeros(len(STATUSES))

    def learn(status: str) -> tuple[Any, float]:
        truth = np.array([role == status for role in roles])
        if truth.all() or not truth.any():
            return _constant(rows, truth)
        regression = LogisticRegression(C=STATUS_STRENGTH, solver="liblinear", tol=0.01, random_state=SEED)
        regression.fit(rows, truth)
        return regression.coef_[0], float(regression.intercept_[0])

    for column, learned in enumerate(_at_once(learn, STATUSES)):
        weights[:, column], intercepts[column] = learned
    strong = np.abs(weights).max(axis=1) >= SLIGHT
    features: dict[str, list[str]] = {}
    for (kind, value), stays in zip(kept, strong.tolist(), strict=True):
        if stays:
            features.setdefault(kind, []).append(value)
    return features, weights[strong].astype(np.float32), intercepts.astype(np.float32)


def _looked_at(scene: Scene, match: Match) -> set[tuple[str, str]]:
    """Kind and value of all features of a mention."""
    return {(kind, value) for kind, values in scene.features(match).items() for value in values}


def _places(message: Message, example: Example, model: Classifier) -> Iterator[tuple[Entity, Match]]:
    """Every mark of a symptom or context, at each place where it will be looked for."""
    if not any(entity.kind != "area" for entity in example.entities):
        return
    words = words_of(message)
    scores = model.scores(words)
    for entity in example.entities:
        marked = _match_of(entity, message)
        if marked is None or entity.kind == "area":
            continue
        found = [marked, *(match for match in message.found(entity.kind) if match.label == entity.id)]
        column = model.columns[f"{entity.kind}/{entity.id}"]
        numbers = {message.tokens[marked.first].segment, message.tokens[marked.last].segment}
        for segment, start in enumerate(scores.starts):
            if words[start].segment in numbers:
                first, last = scores.strongest(segment, column)
                found.append(Match(entity.id, words[first].token, words[last].token))
        near = (match for match in found if match.first <= marked.last and marked.first <= match.last)
        yield from ((entity, match) for match in dict.fromkeys(near))


def _match_of(entity: Entity, message: Message) -> Match | None:
    """The marked words as tokens."""
    inside = [
        number
        for number, token in enumerate(message.tokens)
        if token.kind == "word" and token.end > entity.start and token.start < entity.end
    ]
    return Match(entity.id, inside[0], inside[-1]) if inside else None


def _constant(rows: Any, truth: npt.NDArray[np.bool_]) -> tuple[Any, float]:
    """A label that no example has is improbable; one that all have is all but sure."""
    return np.zeros(rows.shape[1]), CERTAIN if truth.all() else -CERTAIN


def _exact(
    rows: Any, truth: npt.NDArray[np.bool_], everyday: npt.NDArray[np.bool_], tolerance: float
) -> tuple[Any, float]:
    """Logistic regression, solved: for danger better than the averaged one, which believes common words too much."""
    if truth.all() or not truth.any():
        return _constant(rows, truth)
    model = LogisticRegression(C=DANGER_STRENGTH, solver="liblinear", tol=tolerance, random_state=SEED)
    model.fit(rows, truth, sample_weight=np.where(truth, WEIGHT, np.where(everyday, EVERYDAY, 1.0)))
    return model.coef_[0], float(model.intercept_[0])


def _averaged(rows: Any, truth: npt.NDArray[np.bool_]) -> tuple[Any, float]:
    """Logistic regression by averaged stochastic gradient descent: for what is mentioned as good as an exact solver, in
    a fifth of its time.
    """
    if truth.all() or not truth.any():
        return _constant(rows, truth)
    model = SGDClassifier(
        loss="log_loss",
        alpha=1 / (STRENGTH * rows.shape[0]),
        max_iter=EPOCHS,
        tol=None,
        average=True,
        class_weight={True: WEIGHT, False: 1.0},
        random_state=SEED,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=sklearn.exceptions.ConvergenceWarning)
        model.fit(rows, truth)
    return model.coef_[0], float(model.intercept_[0])
