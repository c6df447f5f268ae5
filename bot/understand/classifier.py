"""Serves the classifier from exported arrays: no pickle, no scikit-learn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.understand.features import BLOCKS, LENGTH, NEAR, Word, char_grams

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
    """Log odds of every label for a text and its segments."""

    whole: Floats
    """Shape (labels,)."""
    segments: Floats
    """Shape (segments, labels), in the order of the text."""
    starts: tuple[int, ...]
    """First word of each segment."""
    evidence: Floats
    """Shape (words, labels): what each word adds to the score of its segment."""

    def strongest(self, segment: int, column: int) -> tuple[int, int]:
        """First and last word of the stretch of a segment whose words speak most for a label."""
        start, end = self.starts[segment], [*self.starts, len(self.evidence)][segment + 1]
        best, first, last = -np.inf, start, start
        total, begin = 0.0, start
        for at, added in enumerate(self.evidence[start:end, column].tolist(), start=start):
            if total <= 0:
                total, begin = 0.0, at
            total += added
            if total > best:
                best, first, last = total, begin, at
        return first, last

    def mean(self) -> Floats:
        """Mean of the whole and, by label, its best segment."""
        return (self.whole + self.segments.max(axis=0)) / 2 if len(self.segments) else self.whole


class _Found:
    """N-grams of a text: within segments, each with the word at which it ends, in the order of the text; and across."""

    def __init__(self, size: int) -> None:
        self.counts = [0] * size
        """By word: n-grams that end there."""
        self.grams: list[int] = []
        self.across: list[int] = []

    def add(self, word: int, gram: int) -> None:
        self.counts[word] += 1
        self.grams.append(gram)

    def extend(self, word: int, grams: Sequence[int]) -> None:
        self.counts[word] += len(grams)
        self.grams += grams


class Classifier:
    """One-vs-rest logistic regression over TF-IDF n-grams."""

    def __init__(self, names: Mapping[str, list[str]], weights: Wholes, steps: Floats, intercepts: Floats) -> None:
        """`names` are the labels, and the n-grams of each block; `weights` have the shape (n-grams, labels), block
        after block, hold their inverse document frequencies, and count steps, one size a label: half the memory of
        floats, and sums that are exact.
        """
        self.labels = names["labels"]
        self.columns = {label: column for column, label in enumerate(self.labels)}
        self.of_group: dict[str, list[int]] = {}
        for column, label in enumerate(self.labels):
            self.of_group.setdefault(label.partition("/")[0], []).append(column)
        self._weights, self._steps, self._intercepts = weights, steps, intercepts
        rows = iter(range(len(self._weights)))
        numbers = {block: {gram: next(rows) for gram in names[block]} for block in BLOCKS}
        self._words, self._char = numbers["word"], numbers["char"]
        self._tags = _by_later(numbers["tag"])
        self._letters = lru_cache(maxsize=_REMEMBERED)(self._sum_letters)
        self._of_lists = lru_cache(maxsize=_REMEMBERED)(self._pairs_of_lists)

    def scores(self, words: Sequence[Word]) -> Scores:
        """Log odds for all words together, and for each segment by itself."""
        if not words:
            return Scores(
                self._intercepts, self._intercepts[None, :], (0,), np.zeros((0, len(self.labels)), np.float32)
            )
        size, starts = len(words), _starts(words)
        letters = [self._letters(word.text) for word in words]
        found = [self._by_word(words), self._by_tag(words)]
        counts = [*(one.counts for one in found), [count for _, count in letters]]
        across = [*(one.across for one in found), []]
        evidence = np.empty((len(BLOCKS), size, len(self.labels)), np.float32)
        evidence[:-1] = self._sum(found).reshape(len(found), size, -1)
        evidence[-1] = [row for row, _ in letters]
        sums = evidence.sum(axis=1, dtype=np.float64)
        for block, grams in enumerate(across):
            if grams:
                sums[block] += self._weights[grams].sum(axis=0)
        shares = [_share(sum(own) + len(grams)) for own, grams in zip(counts, across, strict=True)]
        whole = self._intercepts + self._steps * (np.array(shares) @ sums)
        parts = list(pairwise((*starts, size)))
        scale = [
            share for own in counts for start, end in parts for share in [_share(sum(own[start:end]))] * (end - start)
        ]
        evidence *= np.array(scale, np.float32).reshape(len(BLOCKS), size, 1)
        by_word = evidence.sum(axis=0) * self._steps
        return Scores(whole, self._intercepts + np.add.reduceat(by_word, starts, axis=0), starts, by_word)

    def _by_word(self, words: Sequence[Word]) -> _Found:
        numbers = self._words
        found = _Found(len(words))
        before = None
        for at, word in enumerate(words):
            if (known := numbers.get(word.text)) is not None:
                found.add(at, known)
            if before and (pair := numbers.get(f"{before.text} {word.text}")) is not None:
                if before.segment == word.segment:
                    found.add(at, pair)
                else:
                    found.across.append(pair)
            before = word
        return found

    def _by_tag(self, words: Sequence[Word]) -> _Found:
        """As features.tag_grams has it; words have few different lists, so what is found of two is remembered."""
        found = _Found(len(words))
        tagged = [(at, word) for at, word in enumerate(words) if word.tags]
        for order, (at, word) in enumerate(tagged):
            found.extend(at, self._of_lists(("",), word.tags))
            for other_at, other in tagged[max(0, order - NEAR) : order]:
                if at - other_at <= NEAR:
                    pairs = self._of_lists(other.tags, word.tags)
                    if other.segment == word.segment:
                        found.extend(at, pairs)
                    else:
                        found.across += pairs
        return found

    def _pairs_of_lists(self, earlier: tuple[str, ...], later: tuple[str, ...]) -> list[int]:
        known = [(self._tags.get(tag, {}), other) for tag in later for other in earlier]
        return [pairs[other] for pairs, other in known if other in pairs]

    def _sum(self, blocks: Sequence[_Found]) -> Floats:
        """Weights summed by word, of shape (words of all blocks, labels)."""
        counts = np.array([count for found in blocks for count in found.counts])
        rows = np.zeros((len(counts), self._weights.shape[1]), np.float32)
        owners = counts.nonzero()[0]
        if len(owners):
            grams = [gram for found in blocks for gram in found.grams]
            firsts = counts.cumsum()[owners] - counts[owners]
            # floats hold whole numbers of this size exactly
            rows[owners] = np.add.reduceat(self._weights[grams].astype(np.float32), firsts, axis=0)
        return rows

    def _sum_letters(self, word: str) -> tuple[Floats, int]:
        known = [self._char[gram] for gram in char_grams(word) if gram in self._char]
        return self._weights[known].sum(axis=0, dtype=np.float32), len(known)


def _share(grams: int) -> float:
    """By what the evidence of a stretch with so many n-grams is multiplied."""
    return 1 / (LENGTH * math.sqrt(max(grams, 1)))


def _by_later(numbers: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Numbers of pairs of lists by the later one, then the earlier; the earlier of a list by itself is ""."""
    found: dict[str, dict[str, int]] = {}
    for gram, number in numbers.items():
        other, _, later = gram.rpartition("+")
        found.setdefault(later, {})[other] = number
    return found


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
