"""Teaches the network (bot/understand/network.py) from labelled texts. Same texts and library versions, same result."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit

from bot.understand.classifier import Floats
from bot.understand.lessons import Sample
from bot.understand.network import BUCKETS, Told, buckets_of, side_by_side

SEED = 7
SIZE = 96
"""Numbers of a word's vector."""
WIDE, LAYERS = 5, 3
"""Neighbours that a layer sees at once, each layer's twice as far apart; and layers."""
LEAST_WORD, LEAST_SIGN = 3, 10
"""Times a word or a sign must occur to have a vector of its own."""
LONGEST = 150
"""Words and marks of a text from which is learned."""
BATCH = 64
STEEPEST, WARM = 0.004, 0.3
"""Largest step, and the share of the steps until it is reached."""
DROPPED, UNKNOWN = 0.3, 0.08
"""Share of numbers left out, and of words taken for unknown, so that none is relied on."""
STATUS, POINTED = 2.0, 0.5
"""Weight of the statuses, and of attending to the words that are marked."""
CLIP = 5.0
"""Largest length of all gradients together."""

Arrays = dict[str, Any]
Rows = tuple[Any, Any]
"""Some rows of an array, and their gradients."""


def as_they_are(samples: Sequence[Sample], _: int) -> Sequence[Sample]:
    """The same samples in every epoch."""
    return samples


def learn(
    samples: Sequence[Sample],
    labels: Sequence[str],
    with_status: int,
    statuses: int,
    *,
    epochs: int,
    varied: Callable[[Sequence[Sample], int], Sequence[Sample]] = as_they_are,
    progress: Callable[[str], None] = lambda _: None,
) -> Arrays:
    """The arrays of a network; the first `with_status` labels have one of so many `statuses`; `varied` gives the
    samples of an epoch.
    """
    samples = [sample for sample in samples if sample.told]
    teacher = teacher_of(samples, len(labels), with_status, statuses)
    steps = epochs * -(-len(samples) // BATCH)
    done = 0
    for epoch in range(epochs):
        loss, given = 0.0, varied(samples, epoch)
        for batch in _batches(given, epoch):
            done += 1
            loss += teacher.step([given[at] for at in batch], _pace(done / steps))
        progress(f"hearing words in their order, {epoch + 1} of {epochs}: loss {loss * BATCH / len(samples):.3f}")
    return {**teacher.arrays(), "labels": np.array(labels)}


def teacher_of(samples: Sequence[Sample], labels: int, with_status: int, statuses: int) -> "Teacher":
    """A network that has learned nothing yet, with the words and signs of the samples."""
    words = Counter(one.word for sample in samples for one in sample.told)
    signs = Counter(sign for sample in samples for one in sample.told for sign in one.signs)
    return Teacher(
        sorted(word for word, count in words.items() if count >= LEAST_WORD),
        sorted(sign for sign, count in signs.items() if count >= LEAST_SIGN),
        labels,
        with_status,
        statuses,
    )


def _pace(share: float) -> float:
    """Size of a step: rising to the steepest, then falling to nothing."""
    if share < WARM:
        return STEEPEST * (0.04 + 0.96 * (1 - math.cos(math.pi * share / WARM)) / 2)
    return STEEPEST * (1 + math.cos(math.pi * (share - WARM) / (1 - WARM))) / 2


def _batches(samples: Sequence[Sample], epoch: int) -> Iterator[Sequence[int]]:
    """Texts of about one length together, in an order of chance."""
    chance = np.random.default_rng((SEED, epoch))
    lengths = np.array([min(len(sample.told), LONGEST) for sample in samples]) + 6 * chance.random(len(samples))
    order = lengths.argsort(kind="stable")
    starts = np.arange(0, len(order), BATCH)
    chance.shuffle(starts)
    yield from (order[start : start + BATCH].tolist() for start in starts)


class Teacher:
    """The network while it learns: Adam on the gradients of the mean log loss."""

    def __init__(self, words: list[str], signs: list[str], labels: int, with_status: int, statuses: int) -> None:
        self._chance = np.random.default_rng(SEED)
        self._words = {word: row for row, word in enumerate(words, start=1)}
        self._signs = {sign: row for row, sign in enumerate(signs)}
        self._with_status = with_status
        self._buckets: dict[str, list[int]] = {}
        self.values = {
            "word": self._drawn(len(words) + 1, SIZE, by=0.1),
            "sign": self._drawn(max(len(signs), 1), SIZE, by=0.1),
            "letters": self._drawn(BUCKETS, SIZE, by=0.1),
            **{f"kernel_{number}": self._drawn(WIDE * SIZE, SIZE) for number in range(LAYERS)},
            **{f"bias_{number}": np.zeros(SIZE, np.float32) for number in range(LAYERS)},
            "attention": self._drawn(SIZE, labels),
            "out": self._drawn(labels, SIZE, by=0.05),
            "intercepts": np.full(labels, -4.0, np.float32),
            "inner": self._drawn(SIZE, SIZE),
            "inner_bias": np.zeros(SIZE, np.float32),
            "status": self._drawn(SIZE, statuses),
            "own": np.zeros((with_status, statuses), np.float32),
        }
        self._means = {name: np.zeros_like(value) for name, value in self.values.items()}
        self._squares = {name: np.zeros_like(value) for name, value in self.values.items()}
        self._done = 0

    def arrays(self) -> Arrays:
        return {
            **self.values,
            "words": np.array(list(self._words)),
            "signs": np.array(list(self._signs)),
            "layers": np.array(LAYERS),
        }

    def _drawn(self, rows: int, columns: int, by: float | None = None) -> Floats:
        scale = by or 1 / np.sqrt(3 * rows)
        return (scale * self._chance.standard_normal((rows, columns))).astype(np.float32)

    def step(self, batch: Sequence[Sample], pace: float) -> float:
        """Learn from some texts; the loss before."""
        loss, gradients = self.gradients(batch)
        self._update(gradients, pace)
        return loss

    def gradients(self, batch: Sequence[Sample]) -> tuple[float, dict[str, Rows]]:
        """The mean loss of some texts, and its gradients."""
        texts = [sample.told[:LONGEST] for sample in batch]
        mask = np.arange(max(map(len, texts)))[None, :] < np.array([len(told) for told in texts])[:, None]
        vectors, to_rows = self._embed([one for told in texts for one in told])
        state = np.zeros((*mask.shape, SIZE), np.float32)
        state[mask] = vectors
        loss, gradients, back = self._beyond(state, mask, batch)
        return loss, {**gradients, **to_rows(back[mask])}

    def _embed(self, tokens: Sequence[Told]) -> tuple[Floats, Callable[[Floats], dict[str, Rows]]]:
        """Vectors of tokens, and how their gradients come to the rows."""
        values = self.values
        rows = np.array([self._words.get(one.word, 0) for one in tokens])
        rows[self._chance.random(len(rows)) < UNKNOWN] = 0
        used, at = np.unique(rows, return_inverse=True)
        from_word = _ones(at, len(used))

        spelled = {word: number for number, word in enumerate(dict.fromkeys(one.word for one in tokens))}
        of_spelled = _ones(np.array([spelled[one.word] for one in tokens]), len(spelled))
        letters = [self._letters(word) for word in spelled]
        lengths = np.array([len(one) for one in letters])
        buckets, places = np.unique(np.concatenate([np.array(one, np.int64) for one in letters]), return_inverse=True)
        shares = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
        mean = csr_matrix((shares, places, np.r_[0, lengths.cumsum()]), shape=(len(letters), len(buckets)))

        signs = [[self._signs[sign] for sign in one.signs if sign in self._signs] for one in tokens]
        counts = np.array([len(own) for own in signs])
        flat = np.array([sign for own in signs for sign in own], np.int64)
        of_signs = csr_matrix(
            (np.ones(len(flat), np.float32), flat, np.r_[0, counts.cumsum()]), shape=(len(tokens), len(values["sign"]))
        )
        vectors = values["word"][rows] + of_spelled @ (mean @ values["letters"][buckets]) + of_signs @ values["sign"]

        def to_rows(back: Floats) -> dict[str, Rows]:
            return {
                "word": (used, from_word.T @ back),
                "letters": (buckets, mean.T @ (of_spelled.T @ back)),
                "sign": (slice(None), of_signs.T @ back),
            }

        return vectors, to_rows

    def _letters(self, word: str) -> list[int]:
        if word not in self._buckets:
            self._buckets[word] = buckets_of(word)
        return self._buckets[word]

    def _beyond(self, state: Floats, mask: Any, batch: Sequence[Sample]) -> tuple[float, dict[str, Rows], Floats]:
        """The loss, and the gradients of everything beyond the vectors, and of the vectors."""
        values = self.values
        gradients: Arrays = {}
        first_kept, last_kept = self._kept(state.shape), self._kept(state.shape)
        state = state * first_kept
        layers = []
        for number in range(LAYERS):
            kernel = values[f"kernel_{number}"]
            beside = side_by_side(state, len(kernel), 1 << number)
            grown = beside @ kernel + values[f"bias_{number}"]
            passed = (grown > 0) & mask[..., None]
            layers.append((beside, passed))
            state = state + grown * passed
        state = state * last_kept

        attention = np.where(mask[..., None], state @ values["attention"], np.float32(-1e9))
        attention = np.exp(attention - attention.max(axis=1, keepdims=True))
        attention /= attention.sum(axis=1, keepdims=True)
        attended = attention.transpose(0, 2, 1) @ state
        odds = (attended * values["out"]).sum(axis=2) + values["intercepts"]

        truth = np.zeros_like(odds)
        for at, sample in enumerate(batch):
            truth[at, [*sample.marked, *sample.others]] = 1
        loss = float((np.logaddexp(0, odds) - truth * odds).sum())
        to_odds = (expit(odds) - truth) / len(batch)
        gradients["out"] = (to_odds[..., None] * attended).sum(axis=0)
        gradients["intercepts"] = to_odds.sum(axis=0)
        to_attended = to_odds[..., None] * values["out"]
        loss += self._statuses(batch, attended, to_attended, gradients)

        to_attention = state @ to_attended.transpose(0, 2, 1)
        loss += _point(batch, attention, to_attention)
        back = attention @ to_attended
        to_scores = attention * (to_attention - (attention * to_attention).sum(axis=1, keepdims=True))
        gradients["attention"] = np.tensordot(state, to_scores, axes=((0, 1), (0, 1)))
        back += to_scores @ values["attention"].T
        back *= last_kept
        for number in reversed(range(LAYERS)):
            beside, passed = layers[number]
            to_grown = back * passed
            gradients[f"kernel_{number}"] = np.tensordot(beside, to_grown, axes=((0, 1), (0, 1)))
            gradients[f"bias_{number}"] = to_grown.sum(axis=(0, 1))
            back = back + _gathered(to_grown @ values[f"kernel_{number}"].T, 1 << number)
        back *= first_kept
        return loss / len(batch), {name: (slice(None), value) for name, value in gradients.items()}, back

    def _kept(self, shape: tuple[int, ...]) -> Floats:
        return (self._chance.random(shape, np.float32) >= DROPPED).astype(np.float32) / np.float32(1 - DROPPED)

    def _statuses(self, batch: Sequence[Sample], attended: Floats, to_attended: Floats, gradients: Arrays) -> float:
        """Loss of the statuses; adds their gradients."""
        values = self.values
        pairs = [(at, label, one.status) for at, sample in enumerate(batch) for label, one in sample.marked.items()]
        places, labels, truths = np.array(pairs, np.int64).reshape(-1, 3).T
        given = attended[places, labels]
        grown = given @ values["inner"] + values["inner_bias"]
        hidden = np.maximum(grown, 0)
        odds = hidden @ values["status"] + values["own"][labels]
        chances = np.exp(odds - odds.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        which = np.arange(len(pairs))
        loss = -STATUS * float(np.log(chances[which, truths] + 1e-9).sum())
        chances[which, truths] -= 1
        chances *= STATUS / len(batch)
        gradients["status"] = hidden.T @ chances
        gradients["own"] = _ones(labels, self._with_status).T @ chances
        to_grown = (chances @ values["status"].T) * (grown > 0)
        gradients["inner"], gradients["inner_bias"] = given.T @ to_grown, to_grown.sum(axis=0)
        np.add.at(to_attended, (places, labels), to_grown @ values["inner"].T)
        return loss

    def _update(self, gradients: dict[str, Rows], pace: float) -> None:
        """Adam; vectors of words that the batch lacks stay as they are."""
        length = np.sqrt(sum(float((value * value).sum()) for _, value in gradients.values()))
        scale = np.float32(min(1.0, CLIP / (length + 1e-9)))
        self._done += 1
        first, second = 1 - 0.9**self._done, 1 - 0.999**self._done
        for name, (rows, gradient) in gradients.items():
            mean, square = self._means[name], self._squares[name]
            gradient = gradient * scale
            new_mean = 0.9 * mean[rows] + 0.1 * gradient
            new_square = 0.999 * square[rows] + 0.001 * gradient * gradient
            mean[rows], square[rows] = new_mean, new_square
            self.values[name][rows] -= (pace / first) * new_mean / (np.sqrt(new_square / second) + 1e-8)


def _ones(columns: Any, width: int) -> Any:
    """A row for each number, with a one in its column."""
    size = len(columns)
    return csr_matrix((np.ones(size, np.float32), columns, np.arange(size + 1)), shape=(size, width))


def _point(batch: Sequence[Sample], attention: Floats, to_attention: Floats) -> float:
    """Loss of attention that misses the marked words; adds its gradient."""
    loss = 0.0
    for at, sample in enumerate(batch):
        for label, one in sample.marked.items():
            if one.first <= one.last < attention.shape[1]:
                there = attention[at, one.first : one.last + 1, label].sum() + 1e-4
                loss -= POINTED * float(np.log(there))
                to_attention[at, one.first : one.last + 1, label] -= POINTED / there / len(batch)
    return loss


def _gathered(beside: Floats, apart: int) -> Floats:
    """What was laid side by side, each share back at its word."""
    texts, words, width = beside.shape
    wide = width // SIZE
    reach = wide // 2 * apart
    padded = np.zeros((texts, words + 2 * reach, SIZE), np.float32)
    for at in range(wide):
        padded[:, at * apart : at * apart + words] += beside[..., at * SIZE : (at + 1) * SIZE]
    return padded[:, reach : reach + words]
