"""Matches patterns and pairs of patterns against tokens.

Word lists are found first; a pattern is then tried only where a word or list that it needs stands in the text. A
pair binds a feeling to its own place: in "back hurts and knees are fine" nothing hurts but the back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.model.language import Patterns
from bot.model.pattern import Element, Pattern, parse
from bot.understand.lexicon import STEM, Lexicon, Tagged, ends, openings

_SOLID = ("words", "list")
LISTED = 2
"""Words beside a place, as in "and my back", with which it still only ends a list."""
NEAR = 8
"""Words that may stand between the two parts of a pair."""


@dataclass(frozen=True, slots=True)
class Match:
    """A label that was found in a text."""

    label: str
    first: int
    """Number of its first token."""
    last: int
    """Number of its last token."""
    passed: tuple[int, ...] = ()
    """Tokens between its parts that no part of the pattern names."""

    def owns(self, first: int, last: int) -> bool:
        """Whether these tokens are the pattern's own words."""
        return self.first <= first and last <= self.last and not any(first <= token <= last for token in self.passed)


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """A phrase (one member) or a pair of a label."""

    label: str
    members: tuple[Pattern, ...]
    required: tuple[Element, ...]
    """Steps without which it cannot match."""


class Matcher:
    """Finds labels by their patterns."""

    def __init__(self, labels: Mapping[str, Patterns], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_word: dict[str, list[_Wanted]] = {}
        self._by_stem: dict[str, list[_Wanted]] = {}
        self._by_list: dict[str, list[_Wanted]] = {}
        self.vocabulary: set[str] = set()
        """Every whole word that a pattern names."""
        for label, patterns in labels.items():
            for members in (*((text,) for text in patterns.phrases), *patterns.pairs):
                parsed = tuple(parse(text) for text in members)
                steps = [step for pattern in parsed for step in pattern]
                required = tuple(step for step in steps if step.kind in _SOLID and not step.optional)
                self._index(_Wanted(label, parsed, required))

    def find(self, text: Tagged) -> list[Match]:
        """Every match, in the order of the text; of matches of one label that overlap, the longest."""
        found: list[Match] = []
        for wanted in self._candidates(text):
            for element in wanted.required:
                if not _may_stand(element, text):
                    break
            else:
                if len(wanted.members) == 1:
                    found.extend(_occurrences(wanted.label, wanted.members[0], text))
                else:
                    found.extend(self._pair(wanted, text))
        return _longest(found)

    def _index(self, wanted: "_Wanted") -> None:
        for pattern in wanted.members:
            for element in pattern:
                self.vocabulary |= element.words
        # The step with the fewest alternatives is the best reason not to try at all.
        key = min(wanted.required, key=lambda step: (step.kind == "list", len(step.words) + len(step.prefixes)))
        for word in key.words:
            self._by_word.setdefault(word, []).append(wanted)
        for prefix in key.prefixes:
            self._by_stem.setdefault(prefix[:STEM], []).append(wanted)
        for name in key.lists:
            self._by_list.setdefault(name, []).append(wanted)

    def _candidates(self, text: Tagged) -> Iterable["_Wanted"]:
        seen: dict[int, _Wanted] = {}
        for word in text.words:
            for wanted in self._by_word.get(word, ()):
                seen[id(wanted)] = wanted
            for size in range(1, STEM + 1):
                for wanted in self._by_stem.get(word[:size], ()):
                    seen[id(wanted)] = wanted
        for name in text.lists:
            for wanted in self._by_list.get(name, ()):
                seen[id(wanted)] = wanted
        return seen.values()

    def _pair(self, wanted: "_Wanted", text: Tagged) -> Iterator[Match]:
        spots = []
        for pattern in wanted.members:
            found = _occurrences(wanted.label, pattern, text)
            if not found:
                return
            spots.append(found)
        for first in spots[0]:
            chosen = [first]
            for others in spots[1:]:
                near = [other for other in others if self._bound(first, other, text)]
                if not near:
                    break
                chosen.append(min(near, key=lambda other: _distance(first, other)))
            else:
                own = {token for match in chosen for token in range(match.first, match.last + 1)}
                own -= {token for match in chosen for token in match.passed}
                start, end = min(match.first for match in chosen), max(match.last for match in chosen)
                yield Match(wanted.label, start, end, tuple(token for token in range(start, end) if token not in own))

    def _bound(self, one: Match, other: Match, text: Tagged) -> bool:
        """Whether two matches belong together: near, in one clause, and neither has a nearer partner."""
        left, right = sorted((one, other), key=lambda match: match.first)
        tokens = text.tokens
        if tokens[left.first].clause != tokens[right.last].clause or right.first - left.last - 1 > NEAR:
            return False
        place, sign = self._roles(one, other, text)
        if place is None or sign is None:
            return True
        if tokens[place.first].segment != tokens[sign.first].segment:
            return self._across_joins(place, sign, text)
        between = range(left.last + 1, right.first)
        if any(position in between for position in self._positions(self._lexicon.places, text)):
            return False
        # "sore back tight hips": a feeling directly before a place belongs to that place
        after = sign.last + 1
        return place.first > sign.first or after not in self._positions(self._lexicon.places, text)

    def _across_joins(self, place: Match, sign: Match, text: Tagged) -> bool:
        """ "neck and back hurt", "pain in neck and back": a list shares its feeling; a statement keeps its own."""
        its_part, sign_part = text.tokens[place.first].segment, text.tokens[sign.first].segment
        if not self._has(self._lexicon.places, sign_part, text):
            return True
        if self._has(self._lexicon.signs, its_part, text):
            return False
        rest = sum(token.segment == its_part and token.kind == "word" for token in text.tokens)
        return place.first < sign.first or rest - (place.last - place.first + 1) <= LISTED

    def _roles(self, one: Match, other: Match, text: Tagged) -> tuple[Match | None, Match | None]:
        place = sign = None
        for match in (one, other):
            if match.first in self._positions(self._lexicon.places, text):
                place = match
            elif match.first in self._positions(self._lexicon.signs, text):
                sign = match
        return place, sign

    @staticmethod
    def _positions(names: frozenset[str], text: Tagged) -> set[int]:
        return {start for name in names & text.lists.keys() for start in text.lists[name]}

    def _has(self, names: frozenset[str], segment: int, text: Tagged) -> bool:
        return any(text.tokens[start].segment == segment for start in self._positions(names, text))


def _distance(one: Match, other: Match) -> int:
    return max(one.first - other.last, other.first - one.last)


def _longest(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(
        set(matches), key=lambda match: (match.first - match.last, match.first, match.label, match.passed)
    ):
        if not any(
            other.label == match.label and other.first <= match.last and match.first <= other.last for other in kept
        ):
            kept.append(match)
    return sorted(kept, key=lambda match: (match.first, match.last, match.label))


def _occurrences(label: str, pattern: Pattern, text: Tagged) -> list[Match]:
    found = []
    for start in _starts(pattern, text):
        reached = [(end, passed) for end, passed in ends(pattern, text, start) if end > start]
        if reached:
            end, passed = max(reached)
            found.append(Match(label, start, end - 1, passed))
    return found


def _may_stand(element: Element, text: Tagged) -> bool:
    """Whether anything in the text could be this step: a cheap reason not to look further."""
    if element.lists:
        return any(name in text.lists for name in element.lists)
    if not element.words.isdisjoint(text.words):
        return True
    return bool(element.prefixes) and any(word.startswith(element.prefixes) for word in text.words)


def _starts(pattern: Pattern, text: Tagged) -> list[int]:
    """Tokens at which the pattern may begin."""
    starts: set[int] = set()
    for element in openings(pattern):
        if element.kind == "start":
            return [0]
        for word in element.words:
            starts.update(text.positions.get(word, ()))
        for prefix in element.prefixes:
            starts.update(*(spots for word, spots in text.positions.items() if word.startswith(prefix)))
        for name in element.lists:
            starts.update(text.lists.get(name, ()))
    return sorted(starts)
