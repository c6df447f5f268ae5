"""Word lists found in a text."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.model.pattern import parse
from bot.understand.automaton import Automaton
from bot.understand.tokens import Token


@dataclass(frozen=True, slots=True)
class Tagged:
    """A text with its word lists found."""

    tokens: tuple[Token, ...]
    lists: Mapping[str, Mapping[int, tuple[int, ...]]]
    """By list: the tokens at which an entry begins, each with the tokens after its possible ends, longest first."""
    beginning: Mapping[int, Mapping[str, tuple[int, ...]]]
    """The same by token."""
    places: AbstractSet[int]
    """Tokens at which a part of the body begins."""
    signs: AbstractSet[int]
    """Tokens at which something begins that is felt there."""
    words: AbstractSet[str]
    """All words of the text."""
    told: AbstractSet[str]
    """Lists of what people tell: the classifier learns from these."""


class Lexicon:
    """Word lists: which of them are places, which signs, and how to find them in a text."""

    def __init__(
        self,
        places: Mapping[str, Sequence[str]],
        signs: Mapping[str, Sequence[str]],
        others: Mapping[str, Sequence[str]],
        helpers: Mapping[str, Sequence[str]],
    ) -> None:
        """`helpers` are lists that only patterns use, of danger signs and cues."""
        self._told = frozenset({*places, *signs, *others})
        self.places, self.signs = frozenset(places), frozenset(signs)
        entries = [
            (name, parse(entry))
            for names in (places, signs, others, helpers)
            for name, texts in names.items()
            for entry in texts
        ]
        self._names = [name for name, _ in entries]
        self._entries = Automaton(pattern for _, pattern in entries)
        self.vocabulary = frozenset(word for _, pattern in entries for element in pattern for word in element.words)
        """Every whole word of the lists."""

    def tag(self, tokens: tuple[Token, ...]) -> Tagged:
        """Find every word list in the tokens."""
        found: dict[str, dict[int, set[int]]] = {}
        for number, reached in self._entries.find(tokens, {}).items():
            at = found.setdefault(self._names[number], {})
            for start, after in reached.items():
                at.setdefault(start, set()).update(end for end, _ in after)
        self._keep_longest_places(found)
        lists = {
            name: {start: tuple(sorted(ends, reverse=True)) for start, ends in spots.items()}
            for name, spots in found.items()
        }
        beginning: dict[int, dict[str, tuple[int, ...]]] = {}
        for name, spots in lists.items():
            for start, ends in spots.items():
                beginning.setdefault(start, {})[name] = ends
        return Tagged(
            tokens,
            lists,
            beginning,
            places={start for name in self.places & lists.keys() for start in lists[name]},
            signs={start for name in self.signs & lists.keys() for start in lists[name]},
            words=frozenset(token.text for token in tokens),
            told=self._told,
        )

    def _keep_longest_places(self, found: dict[str, dict[int, set[int]]]) -> None:
        """ "upper back" is not "back": of places that overlap, the longest stays."""
        longest: dict[int, int] = {}
        for name in self.places & found.keys():
            for start, ends in found[name].items():
                for end in ends:
                    for position in range(start, end):
                        longest[position] = max(longest.get(position, 0), end - start)
        for name in self.places & found.keys():
            for start in list(found[name]):
                ends = {end for end in found[name][start] if longest[start] <= end - start}
                if ends:
                    found[name][start] = ends
                else:
                    del found[name][start]
            if not found[name]:
                del found[name]
