"""Whether what is mentioned is felt now, and by whom: a small classifier over the words around a mention.

Cues alone (bot/understand/assertion.py) are rules that a clinician can read; they miss much of how people deny, end,
lend and imagine. Here their judgement is one feature among the words before, within and behind the mention.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise

import numpy as np

from bot.model.language import Status
from bot.understand.assertion import Assertions
from bot.understand.classifier import Floats, probability
from bot.understand.matching import Match
from bot.understand.message import Message
from bot.understand.tokens import Token
from bot.understand.vocabulary import Vocabulary

STATUSES: tuple[Status, ...] = ("present", "denied", "past", "other_person", "hypothetical")
PRESENT = {"symptom": 0.6, "context": 0.5, "area": 0.5}
"""Share of the probabilities from which a mention counts as felt now: a routine is made of symptoms."""
AGAINST_CUES = {"symptom": 0.9, "context": 0.8, "area": 0.8}
"""The same where a cue says otherwise."""
WORDED = 0.2
"""The same for a phrase that is itself worded with a negator: "can't lift my knee"."""
DOUBTFUL = 0.45
"""Share from which it may well be so, and is worth a question."""

_AROUND = 16
"""Words on each side that are looked at."""
_CLOSE = 5
"""Words on each side of which the order is looked at."""
NEAR = 3
"""Words within which a cue is near."""
_LONGEST = 5
"""Steps of the longest outline."""

Features = Mapping[str, Iterable[str]]
"""What is looked at for one mention, by kind; a value may occur twice."""


class Scene:
    """A message, as it surrounds its mentions."""

    def __init__(self, message: Message, assertions: Assertions) -> None:
        self.message, self.assertions = message, assertions
        self.tokens = message.tokens
        self.words = ["0" if token.text.isdigit() else token.text for token in message.tokens]
        self.pairs = ["", *map(" ".join, pairwise(self.words))]
        """By word: it and the one before."""
        self.lists = [tuple(message.tagged.beginning.get(at, ())) for at in range(len(self.words))]
        self.selves = [at for at, token in enumerate(self.tokens) if token.text in assertions.selves]
        self.persons = [at for at, token in enumerate(self.tokens) if token.text in assertions.persons]
        self.kin = [at for at, names in enumerate(self.lists) if "kin" in names or "person" in names]
        self.asked = max((at for at, token in enumerate(self.tokens) if "?" in token.text), default=-1)

    @cached_property
    def outlines(self) -> list[str]:
        """Grammar, with the other words blanked: "my <kin> has _ed"."""
        return [self._outline(at, token) for at, token in enumerate(self.tokens)]

    def _outline(self, at: int, token: Token) -> str:
        if token.kind == "stop" and not token.text.isalpha():
            return "."
        if token.kind != "word" or token.text in self.assertions.grammar:
            return token.text
        if token.text.isdigit():
            return "0"
        if self.lists[at]:
            return f"<{min(self.lists[at])}>"
        return next((f"_{ending}" for ending in ("ed", "ing", "s") if token.text.endswith(ending)), "_")

    def features(self, match: Match) -> Features:
        """What is looked at for a mention."""
        first, last = match.first, match.last
        words, pairs = self.words, self.pairs
        low, high = max(0, first - _AROUND), min(len(words), last + 1 + _AROUND)
        clause_start, clause_end = first, last + 1
        while clause_start > low and self.tokens[clause_start - 1].clause == self.tokens[first].clause:
            clause_start -= 1
        while clause_end < high and self.tokens[clause_end].clause == self.tokens[last].clause:
            clause_end += 1
        cues = list(self._cues(match))
        return {
            "of": (match.label,),
            "first": (words[first],),
            "last": (words[last],),
            "in": words[first : last + 1],
            "in pair": pairs[first + 1 : last + 1],
            "before": words[clause_start:first],
            "before apart": words[low:clause_start],
            "before next": words[max(clause_start, first - 1) : first],
            "before second": words[max(clause_start, first - 2) : max(clause_start, first - 1)],
            "before near": words[max(clause_start, first - 4) : max(clause_start, first - 2)],
            "before far": words[clause_start : max(clause_start, first - 4)],
            "before list": chain.from_iterable(self.lists[clause_start:first]),
            "before apart list": chain.from_iterable(self.lists[low:clause_start]),
            "before pair": pairs[low + 1 : first],
            "behind": words[last + 1 : clause_end],
            "behind apart": words[clause_end:high],
            "behind next": words[last + 1 : min(clause_end, last + 2)],
            "behind second": words[last + 2 : min(clause_end, last + 3)],
            "behind near": words[last + 3 : min(clause_end, last + 5)],
            "behind far": words[last + 5 : clause_end],
            "behind list": chain.from_iterable(self.lists[last + 1 : clause_end]),
            "behind apart list": chain.from_iterable(self.lists[clause_end:high]),
            "behind pair": pairs[last + 2 : high],
            **self._outlines(first, last),
            "cue": cues,
            "of cue": [f"{match.label} {cue}" for cue in cues],
            "told": ("asked" if self.asked > last else "told", *self._persons(first, last)),
            "opens": (words[0], " ".join(words[:2])),
        }

    def looked_at(self, match: Match) -> set[str]:
        """The same as single features."""
        return {f"{kind}/{value}" for kind, values in self.features(match).items() for value in values}

    def _outlines(self, first: int, last: int) -> Features:
        """Grammar before, within and behind the mention: "my <kin> has [", "] went away"."""
        outlines = self.outlines
        before = [*outlines[max(0, first - _CLOSE) : first], "["]
        if first < _CLOSE:
            before.insert(0, "^")
        behind = ["]", *outlines[last + 1 : last + 1 + _CLOSE]]
        if last + 1 + _CLOSE > len(outlines):
            behind.append("$")
        inside = outlines[first : min(last + 1, first + _LONGEST)]
        return {
            "to": [" ".join(before[-size:]) for size in range(2, min(_LONGEST, len(before)) + 1)],
            "on": [" ".join(behind[:size]) for size in range(2, min(_LONGEST, len(behind)) + 1)],
            "as": [" ".join(inside[:size]) for size in range(1, min(_LONGEST, len(inside)))],
        }

    def _cues(self, match: Match) -> Iterable[str]:
        """The cues around, and what they say by their own rules."""
        first, last = match.first, match.last
        for found in self.message.cues:
            status = found.cue.status
            if found.first > last:
                side, distance = "behind", found.first - last
            elif found.last < first:
                side, distance = "before", first - found.last
            else:
                side, distance = "in", 0
            yield f"{status} {side}"
            yield f"{status} {side} {found.cue.reach} {_nearness(self.tokens[found.first], self.tokens[first])}"
            if distance <= NEAR:
                yield f"{status} {side} near"
        for owner, passed in (("own", ()), ("any", tuple(range(first, last + 1)))):
            yield f"ruled {owner} {self.ruled(Match(match.label, first, last, passed))}"

    def ruled(self, match: Match) -> Status:
        """What the cues say of a mention by their own rules."""
        return self.assertions.judge(match, self.message.tagged, self.message.cues).status

    def _persons(self, first: int, last: int) -> Iterable[str]:
        """Who was spoken of last, and whether the writer comes in between."""
        tokens = self.tokens
        subject = bisect_right(self.persons, last)
        yield f"subject {tokens[self.persons[subject - 1]].text}" if subject else "no subject"
        if not self.selves:
            yield "no self"
        if kin := bisect_right(self.kin, last):
            at = self.kin[kin - 1]
            own = bisect_left(self.selves, at) < bisect_left(self.selves, first)
            yield "kin then self" if own else "kin only"
            yield "kin in sentence" if tokens[at].sentence == tokens[first].sentence else "kin before"


def _nearness(one: Token, other: Token) -> str:
    return "segment" if one.segment == other.segment else "clause" if one.clause == other.clause else "apart"


class StatusReader:
    """Reads the status of mentions."""

    def __init__(self, features: Vocabulary, weights: Floats, intercepts: Floats) -> None:
        """`weights` have the shape (features, statuses)."""
        self._features, self._weights, self._intercepts = features, weights, intercepts

    def shares(self, scene: Scene, match: Match) -> Floats:
        """How probable each status is, in the order of STATUSES; they sum to one."""
        numbers = map(self._features.get, scene.looked_at(match))
        known = sorted(number for number in numbers if number is not None)
        chances = probability(self._intercepts + self._weights[known].sum(axis=0))
        return np.asarray(chances / chances.sum(), np.float32)


def decide(
    message: Message, match: Match, kind: str, ruled: Status, shares: Sequence[float], *, phrase: bool
) -> Status:
    """Status of a mention of a symptom, context or area, found by a phrase or by the classifier, by what the cues say
    and how probable each is; doubt that is stated stays doubt.
    """
    if ruled == "uncertain":
        return ruled
    enough = (PRESENT if ruled == "present" else AGAINST_CUES)[kind]
    if phrase and ruled == "present" and any(match.owns(cue.first, cue.last) for cue in message.cues):
        enough = WORDED
    if shares[0] >= enough:
        return "present"
    if shares[0] >= DOUBTFUL and ruled == "present":
        return "uncertain"
    return max(STATUSES[1:], key=lambda status: shares[STATUSES.index(status)])
