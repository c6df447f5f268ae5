"""Trains the classifier with scikit-learn and exports its arrays. The only module that imports scikit-learn."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from bot.content.nlu import Example
from bot.understand.classifier import GROUPS, Floats
from bot.understand.features import char_grams, word_grams

SEED = 7
STRENGTH = 12.0
"""Inverse regularisation of the logistic regressions; tuned on the project's tuning set."""
WEIGHT = 2.0
"""Weight of an example that has a label against one that has not."""
FOLDS = 2
"""Parts into which the examples are split to find thresholds on text that a model has not seen."""
LOWEST, HIGHEST = 0.4, 0.8
"""Bounds of a threshold: with few examples the best one on them may be extreme by chance."""

Progress = Callable[[str], None]
Tokenize = Callable[[str], list[str]]


def labels_of(example: Example) -> set[str]:
    """Labels of an example: its intent, and what it mentions, whatever the status; cues decide on that later."""
    return {f"intent/{example.intent}"} | {f"{entity.kind}/{entity.id}" for entity in example.entities}


def train(
    examples: Sequence[Example], words_of: Tokenize, progress: Progress = lambda _: None
) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Train on examples; what `classifier.save` writes. Same examples and library version, same result."""
    texts = [words_of(example.text) for example in examples]
    mentioned = [labels_of(example) for example in examples]
    labels = sorted(set().union(*mentioned), key=lambda label: (GROUPS.index(label.split("/")[0]), label))
    targets = np.array([[label in have for label in labels] for have in mentioned], dtype=bool)
    held_out = np.zeros(targets.shape, dtype=np.float32)
    folds = np.random.default_rng(SEED).permutation(len(texts)) % FOLDS
    for fold in range(FOLDS):
        progress(f"finding thresholds, part {fold + 1} of {FOLDS}")
        features = vectorizer()
        seen = features.fit_transform([text for text, part in zip(texts, folds, strict=True) if part != fold])
        unseen = features.transform([text for text, part in zip(texts, folds, strict=True) if part == fold])
        weights, intercepts = _fit(seen, targets[folds != fold])
        held_out[folds == fold] = 1.0 / (1.0 + np.exp(-(unseen @ weights + intercepts)))
    thresholds = [_threshold(held_out[:, column], targets[:, column]) for column in range(len(labels))]
    progress(f"learning {len(labels)} labels from {len(texts)} examples")
    features = vectorizer()
    weights, intercepts = _fit(features.fit_transform(texts), targets)
    words, chars = (vector for _, vector in features.transformer_list)
    meta = {
        "labels": labels,
        "thresholds": [round(float(value), 3) for value in thresholds],
        "word_grams": _in_order(words.vocabulary_),
        "char_grams": _in_order(chars.vocabulary_),
        "sklearn": sklearn.__version__,
        "examples": len(texts),
    }
    arrays = {
        "word_idf": words.idf_.astype(np.float32),
        "char_idf": chars.idf_.astype(np.float32),
        "weights": weights.astype(np.float32),
        "intercepts": intercepts.astype(np.float32),
    }
    return meta, arrays


def vectorizer() -> FeatureUnion:
    """TF-IDF over the n-grams of bot/understand/features; texts are lists of words."""
    return FeatureUnion(
        [
            (name, TfidfVectorizer(analyzer=_analyzer(grams), sublinear_tf=True, min_df=least))
            for name, grams, least in (("word", word_grams, 2), ("char", char_grams, 3))
        ]
    )


def _analyzer(grams: Callable[[Sequence[str]], Any]) -> Callable[[Sequence[str]], list[str]]:
    return lambda words: list(grams(words).elements())


def _fit(features: Any, targets: Any) -> tuple[Any, Any]:
    """One logistic regression a label: weights of shape (n-grams, labels) and intercepts."""
    weights = np.zeros((features.shape[1], targets.shape[1]))
    # A label that no example of this part has is improbable; one that all have is all but sure.
    intercepts = np.where(targets.all(axis=0), 9.0, -9.0)
    for column in range(targets.shape[1]):
        if targets[:, column].any() and not targets[:, column].all():
            model = LogisticRegression(
                C=STRENGTH, class_weight={False: 1.0, True: WEIGHT}, solver="liblinear", random_state=SEED
            )
            model.fit(features, targets[:, column])
            weights[:, column] = model.coef_[0]
            intercepts[column] = model.intercept_[0]
    return weights, intercepts


def _threshold(scores: Any, truth: Any) -> float:
    """The threshold with the best F1 on texts that were not trained on."""
    best, best_f1 = 0.5, -1.0
    for threshold in np.arange(LOWEST, HIGHEST + 0.001, 0.02):
        chosen = scores >= threshold
        hits = int((chosen & truth).sum())
        f1 = 2 * hits / max(int(chosen.sum() + truth.sum()), 1)
        if f1 > best_f1:
            best, best_f1 = float(threshold), f1
    return best


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)
