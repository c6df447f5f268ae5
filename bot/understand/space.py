"""Texts as scikit-learn takes them: rows of numbers, a column for each n-gram that counts."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.understand.classifier import Floats, Wholes
from bot.understand.features import BLOCKS, LENGTH, Word, char_grams, grams, named

LEAST = {"word": 3, "tag": 6, "char": 6}
"""Stretches in which an n-gram must occur, by block."""
MOST = {"word": 25_000, "tag": 8_000, "char": 8_000}
"""N-grams that are kept, by block: those that say most of a label. More decide no better beside the network."""

FINEST = 32_767
"""Steps of a label's greatest weight."""

T = TypeVar("T")


class Space:
    """The n-grams that count, their inverse document frequencies, and texts as rows of numbers."""

    def __init__(self, texts: Sequence[Sequence[Word]], labels: Sequence[Collection[str]]) -> None:
        self.grams: dict[str, list[str]] = {}
        self._idf: dict[str, Any] = {}
        self.labels: dict[str, int] = {}
        """All labels, numbered as they were met."""
        truth = table(labels, self.labels)
        counts = {}
        for block in BLOCKS:
            numbers: dict[str, int] = {}
            found = _counts(texts, block, numbers)
            occurrences = np.bincount(found.indices, minlength=len(numbers))
            often = sorted(gram for gram, number in numbers.items() if occurrences[number] >= LEAST[block])
            telling = _telling(found[:, [numbers[gram] for gram in often]], truth)
            best = [often[place] for place in np.argsort(-telling, kind="stable")[: MOST[block]]]
            # common ones first, so that what is read stands together
            self.grams[block] = sorted(best, key=lambda gram: (-occurrences[numbers[gram]], gram))
            kept = [numbers[gram] for gram in self.grams[block]]
            self._idf[block] = np.log((1 + len(texts)) / (1 + occurrences[kept])) + 1
            counts[block] = found[:, kept]
        self.rows = self._weigh(counts)
        """The texts that it was made of."""

    @property
    def named(self) -> list[str]:
        """All n-grams, in the order of the columns."""
        return [named(block, gram) for block in BLOCKS for gram in self.grams[block]]

    def matrix(self, texts: Sequence[Sequence[Word]]) -> Any:
        """Shape (texts, n-grams of all blocks)."""
        numbers = {block: {gram: number for number, gram in enumerate(self.grams[block])} for block in BLOCKS}
        return self._weigh({block: _counts(texts, block, numbers[block], grow=False) for block in BLOCKS})

    def _weigh(self, counts: Mapping[str, Any]) -> Any:
        blocks = []
        for block in BLOCKS:
            length = LENGTH * np.sqrt(np.maximum(np.asarray(counts[block].sum(axis=1)), 1))
            blocks.append(counts[block].multiply(self._idf[block]).multiply(1 / length).tocsr())
        return hstack(blocks).tocsr()

    def served(self, weights: Any) -> tuple[Wholes, Floats]:
        """Weights for serving, which sums counts: so the inverse document frequency goes into them. They are whole
        numbers of steps, one size a label, whose sums are exact.
        """
        whole = weights * self._all_idf[:, None]
        steps = (np.abs(whole).max(axis=0, initial=0) / FINEST).astype(np.float32)
        return np.rint(whole / np.where(steps, steps, 1)).astype(np.int16), steps

    def weights(self, served: Wholes, steps: Floats) -> Any:
        """The weights that scikit-learn would have to hold to say what is served."""
        return served * steps.astype(np.float64) / self._all_idf[:, None]

    @property
    def _all_idf(self) -> Any:
        return np.concatenate([self._idf[block] for block in BLOCKS])


def _counts(texts: Sequence[Sequence[Word]], block: str, numbers: dict[str, int], *, grow: bool = True) -> Any:
    """How often each n-gram of a block stands in each text; `numbers` gives the columns, and grows where it may."""
    if block == "char":  # letters of a word are the same wherever it stands
        vocabulary: dict[str, int] = {}
        words = table(((word.text for word in text) for text in texts), vocabulary)
        return words @ table(map(char_grams, vocabulary), numbers, grow=grow)
    return table((grams(text, block) for text in texts), numbers, grow=grow)


def _telling(counts: Any, truth: Any) -> Any:
    """How much each n-gram says of the label it says most of: by how many deviations it comes more or less often with
    it than by chance.
    """
    there = counts.astype(bool).astype(np.float32)
    together = (there.T @ truth).toarray()
    by_chance = np.outer(there.sum(axis=0), truth.sum(axis=0)) / max(there.shape[0], 1)
    return (np.abs(together - by_chance) / np.sqrt(by_chance + 0.5)).max(axis=1, initial=0)


def table(rows: Iterable[Iterable[T]], numbers: dict[T, int], *, grow: bool = True) -> Any:
    """How often each value stands in each row; `numbers` gives the columns, and grows where it may."""
    columns, ends = array("i"), array("i", [0])
    for row in rows:
        if grow:
            columns.extend([numbers.setdefault(value, len(numbers)) for value in row])
        else:
            columns.extend([numbers[value] for value in row if value in numbers])
        ends.append(len(columns))
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(numbers)))
    table.sum_duplicates()
    return table
