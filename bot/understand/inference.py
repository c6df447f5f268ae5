"""What the classifiers hear: which labels, where in the text, and with which status."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.model.language import Status
from bot.understand.assertion import Assertions
from bot.understand.classifier import Scores, probability
from bot.understand.features import Word, words_of
from bot.understand.matching import Match
from bot.understand.message import Message
from bot.understand.model import Model
from bot.understand.network import Blend, Heard, Told, told_of
from bot.understand.statuses import STATUSES, Scene, decide

SURE = {"symptom": 0.55, "context": 0.2, "area": 0.15}
"""Probability from which a label counts as mentioned; tuned on the project's tuning set."""
UNSURE = 0.2
"""Probability from which it is a guess worth offering as a choice."""
DOUBTED = {"symptom": 0.05, "context": 0.00001}
"""Probability below which a phrase is only a guess: its words stand there, but the text does not say that."""
DRIVERS = 4
"""Words that a finding names as its reason, at most."""
DENIED = 0.7
"""Share of the statuses' probabilities from which a denial is sure."""
HEARD = {"symptom": 0.5, "area": 0.5}
"""What the network's log odds weigh beside the classifier's, by kind of label; tuned on the project's tuning set."""
STATUS_HEARD = 0.5
"""What its statuses weigh."""
PLAIN = 0.8
"""Share from which the classifier and the cues decide on a phrase alone: "Tight hips; knees are fine" is plain."""
AGREED = 0.9
"""Share from which the network and the cues, where they agree, decide: the classifier would hardly ever say other."""
AGAIN = 0.7
"""Probability from which a further segment mentions the label as well."""
MENTIONS = 8
"""Such segments that are looked at, first to last: a text that repeats itself must not take long."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mention a label."""

    id: str
    match: Match
    confidence: float
    drivers: tuple[tuple[str, float], ...]
    """Words that speak most for it, with the log odds that each adds."""


class Inference:
    """A message, as the classifiers hear it."""

    def __init__(self, model: Model, blend: Blend | None, message: Message, assertions: Assertions) -> None:
        self._model, self._statuses, self._message = model.labels, model.statuses, message
        self._assertions = assertions
        self.words: list[Word] = words_of(message)
        self.told: list[Told] = told_of(message, assertions) if model.networks else []
        self.scores: Scores = self._model.scores(self.words)
        odds = self.scores.mean()
        self._heard: Heard | None = None
        if blend:
            self._heard = blend.network.hear(self.told)
            odds = blend.odds(odds, self._heard)
        self._chances: list[float] = probability(odds).tolist()

    def intents(self) -> Mapping[str, float]:
        """Probability of each intent."""
        whole = probability(self.scores.whole).tolist()
        return {self._model.labels[column]: whole[column] for column in self._model.of_group.get("intent", ())}

    def chance(self, label: str) -> float | None:
        """Probability that the text mentions a label, whatever the status; none where the label was never trained."""
        column = self._model.columns.get(label)
        return None if column is None else self._chances[column]

    def guesses(self) -> list[str]:
        """Symptoms in the unsure band, likeliest first."""
        unsure = [
            (self._chances[column], self._model.labels[column].partition("/")[2])
            for column in self._model.of_group.get("symptom", ())
            if UNSURE <= self._chances[column] < SURE["symptom"]
        ]
        return [id_ for _, id_ in sorted(unsure, reverse=True)]

    def mentions(self, group: str) -> Iterator[Mention]:
        """Labels of a group that count as mentioned, once for each segment that says so."""
        columns = self._model.of_group.get(group, ())
        for column in columns:
            if self._chances[column] < SURE[group]:
                continue
            segments = self.scores.segments[:, column]
            best = int(segments.argmax())
            strong = np.flatnonzero(probability(segments) >= AGAIN).tolist()
            for segment in sorted({best, *strong[:MENTIONS]}):
                id_ = self._model.labels[column].partition("/")[2]
                first, last = self.scores.strongest(segment, column)
                match = Match(id_, self.words[first].token, self.words[last].token)
                drivers = self._drivers(segment, column, first, last)
                yield Mention(id_, match, round(self._chances[column], 3), drivers)

    def status(self, match: Match, kind: str, *, phrase: bool) -> Status:
        """Whether what the match mentions is felt now, and by whom; of a message of nothing else, the cues decide."""
        ruled = self._assertions.judge(match, self._message.tagged, self._message.cues).status
        if phrase and match.first <= self.words[0].token and self.words[-1].token <= match.last:
            return ruled
        heard = self._heard.statuses(f"{kind}/{match.label.partition('/')[0]}") if self._heard else None
        if heard is not None and ruled in STATUSES and heard[STATUSES.index(ruled)] >= AGREED:
            return ruled
        shares = self._statuses.shares(self._scene, match)
        plain = phrase and shares[0] >= PLAIN and ruled == "present"
        if heard is not None and not plain:
            shares += STATUS_HEARD * (heard - shares)
        return decide(self._message, match, kind, ruled, shares.tolist(), phrase=phrase)

    def is_denied(self, match: Match) -> bool:
        """Whether the classifier of the status is sure that it is denied."""
        return float(self._statuses.shares(self._scene, match)[STATUSES.index("denied")]) >= DENIED

    @cached_property
    def _scene(self) -> Scene:
        return Scene(self._message, self._assertions)

    def _drivers(self, segment: int, column: int, first: int, last: int) -> tuple[tuple[str, float], ...]:
        """Strongest first."""
        start = self.scores.starts[segment]
        added = self.scores.by_word(segment, column)[first - start : last + 1 - start]
        strongest = sorted(range(len(added)), key=lambda at: (-added[at], at))[:DRIVERS]
        texts = self._message.tokens
        return tuple(
            (texts[self.words[first + at].token].text, round(added[at], 2)) for at in strongest if added[at] > 0
        )


class Listener:
    """Makes an inference of each message."""

    def __init__(self, model: Model, assertions: Assertions) -> None:
        self._model, self._assertions = model, assertions
        network = model.networks.get("mention")
        self._blend = Blend(network, model.labels.columns, HEARD) if network else None

    def hear(self, message: Message) -> Inference:
        """What the classifiers make of a message that has tokens."""
        return Inference(self._model, self._blend, message, self._assertions)
