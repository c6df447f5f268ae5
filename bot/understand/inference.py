"""What the classifier hears beyond the phrases: which labels, where in the text, and with which status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.model.language import Status
from bot.model.talk import Finding, Uncovered
from bot.understand.assertion import Assertions
from bot.understand.classifier import Classifier
from bot.understand.features import words_of
from bot.understand.matching import Match
from bot.understand.message import Message, overlap
from bot.understand.tokens import Token

UNSURE = 0.45
"""Share of its threshold from which a label is a guess worth offering as a choice."""
BEYOND_DOUBT = 0.8
"""Score from which the classifier is believed even beside a place that no article covers."""
SECOND = 0.6
"""Score from which it may find one thing more in words that a phrase took for another."""
CLAUSE_WORDS = 3
"""Shorter clauses are too little for it to judge by themselves."""


@dataclass(frozen=True, slots=True)
class Sure:
    """A label above its threshold."""

    label: str
    score: float
    clause: int | None
    """The clause that speaks most for it; none where the text is one clause."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the classifier makes of a message."""

    intents: Mapping[str, float]
    """Probability of each `intent/…` label."""
    sure: tuple[Sure, ...]
    guesses: tuple[str, ...]
    """Symptoms in the unsure band, likeliest first."""

    def of(self, kind: str) -> list[Sure]:
        """Sure labels of one kind: "symptom" or "context"."""
        return [hit for hit in self.sure if hit.label.startswith(f"{kind}/")]


class Inference:
    """Adds the classifier's findings to those of the phrases."""

    def __init__(self, model: Classifier, assertions: Assertions, covered: frozenset[str]) -> None:
        """`covered` are the word lists of places that the articles speak of."""
        self._model, self._assertions, self._covered = model, assertions, covered
        self._columns = {label: column for column, label in enumerate(model.labels)}

    def classify(self, message: Message) -> Heard:
        """Probabilities of the whole text; labels that are sure, with their clause; and guesses, likeliest first."""
        model = self._model
        clauses: dict[int, list[Token]] = {}
        for token in message.tokens:
            clauses.setdefault(token.clause, []).append(token)
        whole = model.probabilities(words_of(message.tokens))
        parts = {number: words_of(tokens) for number, tokens in clauses.items()}
        scored = {
            number: model.probabilities(words)
            for number, words in parts.items()
            if len(words) >= CLAUSE_WORDS and len(clauses) > 1
        }
        sure, guesses = [], []
        for column in [*model.of_group["symptom"], *model.of_group["context"]]:
            best = max(scored, key=lambda number: (float(scored[number][column]), -number)) if scored else None
            clause_score = float(scored[best][column]) if best is not None else float(whole[column])
            score = (float(whole[column]) + clause_score) / 2
            threshold = float(model.thresholds[column])
            label = model.labels[column]
            if score >= threshold:
                sure.append(Sure(label, score, best))
            elif score >= threshold * UNSURE and label.startswith("symptom/"):
                guesses.append((score, label.partition("/")[2]))
        intents = {model.labels[column]: float(whole[column]) for column in model.of_group["intent"]}
        return Heard(intents, tuple(sure), tuple(id_ for _, id_ in sorted(guesses, reverse=True)))

    def add(
        self,
        findings: list[Finding],
        sure: Iterable[Sure],
        message: Message,
        uncovered: Sequence[Uncovered],
    ) -> list[Finding]:
        """Findings, with those of the classifier that no phrase found; their status is that of their clause."""
        known = {finding.id for finding in findings}
        added = list(findings)
        for hit in sure:
            id_ = hit.label.partition("/")[2]
            if id_ in known:
                continue
            match, status = self._status_of_part(hit, message)
            if hit.score < BEYOND_DOUBT and self._is_elsewhere(match, message, uncovered):
                continue
            if hit.score < SECOND and any(overlap(message.span(match), finding.span) for finding in findings):
                continue
            added.append(Finding(id_, status, round(hit.score, 3), message.span(match), "classifier"))
        return sorted(added, key=lambda finding: (finding.span or (0, 0), finding.id))

    def _status_of_part(self, hit: Sure, message: Message) -> tuple[Match, Status]:
        """Where in its clause a label of the classifier stands, and its status there.

        The part between joins that speaks most for the label is taken. A denial in that part counts unless its words
        speak for the label themselves, as in "no energy for anything": then they are how the sign is worded.
        """
        label, clause = hit.label, hit.clause
        parts: dict[int, list[int]] = {}
        for number, token in enumerate(message.tokens):
            if token.kind == "word" and clause in (None, token.clause):
                parts.setdefault(token.segment, []).append(number)
        best = max(parts.values(), key=lambda part: self._score(label, part, message))
        match = Match(label, best[0], best[-1])
        inside = [cue for cue in message.cues if best[0] <= cue.first <= best[-1]]
        for cue in inside:
            if cue.cue.status == "denied":
                rest = [number for number in best if not cue.first <= number <= cue.last]
                if not rest or self._score(label, rest, message) < self._score(label, best, message):
                    continue
            if cue.cue.status == "none" and cue.cue.reach == "forward":
                continue
            return match, "present" if cue.cue.status == "none" else cue.cue.status
        outside = [cue for cue in message.cues if cue not in inside]
        return match, self._assertions.judge(match, message.tagged, outside).status

    def _is_elsewhere(self, match: Match, message: Message, uncovered: Sequence[Uncovered]) -> bool:
        """Whether the part speaks of a place that no article covers, and of none that one does."""
        start, end = message.span(match)
        named = any(start <= finding.span[0] < end for finding in uncovered)
        ours = any(
            match.first <= place <= match.last for name in self._covered for place in message.tagged.lists.get(name, ())
        )
        return named and not ours

    def _score(self, label: str, numbers: Sequence[int], message: Message) -> float:
        words = words_of([message.tokens[number] for number in numbers])
        return float(self._model.probabilities(words)[self._columns[label]])
