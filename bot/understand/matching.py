"""Matches patterns and pairs of patterns against tokens.

A pair binds a feeling to its own place: in "back hurts and knees are fine" nothing hurts but the back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from bot.model.language import Patterns
from bot.understand.automaton import Automaton, Ends, Passed
from bot.understand.lexicon import Tagged

LISTED = 2
"""Words beside a place, as in "and my back", with which it still only ends a list."""
NEAR = 8
"""Words that may stand between the two parts of a pair."""


class Match(NamedTuple):
    """A label that was found in a text."""

    label: str
    first: int
    """Number of its first token."""
    last: int
    """Number of its last token."""
    passed: Passed = ()
    """Tokens between its parts that no part of the pattern names."""

    def owns(self, first: int, last: int) -> bool:
        """Whether these tokens are the pattern's own words."""
        return self.first <= first and last <= self.last and not any(first <= token <= last for token in self.passed)


Spot = tuple[int, int, Passed]
"""First token, token after the last, and what gaps passed over."""
Matches = Mapping[str, Sequence[Match]]
"""By group of labels: what was found, in the order of the text."""


@dataclass(frozen=True, slots=True)
class _Pair:
    group: str
    label: str
    members: tuple[int, ...]
    """Numbers of its patterns."""


class Matcher:
    """Finds labels by their patterns, all groups of them in one walk."""

    def __init__(self, groups: Mapping[str, Mapping[str, Patterns]]) -> None:
        numbers: dict[str, int] = {}
        self._phrases: dict[int, list[tuple[str, str]]] = {}
        self._pairs: dict[int, list[_Pair]] = {}
        for group, labels in groups.items():
            for label, patterns in labels.items():
                for text in patterns.phrases:
                    number = numbers.setdefault(text, len(numbers))
                    self._phrases.setdefault(number, []).append((group, label))
                for texts in patterns.pairs:
                    members = tuple(numbers.setdefault(text, len(numbers)) for text in texts)
                    self._pairs.setdefault(members[0], []).append(_Pair(group, label, members))
        self._automaton = Automaton((number, text) for text, number in numbers.items())
        self.vocabulary = self._automaton.words
        """Every whole word that a pattern names."""

    def find(self, text: Tagged) -> Matches:
        """Every match; of matches of one label that overlap, the longest."""
        spots = {
            number: _longest_ends(ends) for number, ends in self._automaton.find(text.tokens, text.beginning).items()
        }
        found: dict[str, dict[str, set[Match]]] = {}
        for number, places in spots.items():
            for group, label in self._phrases.get(number, ()):
                found.setdefault(group, {}).setdefault(label, set()).update(
                    Match(label, first, end - 1, passed) for first, end, passed in places
                )
            for pair in self._pairs.get(number, ()):
                if all(member in spots for member in pair.members[1:]):
                    for match in self._bind(pair, spots, text):
                        found.setdefault(pair.group, {}).setdefault(pair.label, set()).add(match)
        return {
            group: sorted(
                (match for matches in labels.values() for match in _longest(matches)),
                key=lambda match: (match.first, match.last, match.label),
            )
            for group, labels in found.items()
        }

    def _bind(self, pair: _Pair, spots: Mapping[int, Sequence[Spot]], text: Tagged) -> Iterator[Match]:
        members = [
            [Match(pair.label, first, end - 1, passed) for first, end, passed in spots[number]]
            for number in pair.members
        ]
        for first in members[0]:
            chosen = [first]
            for others in members[1:]:
                near = [other for other in others if self._bound(first, other, text)]
                if not near:
                    break
                chosen.append(min(near, key=lambda other: _distance(first, other)))
            else:
                own = {token for match in chosen for token in range(match.first, match.last + 1)}
                own -= {token for match in chosen for token in match.passed}
                start, end = min(match.first for match in chosen), max(match.last for match in chosen)
                yield Match(pair.label, start, end, tuple(token for token in range(start, end) if token not in own))

    def _bound(self, one: Match, other: Match, text: Tagged) -> bool:
        """Whether two matches belong together: near, in one clause, and neither has a nearer partner."""
        left, right = (one, other) if one.first <= other.first else (other, one)
        tokens = text.tokens
        if tokens[left.first].clause != tokens[right.last].clause or right.first - left.last - 1 > NEAR:
            return False
        place, sign = _roles(one, other, text)
        if place is None or sign is None:
            return True
        if tokens[place.first].segment != tokens[sign.first].segment:
            return _across_joins(place, sign, text)
        if not text.places.isdisjoint(range(left.last + 1, right.first)):
            return False
        # "sore back tight hips": a feeling directly before a place belongs to that place
        return place.first > sign.first or sign.last + 1 not in text.places


def _across_joins(place: Match, sign: Match, text: Tagged) -> bool:
    """ "neck and back hurt", "pain in neck and back": a list shares its feeling; a statement keeps its own."""
    its_part, sign_part = text.tokens[place.first].segment, text.tokens[sign.first].segment
    if not _has(text.places, sign_part, text):
        return True
    if _has(text.signs, its_part, text):
        return False
    rest = sum(token.segment == its_part and token.kind == "word" for token in text.tokens)
    return place.first < sign.first or rest - (place.last - place.first + 1) <= LISTED


def _roles(one: Match, other: Match, text: Tagged) -> tuple[Match | None, Match | None]:
    place = sign = None
    for match in (one, other):
        if match.first in text.places:
            place = match
        elif match.first in text.signs:
            sign = match
    return place, sign


def _has(starts: AbstractSet[int], segment: int, text: Tagged) -> bool:
    return any(text.tokens[start].segment == segment for start in starts)


def _distance(one: Match, other: Match) -> int:
    return max(one.first - other.last, other.first - one.last)


def _longest_ends(ends: Ends) -> list[Spot]:
    """From each beginning the longest."""
    return [(start, *(reached[0] if len(reached) == 1 else max(reached))) for start, reached in ends.items()]


def _longest(matches: set[Match]) -> Collection[Match]:
    if len(matches) == 1:  # nearly always
        return matches
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.first - match.last, match.first, match.passed)):
        if not any(other.first <= match.last and match.first <= other.last for other in kept):
            kept.append(match)
    return kept
