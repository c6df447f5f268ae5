"""Serves the classifier from exported arrays: no pickle, no scikit-learn."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.understand.features import BLOCKS, LENGTH, NEAR, Word, char_grams, named
from bot.understand.vocabulary import Vocabulary

Floats = npt.NDArray[np.float32]
Wholes = npt.NDArray[np.int16]

LONG = 12
"""Words from which a segment is taken for several that no mark parts."""
PART = 9
"""Words of such a part, at most."""
STEEP = 80.0
"""Log odds beyond which a probability is as good as 0 or 1, and float32 would overflow."""
_REMEMBERED = 8192
"""Words of which the evidence is kept, and pairs of their lists."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Log odds of every label for a text, its segments and its sentences, each as if it stood alone."""

    whole: Floats
    """Shape (labels,)."""
    segments: Floats
    """Shape (segments, labels), in the order of the text."""
    sentences: Floats
    """Shape (sentences, labels)."""
    starts: tuple[int, ...]
    """First word of each segment."""
    _words: int
    """Words of the text."""
    _added: "_Added"

    def mean(self) -> Floats:
        """Mean of the whole and, by label, its best segment."""
        return (self.whole + self.segments.max(axis=0)) / 2 if len(self.segments) else self.whole

    def strongest(self, segment: int, column: int) -> tuple[int, int]:
        """First and last word of the stretch of a segment whose words speak most for a label."""
        start = self.starts[segment]
        best, first, last = -np.inf, start, start
        total, begin = 0.0, start
        for at, added in enumerate(self.by_word(segment, column), start=start):
            if total <= 0:
                total, begin = 0.0, at
            total += added
            if total > best:
                best, first, last = total, begin, at
        return first, last

    def by_word(self, segment: int, column: int) -> list[float]:
        """What each word of a segment adds to its log odds of a label."""
        ends, shares, weights, steps = self._added
        start, end = (*self.starts, self._words)[segment : segment + 2]
        added = np.bincount(ends, shares[segment] * weights[:, column], self._words) * steps[column]
        return [float(one) for one in added[start:end]]


class _Added(NamedTuple):
    """What the n-grams of a text add."""

    ends: npt.NDArray[np.intp]
    """The word at which each ends."""
    shares: npt.NDArray[np.float64]
    """Shape (segments, n-grams): what of its weight counts there."""
    weights: npt.NDArray[np.float64]
    """Shape (n-grams, labels), in steps."""
    steps: Floats
    """Shape (labels,): how much a step is."""


class _Found:
    """N-grams of a block in a text: the words at which they begin and end, and their numbers."""

    def __init__(self) -> None:
        self.begins: list[int] = []
        self.ends: list[int] = []
        self.grams: list[int] = []

    def extend(self, begin: int, end: int, grams: Sequence[int]) -> None:
        self.begins += [begin] * len(grams)
        self.ends += [end] * len(grams)
        self.grams += grams


class Classifier:
    """One-vs-rest logistic regression over TF-IDF n-grams."""

    def __init__(
        self, labels: Sequence[str], grams: Vocabulary, weights: Wholes, steps: Floats, intercepts: Floats
    ) -> None:
        """`grams` are the n-grams as features.named has them; `weights` have the shape (n-grams, labels), hold their
        inverse document frequencies, and count steps, one size a label: half the memory of floats, and sums that are
        exact.
        """
        self.labels = labels
        self.columns = {label: column for column, label in enumerate(self.labels)}
        self.of_group: dict[str, list[int]] = {}
        for column, label in enumerate(self.labels):
            self.of_group.setdefault(label.partition("/")[0], []).append(column)
        self._weights, self._steps, self._intercepts = weights, steps, intercepts
        self._grams = grams
        self._letters = lru_cache(maxsize=_REMEMBERED)(self._sum_letters)
        self._of_lists = lru_cache(maxsize=_REMEMBERED)(self._pairs_of_lists)

    def scores(self, words: Sequence[Word]) -> Scores:
        """Log odds for all words together, and for each segment and sentence by itself."""
        size, starts = len(words), _starts(words)
        found = [self._by_word(words), self._by_tag(words)]
        letters = [self._letters(word.text) for word in words]
        grams = [gram for one in found for gram in one.grams]
        weights = np.empty((len(grams) + size, len(self.labels)))  # whole numbers of steps, so that sums are exact
        weights[: len(grams)] = self._weights[grams]
        for at, (row, _) in enumerate(letters, start=len(grams)):
            weights[at] = row
        counts = np.array([1] * len(grams) + [count for _, count in letters])
        block = np.repeat(range(len(BLOCKS)), [*(len(one.grams) for one in found), size])
        begins = np.array([begin for one in found for begin in one.begins] + list(range(size)))
        ends = np.array([end for one in found for end in one.ends] + list(range(size)), np.intp)

        sentences = [at for at in range(size) if at == 0 or words[at].sentence != words[at - 1].sentence]
        bounds = [(0, size), *pairwise((*starts, size)), *pairwise((*sentences, size))]
        first, beyond = np.array(bounds).T[:, :, None]
        there = (begins >= first) & (ends < beyond)
        sizes = (there * counts) @ (block[:, None] == np.arange(len(BLOCKS)))
        shares = there * (1 / (LENGTH * np.sqrt(np.maximum(sizes, 1))))[:, block]
        odds = (self._intercepts + self._steps * (shares @ weights)).astype(np.float32)
        parts = 1 + len(starts)
        added = _Added(ends, shares[1:parts], weights, self._steps)
        return Scores(odds[0], odds[1:parts], odds[parts:], starts, size, added)

    def _by_word(self, words: Sequence[Word]) -> _Found:
        number = self._grams.get
        found = _Found()
        before = ""
        for at, word in enumerate(words):
            if (known := number(named("word", word.text))) is not None:
                found.extend(at, at, (known,))
            if before and (pair := number(named("word", f"{before} {word.text}"))) is not None:
                found.extend(at - 1, at, (pair,))
            before = word.text
        return found

    def _by_tag(self, words: Sequence[Word]) -> _Found:
        """As features.tag_grams has it; words have few different lists, so what is found of two is remembered."""
        found = _Found()
        tagged = [(at, word.tags) for at, word in enumerate(words) if word.tags]
        for order, (at, tags) in enumerate(tagged):
            found.extend(at, at, self._of_lists((), tags))
            for other_at, other in tagged[max(0, order - NEAR) : order]:
                if at - other_at <= NEAR and (pairs := self._of_lists(other, tags)):
                    found.extend(other_at, at, pairs)
        return found

    def _pairs_of_lists(self, earlier: tuple[str, ...], later: tuple[str, ...]) -> list[int]:
        """Of each later list with each earlier one; without earlier ones, of the later ones alone."""
        return self._known("tag", [f"{other}+{tag}" for tag in later for other in earlier] if earlier else later)

    def _sum_letters(self, word: str) -> tuple[Floats, int]:
        known = self._known("char", char_grams(word))
        return self._weights[known].sum(axis=0, dtype=np.float32), len(known)

    def _known(self, block: str, grams: Iterable[str]) -> list[int]:
        numbers = (self._grams.get(named(block, gram)) for gram in grams)
        return [number for number in numbers if number is not None]


def _starts(words: Sequence[Word]) -> tuple[int, ...]:
    """First words of the segments; a long one, as people write without marks, is cut into equal parts."""
    edges = [at for at in range(len(words)) if at == 0 or words[at].segment != words[at - 1].segment]
    starts = []
    for start, end in pairwise([*edges, len(words)]):
        parts = 1 if end - start <= LONG else -(-(end - start) // PART)
        starts += [start + (end - start) * part // parts for part in range(parts)]
    return tuple(starts)


def probability(score: Floats) -> Floats:
    """Probabilities of log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(np.maximum(np.minimum(-score, STEEP), -STEEP))), dtype=np.float32)


def chance(odds: float) -> float:
    """The same of one number."""
    return 1 / (1 + math.exp(-max(min(odds, STEEP), -STEEP)))
