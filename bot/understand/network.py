"""A small convolutional network that hears words in their order, beside the classifier that only counts them.

Each word becomes a vector: of itself, its letters, and the word lists, patterns and cues that stand there. Layers of
convolution let neighbours speak, and each label attends to the words that say it (as in Mullenbach et al. 2018,
"Explainable Prediction of Medical Codes from Clinical Text"). Of what is attended to, the status is read as well.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.understand.assertion import Assertions
from bot.understand.classifier import Floats
from bot.understand.features import char_grams
from bot.understand.message import Message
from bot.understand.vocabulary import Vocabulary, numbered

BUCKETS = 1 << 14
"""Vectors that the letters within words share."""
STOP = "stop"
"""Sign of a mark."""
KINDS = ("symptom", "context", "area")
"""Labels whose status is read."""
_REMEMBERED = 8192
"""Words, and sets of signs, of which the vector is kept."""


class Told(NamedTuple):
    """A word or mark, as the network sees it."""

    word: str
    """Numbers are all "0"."""
    signs: tuple[str, ...]
    """Word lists that begin there, and what patterns and cues find there and say of it."""


def told_of(message: Message, assertions: Assertions) -> list[Told]:
    """The words and marks of a message."""
    tokens, beginning = message.tokens, message.tagged.beginning
    signs: list[dict[str, None]] = [dict.fromkeys(beginning.get(at, ())) for at in range(len(tokens))]
    for kind in KINDS:
        for match in message.found(kind):
            ruled = assertions.judge(match, message.tagged, message.cues).status
            _mark(signs, match.first, match.last, f"{kind}/{match.label}", f"{kind} {ruled}")
    for found in message.cues:
        _mark(signs, found.first, found.last, f"{found.cue.status} {found.cue.reach}")
    for token, own in zip(tokens, signs, strict=True):
        if token.kind != "word":
            own[STOP] = None
    return [
        Told("0" if token.text.isdigit() else token.text, tuple(own)) for token, own in zip(tokens, signs, strict=True)
    ]


def _mark(signs: Sequence[dict[str, None]], first: int, last: int, *new: str) -> None:
    for own in signs[first : last + 1]:
        own.update(dict.fromkeys(new))


def buckets_of(word: str) -> list[int]:
    """Numbers of the vectors of a word's letters."""
    return [crc32(gram.encode()) % BUCKETS for gram in char_grams(word)]


class Heard:
    """What the network makes of a text."""

    def __init__(self, network: "Network", attended: Floats, odds: Floats) -> None:
        self._network, self._attended = network, attended
        self.odds = odds
        """Log odds of the labels, shape (labels,)."""

    def statuses(self, label: str) -> Floats | None:
        """Probability of each status of a mention, in the order of statuses.STATUSES; none for an unknown label."""
        column = self._network.columns.get(label)
        return None if column is None else self._network.statuses(self._attended[column], column)


class Network:
    """Serves the network from its arrays."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        """`arrays` as `packed` gives them."""
        self.labels: list[str] = arrays["labels"].tolist()
        self.columns = {label: column for column, label in enumerate(self.labels)}
        self._words = Vocabulary(arrays, "words")
        self._signs = {sign: row for row, sign in enumerate(arrays["signs"].tolist())}
        self._arrays = {
            name: value.astype(np.float32) if value.dtype == np.float16 else value for name, value in arrays.items()
        }
        self._layers = [
            (self._arrays[f"kernel_{number}"], self._arrays[f"bias_{number}"])
            for number in range(int(arrays["layers"]))
        ]
        self._of_word = lru_cache(maxsize=_REMEMBERED)(self._vector_of_word)
        self._of_signs = lru_cache(maxsize=_REMEMBERED)(self._vector_of_signs)

    def hear(self, told: Sequence[Told]) -> Heard:
        """What a text of at least one word says."""
        arrays = self._arrays
        state = np.array([self._of_word(one.word) for one in told], np.float32)
        if marked := [at for at, one in enumerate(told) if one.signs]:
            state[marked] += [self._of_signs(told[at].signs) for at in marked]
        for number, (kernel, bias) in enumerate(self._layers):
            grown = side_by_side(state, len(kernel), 1 << number) @ kernel
            grown += bias
            state += np.maximum(grown, 0, out=grown)
        attention = state @ arrays["attention"]
        attention = np.exp(attention - attention.max(axis=0))
        attended = (attention / attention.sum(axis=0)).T @ state
        return Heard(self, attended, (attended * arrays["out"]).sum(axis=1) + arrays["intercepts"])

    def statuses(self, attended: Floats, column: int) -> Floats:
        """Probability of each status of what a label attends to."""
        arrays = self._arrays
        odds = (
            np.maximum(attended @ arrays["inner"] + arrays["inner_bias"], 0) @ arrays["status"] + arrays["own"][column]
        )
        odds = np.exp(odds - odds.max())
        return np.asarray(odds / odds.sum(), np.float32)

    def _vector_of_word(self, word: str) -> Floats:
        known, letters = self._words.get(word), buckets_of(word)
        own = self._rows("word", [0 if known is None else known + 1])[0]
        return np.asarray(own + self._rows("letters", letters).mean(axis=0)) if letters else own

    def _vector_of_signs(self, signs: Sequence[str]) -> Floats:
        rows = [row for sign in signs if (row := self._signs.get(sign)) is not None]
        return np.asarray(self._rows("sign", rows).sum(axis=0))

    def _rows(self, block: str, rows: Sequence[int]) -> Floats:
        """Vectors, which are kept as whole steps."""
        return np.asarray(self._arrays[block][rows] * self._arrays[f"{block}_steps"], np.float32)


class Blend:
    """A network beside a classifier: what both make of a label counts, each for its share."""

    def __init__(self, network: Network, columns: Mapping[str, int], shares: Mapping[str, float]) -> None:
        """`columns` of the classifier's labels; `shares` of the network by kind of label, none where none is named."""
        self.network = network
        common = [label for label in network.labels if label in columns and label.partition("/")[0] in shares]
        self._columns = [columns[label] for label in common]
        self._heard = [network.columns[label] for label in common]
        self._shares = np.array([shares[label.partition("/")[0]] for label in common], np.float32)

    def odds(self, odds: Floats, heard: Heard) -> Floats:
        """Log odds of the classifier's labels, with what was heard."""
        blended = odds.copy()
        blended[self._columns] += self._shares * (heard.odds[self._heard] - odds[self._columns])
        return blended


def side_by_side(state: Floats, width: int, apart: int) -> Floats:
    """Of vectors of shape (..., words, size), each beside those of its neighbours, `apart` words from each other, as a
    kernel of so many rows takes them.
    """
    *texts, words, size = state.shape
    padded = np.zeros((*texts, words + 1, size), state.dtype)
    padded[..., :words, :] = state
    beside = padded.take(_neighbours(words, width // size, apart), axis=-2)
    return beside.reshape((*texts, words, width))


@lru_cache(maxsize=512)
def _neighbours(words: int, wide: int, apart: int) -> npt.NDArray[np.intp]:
    """Places of each word's neighbours; beyond the text they are behind its last word."""
    places = np.arange(words)[:, None] + (np.arange(wide) - wide // 2) * apart
    return np.where((places < 0) | (places >= words), words, places)


def packed(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The arrays as they are kept: vectors in steps of a byte, the rest in half precision."""
    kept: dict[str, Any] = {}
    for name, value in arrays.items():
        if name == "words":
            kept |= numbered(value.tolist(), name)
        elif name in ("word", "sign", "letters"):
            steps = np.abs(value).max(axis=0) / 127 + 1e-12
            kept[name], kept[f"{name}_steps"] = np.rint(value / steps).astype(np.int8), steps.astype(np.float32)
        else:
            kept[name] = value.astype(np.float16) if value.dtype.kind == "f" else value
    return kept
