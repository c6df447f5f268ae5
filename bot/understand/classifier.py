"""Serves the classifier from exported arrays: an .npz of numbers and a .json of words; no pickle, no scikit-learn."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.understand.features import BLOCKS, LENGTH, NEAR, Word, char_grams

Floats = npt.NDArray[np.float32]

GROUPS = ("symptom", "context", "area", "intent")
STATUS_ARRAYS = ("status_weights", "status_intercepts")
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


_Evidence = tuple[Floats, Floats, Floats | float, int]
"""By word: evidence within its segment, and of how many n-grams; the sum of those across segments, and how many."""


class _Found:
    """N-grams within segments, each with the word at which it ends, in the order of the text."""

    def __init__(self) -> None:
        self.words: list[int] = []
        self.grams: list[int] = []

    def add(self, word: int, gram: int) -> None:
        self.words.append(word)
        self.grams.append(gram)


class Classifier:
    """One-vs-rest logistic regression over TF-IDF n-grams."""

    def __init__(self, meta: dict[str, Any], arrays: dict[str, Floats]) -> None:
        """`meta` holds labels, n-grams and known words; `arrays` the weights of each block, and intercepts."""
        self.labels: list[str] = meta["labels"]
        self.columns = {label: column for column, label in enumerate(self.labels)}
        self.known_words: frozenset[str] = frozenset(meta["known_words"])
        self.common_words: dict[str, int] = meta["common_words"]
        self.of_group = {
            group: [number for number, label in enumerate(self.labels) if label.startswith(f"{group}/")]
            for group in GROUPS
        }
        self._numbers = {block: {gram: number for number, gram in enumerate(meta[block])} for block in BLOCKS}
        self._weights = {block: arrays[block] for block in BLOCKS}  # shape (n-grams, labels), times their idf
        self._intercepts = arrays["intercepts"]
        self.status_features: list[str] = meta.get("status", [])
        self.status_arrays = {name: arrays[name] for name in STATUS_ARRAYS if name in arrays}
        # by the later word list of a pair, then the earlier one; "" is the list by itself
        self._tags: dict[str, dict[str, int]] = {}
        for gram, number in self._numbers["tag"].items():
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
        whole = self._intercepts.copy()
        segments = np.repeat(self._intercepts[None, :], len(starts), axis=0)
        evidence = np.zeros((len(words), len(self.labels)), np.float32)
        lengths = np.diff([*starts, len(words)])
        for inside, counts, across, crossing in (self._by_word(words), self._by_letters(words), self._by_tag(words)):
            total = counts.sum() + crossing
            if not total:
                continue
            whole += (inside.sum(axis=0) + across) / (LENGTH * np.sqrt(total))
            scale = LENGTH * np.sqrt(np.maximum(np.add.reduceat(counts, starts), 1))
            evidence += inside / np.repeat(scale, lengths)[:, None]
        return Scores(whole, segments + np.add.reduceat(evidence, starts, axis=0), starts, evidence)

    def _by_word(self, words: Sequence[Word]) -> _Evidence:
        numbers = self._numbers["word"]
        inside = _Found()
        across: list[int] = []
        for at, word in enumerate(words):
            if (known := numbers.get(word.text)) is not None:
                inside.add(at, known)
            if at and (pair := numbers.get(f"{words[at - 1].text} {word.text}")) is not None:
                if words[at - 1].segment == word.segment:
                    inside.add(at, pair)
                else:
                    across.append(pair)
        return self._gather("word", len(words), inside, across)

    def _by_tag(self, words: Sequence[Word]) -> _Evidence:
        """As features.tag_grams has it, without making the names of pairs."""
        inside = _Found()
        across: list[int] = []
        for at, word in enumerate(words):
            for tag in word.tags:
                pairs = self._tags.get(tag)
                if pairs is None:
                    continue
                if (alone := pairs.get("")) is not None:
                    inside.add(at, alone)
                for other in words[max(0, at - NEAR) : at]:
                    for name in other.tags:
                        if (known := pairs.get(name)) is not None:
                            if other.segment == word.segment:
                                inside.add(at, known)
                            else:
                                across.append(known)
        return self._gather("tag", len(words), inside, across)

    def _gather(self, block: str, size: int, inside: _Found, across: list[int]) -> _Evidence:
        weights = self._weights[block]
        rows = np.zeros((size, weights.shape[1]), np.float32)
        counts = np.zeros(size, np.float32)
        if inside.words:
            owners = np.array(inside.words)
            first = np.flatnonzero(np.diff(owners, prepend=-1))
            rows[owners[first]] = np.add.reduceat(weights[inside.grams], first, axis=0)
            counts += np.bincount(owners, minlength=size)
        return rows, counts, weights[across].sum(axis=0) if across else 0.0, len(across)

    def _by_letters(self, words: Sequence[Word]) -> _Evidence:
        found = [self._letters(word.text) for word in words]
        return np.array([row for row, _ in found]), np.array([count for _, count in found], np.float32), 0.0, 0

    def _sum_letters(self, word: str) -> tuple[Floats, int]:
        numbers = self._numbers["char"]
        known = [numbers[gram] for gram in char_grams(word) if gram in numbers]
        return self._weights["char"][known].sum(axis=0), len(known)


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
    return np.asarray(1.0 / (1.0 + np.exp(np.clip(-score, -STEEP, STEEP))), dtype=np.float32)


def save(meta: dict[str, Any], arrays: dict[str, Floats], path: Path) -> None:
    """Write `<path>.npz` and `<path>.json`; the JSON last, so that its presence means both are whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part.npz")
    np.savez(part, **arrays)  # type: ignore[arg-type] # the stubs take keyword arrays for the allow_pickle flag
    part.replace(path.with_suffix(".npz"))
    text = path.with_name(f".{path.name}.part.json")
    text.write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    text.replace(path.with_suffix(".json"))


def load(path: Path) -> Classifier:
    """Read a saved model."""
    meta = json.loads(path.with_suffix(".json").read_text("utf-8"))
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
        return Classifier(meta, {name: arrays[name] for name in arrays.files})


def is_saved(path: Path) -> bool:
    """Whether a whole model stands at `path`."""
    return path.with_suffix(".json").is_file()
