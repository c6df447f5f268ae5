"""Serves the classifier from exported arrays: no pickle, no scikit-learn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from bot.understand.features import BLOCKS, LENGTH, NEAR, Word, char_grams

Floats = npt.NDArray[np.float32]

LONG = 12
"""Words from which a segment is taken for several that no mark parts."""
PART = 9
"""Words of such a part, at most."""
STEEP = 80.0
"""Log odds beyond which a probability is as good as 0 or 1, and float32 would overflow."""
_REMEMBERED = 8192
"""Words of which the evidence is kept."""


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


class Classifier:
    """One-vs-rest logistic regression over TF-IDF n-grams."""

    def __init__(self, names: Mapping[str, list[str]], weights: Floats, intercepts: Floats) -> None:
        """`names` are the labels, and the n-grams of each block; `weights` have the shape (n-grams, labels), block
        after block, and hold their inverse document frequencies.
        """
        self.labels = names["labels"]
        self.columns = {label: column for column, label in enumerate(self.labels)}
        self.of_group: dict[str, list[int]] = {}
        for column, label in enumerate(self.labels):
            self.of_group.setdefault(label.partition("/")[0], []).append(column)
        self._weights, self._intercepts = weights, intercepts
        rows = iter(range(len(self._weights)))
        self._numbers = {block: {gram: next(rows) for gram in names[block]} for block in BLOCKS}
        # by the later word list of a pair, then the earlier one; "" is the list by itself
        self._tags: dict[str, dict[str, int]] = {}
        for gram, number in self._numbers.pop("tag").items():
            other, _, tag = gram.rpartition("+")
            self._tags.setdefault(tag, {})[other] = number
        self._letters = lru_cache(maxsize=_REMEMBERED)(self._sum_letters)

    def scores(self, words: Sequence[Word]) -> Scores:
        """Log odds for all words together, and for each segment by itself."""
        if not words:
            return Scores(
                self._intercepts, self._intercepts[None, :], (0,), np.zeros((0, len(self.labels)), np.float32)
            )
        starts = _starts(words)
        size = len(words)
        letters = [self._letters(word.text) for word in words]
        found = {"word": self._by_word(words), "tag": self._by_tag(words)}
        counts = np.array([found["word"].counts, [count for _, count in letters], found["tag"].counts], np.float32)
        evidence = np.zeros((len(BLOCKS), size, len(self.labels)), np.float32)
        evidence[0] = self._sum(found["word"])
        evidence[1] = [row for row, _ in letters]
        evidence[2] = self._sum(found["tag"])
        across = np.array([len(found["word"].across), 0, len(found["tag"].across)], np.float32)
        totals = counts.sum(axis=1) + across
        shares = 1 / (LENGTH * np.sqrt(np.maximum(totals, 1)))
        whole = self._intercepts + (shares[:, None] * evidence.sum(axis=1, dtype=np.float64)).sum(axis=0)
        for block, share in (("word", shares[0]), ("tag", shares[2])):
            if found[block].across:
                whole += share * self._weights[found[block].across].sum(axis=0, dtype=np.float64)
        scale = 1 / (LENGTH * np.sqrt(np.maximum(np.add.reduceat(counts, starts, axis=1), 1)))
        evidence *= np.repeat(scale, np.diff((*starts, size)), axis=1)[:, :, None]
        by_word = evidence.sum(axis=0)
        return Scores(whole, self._intercepts + np.add.reduceat(by_word, starts, axis=0), starts, by_word)

    def _by_word(self, words: Sequence[Word]) -> _Found:
        numbers = self._numbers["word"]
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
        """As features.tag_grams has it, without making the names of pairs."""
        found = _Found(len(words))
        tagged = [(at, word) for at, word in enumerate(words) if word.tags]
        for order, (at, word) in enumerate(tagged):
            before = [(other, name) for place, other in tagged[:order] if at - place <= NEAR for name in other.tags]
            for tag in word.tags:
                pairs = self._tags.get(tag)
                if pairs is None:
                    continue
                if (alone := pairs.get("")) is not None:
                    found.add(at, alone)
                for other, name in before:
                    if (known := pairs.get(name)) is not None:
                        if other.segment == word.segment:
                            found.add(at, known)
                        else:
                            found.across.append(known)
        return found

    def _sum(self, found: _Found) -> Floats:
        """Weights summed by word, of shape (words, labels)."""
        rows = np.zeros((len(found.counts), self._weights.shape[1]), np.float32)
        owners = [word for word, count in enumerate(found.counts) if count]
        if owners:
            firsts = [0, *accumulate(found.counts[word] for word in owners[:-1])]
            rows[owners] = np.add.reduceat(self._weights[found.grams], firsts, axis=0)
        return rows

    def _sum_letters(self, word: str) -> tuple[Floats, int]:
        numbers = self._numbers["char"]
        known = [numbers[gram] for gram in char_grams(word) if gram in numbers]
        return self._weights[known].sum(axis=0), len(known)


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
