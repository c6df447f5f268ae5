"""The regressions, one a label. The only module that imports scikit-learn."""

import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.linear_model import LogisticRegression, SGDClassifier

from bot.understand.lessons import LESSONS, Stretch, lesson_of
from bot.understand.statuses import STATUSES

LIBRARY: str = sklearn.__version__
"""Which scikit-learn fits."""
SEED = 7
EPOCHS = 6
STRENGTH = 1.5
"""Inverse regularisation of the labels' regressions; tuned on the project's tuning set."""
DANGER_STRENGTH = 3.0
"""The same for danger."""
STATUS_STRENGTH = 0.3
"""The same for the statuses."""
WEIGHT = 2.0
"""Weight of a stretch that has a label against one that has not."""
EVERYDAY = 3.0
"""Weight of a message of no danger among the examples of what is mentioned: such are by far the most that come."""
LIKEST = 0.1
"""Share of those messages, the ones most like danger, from which the single rules are learned: from the rest there is
nothing to learn, in twice the time.
"""
GRAVE, RULES, STATUS = 0.02, 0.1, 0.01
"""At which the solver stops: for the levels of danger, the rules, and the statuses."""
CERTAIN = 9.0
"""Log odds of a label that all examples have."""

Truth = npt.NDArray[np.bool_]
Learned = tuple[Any, float]
"""Weights, and an intercept."""
Method = Callable[[Any, Truth], Learned]
"""From rows, and whether each has the label."""


def fit(rows: Any, stretches: Sequence[Stretch], labels: Sequence[str]) -> tuple[Any, Any]:
    """One regression a label: weights of shape (n-grams, labels) and intercepts."""
    weights = np.zeros((rows.shape[1], len(labels)))
    intercepts = np.zeros(len(labels))
    everyday = np.array(["mention" in stretch.lessons for stretch in stretches])
    usual = np.where(everyday, EVERYDAY, 1.0)

    def learn(columns: Sequence[int], places: npt.NDArray[np.intp], method: Method) -> None:
        given = rows[places]
        truths = [np.array([labels[column] in stretches[place].labels for place in places]) for column in columns]
        for column, learned in zip(columns, _at_once(partial(method, given), truths), strict=True):
            weights[:, column], intercepts[column] = learned

    for lesson in LESSONS:
        places = np.flatnonzero([lesson in stretch.lessons for stretch in stretches])
        columns = [column for column, label in enumerate(labels) if lesson_of(label) == lesson]
        if lesson != "danger":
            learn(columns, places, _averaged)
            continue
        levels = [column for column in columns if labels[column].startswith("danger/")]
        learn(levels, places, partial(_exact, usual=usual[places], tolerance=GRAVE))
        likely = (rows[places] @ weights[:, levels] + intercepts[levels]).max(axis=1, initial=-CERTAIN)
        places = places[_telling(likely, everyday[places])]
        rules = [column for column in columns if column not in levels]
        learn(rules, places, partial(_exact, usual=usual[places], tolerance=RULES))
    return weights, intercepts


def fit_statuses(rows: Any, roles: Sequence[str]) -> tuple[Any, Any]:
    """One regression a status: weights of shape (features, statuses) and intercepts."""
    truths = [np.array([role == status for role in roles]) for status in STATUSES]
    learned = list(_at_once(partial(_solved, rows), truths))
    return np.array([weights for weights, _ in learned]).T, np.array([intercept for _, intercept in learned])


def _telling(likely: npt.NDArray[np.float64], everyday: Truth) -> Truth:
    """All that was written as danger or its look-alike, and of the everyday messages those most like danger."""
    least = np.quantile(likely[everyday], 1 - LIKEST) if everyday.any() else 0.0
    return ~everyday | (likely >= least)


def _at_once(method: Callable[[Truth], Learned], truths: Sequence[Truth]) -> Sequence[Learned]:
    """Learn in threads: scikit-learn lets go of the interpreter while it fits."""
    with ThreadPoolExecutor(os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count()) as pool:
        return list(pool.map(method, truths))


def _constant(rows: Any, truth: Truth) -> Learned:
    """A label that no example has is improbable; one that all have is all but sure."""
    return np.zeros(rows.shape[1]), CERTAIN if truth.all() else -CERTAIN


def _exact(rows: Any, truth: Truth, usual: npt.NDArray[np.float64], tolerance: float) -> Learned:
    """Logistic regression, solved: for danger better than the averaged one, which believes common words too much."""
    return _solved(rows, truth, DANGER_STRENGTH, tolerance, np.where(truth, WEIGHT, usual))


def _solved(
    rows: Any,
    truth: Truth,
    strength: float = STATUS_STRENGTH,
    tolerance: float = STATUS,
    weights: npt.NDArray[np.float64] | None = None,
) -> Learned:
    if truth.all() or not truth.any():
        return _constant(rows, truth)
    model = LogisticRegression(C=strength, solver="liblinear", tol=tolerance, random_state=SEED)
    model.fit(rows, truth, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def _averaged(rows: Any, truth: Truth) -> Learned:
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
