"""Serves the classifier from exported arrays: an .npz of numbers and a .json of words; no pickle, no scikit-learn."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.understand.features import char_grams, word_grams

Floats = npt.NDArray[np.float32]

GROUPS = ("symptom", "context", "intent")


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of n-gram: its vocabulary and inverse document frequencies."""

    vocabulary: dict[str, int]
    """Number of each n-gram's column within the block."""
    idf: Floats
    """Shape (n-grams of the block,)."""
    offset: int
    """First column of the block."""


class Classifier:
    """One-vs-rest logistic regression over TF-IDF n-grams."""

    def __init__(self, meta: dict[str, Any], arrays: dict[str, Floats]) -> None:
        """`meta` holds labels, thresholds and vocabularies; `arrays` word_idf, char_idf, weights and intercepts."""
        self.labels: list[str] = meta["labels"]
        self.thresholds = np.asarray(meta["thresholds"], dtype=np.float32)
        words = {gram: number for number, gram in enumerate(meta["word_grams"])}
        chars = {gram: number for number, gram in enumerate(meta["char_grams"])}
        self._blocks = (
            (word_grams, Block(words, arrays["word_idf"], 0)),
            (char_grams, Block(chars, arrays["char_idf"], len(words))),
        )
        self._weights: Floats = arrays["weights"]  # shape (n-grams, labels): a text gathers the rows of its n-grams
        self._intercepts: Floats = arrays["intercepts"]
        self.known_words: frozenset[str] = frozenset(gram for gram in words if " " not in gram)
        self.of_group = {
            group: [number for number, label in enumerate(self.labels) if label.startswith(f"{group}/")]
            for group in GROUPS
        }

    def probabilities(self, words: Sequence[str]) -> Floats:
        """Probability of each label, shape (labels,), in the order of `labels`."""
        score = self._intercepts.copy()
        for grams_of, block in self._blocks:
            columns, values = _weigh(grams_of(words), block)
            if columns.size:
                score += values @ self._weights[columns + block.offset]
        return np.asarray(1.0 / (1.0 + np.exp(-score)), dtype=np.float32)


def _weigh(grams: Counter[str], block: Block) -> tuple[npt.NDArray[np.intp], Floats]:
    """Columns and TF-IDF values (sublinear, unit length) of the n-grams that the block knows."""
    known = [(block.vocabulary[gram], count) for gram, count in grams.items() if gram in block.vocabulary]
    columns = np.fromiter((column for column, _ in known), dtype=np.intp, count=len(known))
    counts = np.fromiter((count for _, count in known), dtype=np.float32, count=len(known))
    values = (1.0 + np.log(counts)) * block.idf[columns]
    length = float(np.sqrt((values * values).sum()))
    return columns, (values / length if length else values).astype(np.float32)


def save(meta: dict[str, Any], arrays: dict[str, Floats], path: Path) -> None:
    """Write `<path>.npz` and `<path>.json`; the JSON last, so that its presence means both are whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part.npz")
    np.savez(part, **arrays)  # type: ignore[arg-type] # the stubs take keyword arrays for the allow_pickle flag
    part.replace(path.with_suffix(".npz"))
    text = path.with_name(f".{path.name}.part.json")
    text.write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    text.replace(path.with_suffix(".json"))


def is_saved(path: Path) -> bool:
    """Whether a whole model stands at `path`."""
    return path.with_suffix(".json").is_file()


def load(path: Path) -> Classifier:
    """Read a saved model."""
    meta = json.loads(path.with_suffix(".json").read_text("utf-8"))
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
        return Classifier(meta, {name: arrays[name] for name in arrays.files})
