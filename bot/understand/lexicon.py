"""Word lists found in a text."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.understand.automaton import Automaton, Passed
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
    dangers: AbstractSet[str]
    """Lists of danger signs: it learns from these where a word is in none of the others."""


class Lexicon:
    """Word lists: which of them are places, which signs, and how to find them in a text."""

    def __init__(
        self,
        places: Mapping[str, Sequence[str]],
        signs: Mapping[str, Sequence[str]],
        others: Mapping[str, Sequence[str]],
        dangers: Mapping[str, Sequence[str]],
        helpers: Mapping[str, Sequence[str]],
    ) -> None:
        """`helpers` are lists that only patterns use, of cues."""
        self._told, self._dangers = frozenset({*places, *signs, *others}), frozenset(dangers)
        self.places, self.signs = frozenset(places), frozenset(signs)
        self._entries = Automaton(
            (name, entry)
            for names in (places, signs, others, dangers, helpers)
            for name, texts in names.items()
            for entry in texts
        )
        self.vocabulary = self._entries.words
        """Every whole word of the lists."""

    def tag(self, tokens: tuple[Token, ...]) -> Tagged:
        """Find every word list in the tokens."""
        lists = {
            name: {start: _longest_first(ends) for start, ends in spots.items()}
            for name, spots in sorted(self._entries.find(tokens, {}).items())
        }
        self._keep_longest_places(lists)
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
            dangers=self._dangers,
        )

    def _keep_longest_places(self, found: dict[str, dict[int, tuple[int, ...]]]) -> None:
        """ "upper back" is not "back": of places that overlap, the longest stays."""
        names = self.places & found.keys()
        longest: dict[int, int] = {}
        for name in names:
            for start, ends in found[name].items():
                for position in range(start, ends[0]):
                    longest[position] = max(longest.get(position, 0), ends[0] - start)
        for name in names:
            kept = {
                start: tuple(end for end in ends if longest[start] <= end - start)
                for start, ends in found[name].items()
                if longest[start] <= ends[0] - start
            }
            if kept:
                found[name] = kept
            else:
                del found[name]


def _longest_first(ends: Sequence[tuple[int, Passed]]) -> tuple[int, ...]:
    if len(ends) == 1:  # nearly always
        return (ends[0][0],)
    return tuple(sorted({end for end, _ in ends}, reverse=True))
