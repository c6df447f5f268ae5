"""Whether what is mentioned is felt now, and by whom: a small classifier over the words around a mention.

Cues alone (bot/understand/assertion.py) are rules that a clinician can read; they miss much of how people deny, end,
lend and imagine. Here their judgement is one feature among the words before, within and behind the mention.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.model.language import Status
from bot.understand.assertion import Assertions
from bot.understand.classifier import Floats, probability
from bot.understand.matching import Match
from bot.understand.message import Message
from bot.understand.tokens import Token

STATUSES: tuple[Status, ...] = ("present", "denied", "past", "other_person", "hypothetical")
PRESENT = 0.45
"""Share of the probabilities from which a mention counts as felt now."""
AGAINST_CUES = 0.8
"""The same where a cue says otherwise."""

_AROUND = 10
"""Words on each side that are looked at."""
_CLOSE = 5
"""Words on each side of which the order is looked at."""
_LONGEST = 5
"""Steps of the longest outline."""


class StatusReader:
    """Decides on the status of mentions."""

    def __init__(self, features: Sequence[str], arrays: Mapping[str, Floats], assertions: Assertions) -> None:
        """`arrays` hold status_weights, of shape (features, statuses), and status_intercepts."""
        self._numbers = {feature: number for number, feature in enumerate(features)}
        self._weights, self._intercepts = arrays["status_weights"], arrays["status_intercepts"]
        self._assertions = assertions

    def probabilities(self, message: Message, match: Match) -> Floats:
        """Probability of each status, in the order of STATUSES; they do not sum to one."""
        found = {self._numbers[name] for name in features(message, match, self._assertions) if name in self._numbers}
        return probability(self._intercepts + self._weights[sorted(found)].sum(axis=0))

    def judge(self, message: Message, match: Match) -> Status:
        """Status of a mention; doubt that is stated stays doubt."""
        ruled = self._assertions.judge(match, message.tagged, message.cues).status
        if ruled == "uncertain":
            return ruled
        chances = self.probabilities(message, match)
        if chances[0] >= (PRESENT if ruled == "present" else AGAINST_CUES) * chances.sum():
            return "present"
        return STATUSES[1 + int(chances[1:].argmax())]


def features(message: Message, match: Match, assertions: Assertions) -> Iterator[str]:
    """What is looked at for one mention; may yield a feature twice."""
    tokens = message.tokens
    words = ["0" if token.text.isdigit() else token.text for token in tokens]
    first, last = match.first, match.last
    yield f"of {match.label}"
    yield from _within(words, first, last)
    yield from _around(message, words, first, last)
    yield from _outlines(message, first, last, assertions.grammar)
    yield from _cues(message, match, assertions)
    yield "asked" if any("?" in token.text for token in tokens[last + 1 :]) else "told"
    yield f"opens {words[0]}"
    yield f"opens {' '.join(words[:2])}"
    yield from _persons(message, first, last, assertions)


def _within(words: Sequence[str], first: int, last: int) -> Iterator[str]:
    inside = words[first : last + 1]
    yield f"first {inside[0]}"
    yield f"last {inside[-1]}"
    for at, word in enumerate(inside):
        yield f"in {word}"
        if at:
            yield f"in {inside[at - 1]} {word}"


def _around(message: Message, words: Sequence[str], first: int, last: int) -> Iterator[str]:
    tokens, beginning = message.tokens, message.tagged.beginning
    before, behind = range(max(0, first - _AROUND), first), range(last + 1, min(len(words), last + 1 + _AROUND))
    for side, spots, clause in (
        ("before", reversed(before), tokens[first].clause),
        ("behind", behind, tokens[last].clause),
    ):
        for distance, at in enumerate(spots):
            where = side if tokens[at].clause == clause else f"{side} apart"
            yield f"{where} {words[at]}"
            if where == side:
                yield f"{side} {0 if distance == 0 else 1 if distance == 1 else 2 if distance < 4 else 4} {words[at]}"
            for name in beginning.get(at, ()):
                yield f"{where} <{name}>"
    left = [words[at] for at in before] + ["[", words[first]]
    right = [words[last], "]"] + [words[at] for at in behind]
    for at in range(1, len(left)):
        yield f"left {left[at - 1]} {left[at]}"
    for at in range(1, len(right)):
        yield f"right {right[at - 1]} {right[at]}"


def _outlines(message: Message, first: int, last: int, grammar: frozenset[str]) -> Iterator[str]:
    """Grammar before, within and behind the mention, with the other words blanked: "my <kin> has [", "] went away"."""
    tokens = message.tokens
    before = [_outline(message, at, grammar) for at in range(max(0, first - _CLOSE), first)] + ["["]
    if first < _CLOSE:
        before.insert(0, "^")
    behind = ["]"] + [_outline(message, at, grammar) for at in range(last + 1, min(len(tokens), last + 1 + _CLOSE))]
    if last + 1 + _CLOSE > len(tokens):
        behind.append("$")
    inside = [_outline(message, at, grammar) for at in range(first, min(last + 1, first + _LONGEST))]
    for size in range(2, min(_LONGEST, len(before)) + 1):
        yield "to " + " ".join(before[-size:])
    for size in range(2, min(_LONGEST, len(behind)) + 1):
        yield "on " + " ".join(behind[:size])
    for size in range(1, min(_LONGEST, len(inside))):
        yield "as " + " ".join(inside[:size])


def _outline(message: Message, at: int, grammar: frozenset[str]) -> str:
    token = message.tokens[at]
    if token.kind == "stop" and not token.text.isalpha():
        return "."
    if token.kind != "word" or token.text in grammar:
        return token.text
    if token.text.isdigit():
        return "0"
    if names := message.tagged.beginning.get(at):
        return f"<{min(names)}>"
    return next((f"_{ending}" for ending in ("ed", "ing", "s") if token.text.endswith(ending)), "_")


def _cues(message: Message, match: Match, assertions: Assertions) -> Iterator[str]:
    tokens, first, last = message.tokens, match.first, match.last
    for found in message.cues:
        status = found.cue.status
        if found.first > last:
            side, distance = "behind", found.first - last
        elif found.last < first:
            side, distance = "before", first - found.last
        else:
            side, distance = "in", 0
        yield f"cue {status} {side}"
        yield f"cue {status} {side} {found.cue.reach} {_nearness(tokens[found.first], tokens[first])}"
        if distance <= 3:
            yield f"cue {status} {side} near"
    for owner, passed in (("own", ()), ("any", tuple(range(first, last + 1)))):
        ruled = assertions.judge(Match(match.label, first, last, passed), message.tagged, message.cues).status
        yield f"ruled {owner} {ruled}"


def _nearness(one: Token, other: Token) -> str:
    return "segment" if one.segment == other.segment else "clause" if one.clause == other.clause else "apart"


def _persons(message: Message, first: int, last: int, assertions: Assertions) -> Iterator[str]:
    """Who was spoken of last, and whether the writer comes in between."""
    tokens, beginning = message.tokens, message.tagged.beginning
    subject = next((tokens[at].text for at in range(last, -1, -1) if tokens[at].text in assertions.persons), "none")
    yield f"subject {subject}"
    if not any(token.text in assertions.selves for token in tokens):
        yield "no self"
    for at in range(last, -1, -1):
        if {"kin", "person"} & beginning.get(at, {}).keys():
            yield "kin"
            yield "kin then self" if any(token.text in assertions.selves for token in tokens[at:first]) else "kin only"
            yield "kin in sentence" if tokens[at].sentence == tokens[first].sentence else "kin before"
            return
