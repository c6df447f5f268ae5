"""Word lists found in a text, and where a pattern that begins at a word may end."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.model.pattern import GAP, Element, Pattern, parse
from bot.understand.tokens import Token

STEM = 3
"""Letters by which beginnings of words are looked up."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A text with its word lists found."""

    tokens: tuple[Token, ...]
    lists: Mapping[str, Mapping[int, tuple[int, ...]]]
    """By list: the tokens at which an entry begins, each with the tokens after its possible ends, longest first."""
    positions: Mapping[str, Sequence[int]]
    """By word: its tokens."""
    words: AbstractSet[str]
    """All words of the text."""


class Lexicon:
    """Word lists: which of them are places, which signs, and how to find them in a text."""

    def __init__(
        self,
        places: Mapping[str, Sequence[str]],
        signs: Mapping[str, Sequence[str]],
        others: Mapping[str, Sequence[str]],
    ) -> None:
        self.places, self.signs = frozenset(places), frozenset(signs)
        # Most entries are a single word, or the beginning of one: they need no matching step by step.
        self._single: dict[str, list[str]] = {}
        self._single_stems: dict[str, list[tuple[str, str]]] = {}
        self._entries: dict[str, list[tuple[str, Pattern]]] = {}
        self._stems: dict[str, list[tuple[str, Pattern]]] = {}
        self.vocabulary: set[str] = set()
        """Every whole word of the lists."""
        for name, entries in (*places.items(), *signs.items(), *others.items()):
            for entry in entries:
                pattern = parse(entry)
                self.vocabulary.update(*(element.words for element in pattern))
                self._index(name, pattern)

    def _index(self, name: str, pattern: Pattern) -> None:
        if len(pattern) == 1:
            for word in pattern[0].words:
                self._single.setdefault(word, []).append(name)
            for prefix in pattern[0].prefixes:
                self._single_stems.setdefault(prefix[:STEM], []).append((prefix, name))
            return
        for element in openings(pattern):
            for word in element.words:
                self._entries.setdefault(word, []).append((name, pattern))
            for prefix in element.prefixes:
                self._stems.setdefault(prefix[:STEM], []).append((name, pattern))

    def tag(self, tokens: tuple[Token, ...]) -> Tagged:
        """Find every word list in the tokens."""
        found: dict[str, dict[int, set[int]]] = {}
        positions: dict[str, list[int]] = {}
        for number, token in enumerate(tokens):
            positions.setdefault(token.text, []).append(number)
        bare = Tagged(tokens, {}, positions, positions.keys())
        for start, token in enumerate(tokens):
            word = token.text
            stems = [word[:size] for size in range(1, STEM + 1)]
            for name in self._single.get(word, ()):
                found.setdefault(name, {}).setdefault(start, set()).add(start + 1)
            for prefix, name in (entry for stem in stems for entry in self._single_stems.get(stem, ())):
                if word.startswith(prefix):
                    found.setdefault(name, {}).setdefault(start, set()).add(start + 1)
            longer = (self._entries.get(word, ()), *(self._stems.get(stem, ()) for stem in stems))
            for name, pattern in (entry for group in longer for entry in group):
                for end, _ in ends(pattern, bare, start):
                    found.setdefault(name, {}).setdefault(start, set()).add(end)
        self._keep_longest_places(found)
        lists = {
            name: {at: tuple(sorted(ends, reverse=True)) for at, ends in spots.items()} for name, spots in found.items()
        }
        return Tagged(tokens, lists, positions, positions.keys())

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


def openings(pattern: Pattern) -> Iterator[Element]:
    """The steps with which a text may begin to match."""
    for element in pattern:
        yield element
        if not element.optional:
            return


def ends(
    pattern: Pattern, text: Tagged, at: int, step: int = 0, passed: tuple[int, ...] = ()
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Tokens after the possible ends of a pattern that begins at token `at`, each with the tokens its gaps passed."""
    if step == len(pattern):
        yield at, passed
        return
    element = pattern[step]
    match element.kind:
        case "start":
            if at == 0:
                yield from ends(pattern, text, at, step + 1, passed)
        case "end":
            if all(token.kind != "word" for token in text.tokens[at:]):
                yield at, passed
        case "gap":
            yield from _after_gap(pattern, text, at, step + 1, passed)
        case _:
            for after in _element_ends(element, text, at):
                yield from ends(pattern, text, after, step + 1, passed)
            if element.optional:
                yield from ends(pattern, text, at, step + 1, passed)


def _after_gap(
    pattern: Pattern, text: Tagged, at: int, step: int, passed: tuple[int, ...]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    words = 0
    while True:
        yield from ends(pattern, text, at, step, passed)
        if at >= len(text.tokens) or text.tokens[at].kind == "stop":
            return
        words += text.tokens[at].kind == "word"
        if words > GAP:
            return
        passed = (*passed, at)
        at += 1


def _element_ends(element: Element, text: Tagged, at: int) -> Iterator[int]:
    if at >= len(text.tokens):
        return
    for name in element.lists:
        yield from text.lists.get(name, {}).get(at, ())
    word = text.tokens[at].text
    if word in element.words or any(word.startswith(prefix) for prefix in element.prefixes):
        yield at + 1
