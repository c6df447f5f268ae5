"""Many patterns compiled into one machine, so that a text is walked once however many patterns there are.

States are shared by patterns that begin alike. From each word of a text the machine follows what the word, its
beginnings, and the word lists that start there allow; a step costs a look-up, not a look at every pattern.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.model.pattern import GAP, Element, Pattern
from bot.understand.tokens import Token

Passed = tuple[int, ...]
"""Tokens that gaps of a pattern passed over."""
Ends = dict[int, list[tuple[int, Passed]]]
"""By first token: the tokens after the possible ends, with what gaps passed."""
Lists = Mapping[int, Mapping[str, Sequence[int]]]
"""By token: the word lists of which an entry begins there, with the tokens after its possible ends."""

STEM = 3
"""Letters by which beginnings of words are looked up."""
_REMEMBERED = 4096
"""Words whose next states a state keeps."""


class _State:
    """What may follow, and which patterns are complete."""

    __slots__ = ("after_gap", "at_end", "complete", "lists", "next", "remembered", "stems", "words")

    def __init__(self) -> None:
        self.next: dict[Element, _State] = {}  # while building: the state after each step
        self.words: dict[str, list[_State]] = {}
        self.stems: dict[str, list[tuple[str, _State]]] = {}
        self.lists: dict[str, list[_State]] = {}
        self.after_gap: _State | None = None
        self.complete: list[int] = []
        self.at_end: list[int] = []
        self.remembered: dict[str, list[_State]] = {}

    def by_word(self, word: str) -> "list[_State]":
        """States after a word, by the word itself or by a beginning of it."""
        if not self.stems:
            return self.words.get(word, _NOWHERE)
        known = self.remembered.get(word)
        if known is None:
            if len(self.remembered) > _REMEMBERED:
                self.remembered.clear()
            # a word shorter than a stem is all of its own beginnings from there on
            beginnings = (self.stems.get(word[:size], ()) for size in range(1, min(len(word), STEM) + 1))
            by_stem = [after for found in beginnings for prefix, after in found if word.startswith(prefix)]
            known = self.remembered[word] = [*self.words.get(word, ()), *by_stem]
        return known

    def after(self, element: Element) -> "_State":
        """The state after a step, made where there is none yet."""
        known = self.next.get(element)
        if known is not None:
            return known
        state = self.next[element] = _State()
        if element.kind == "gap":
            self.after_gap = state
        for word in element.words:
            self.words.setdefault(word, []).append(state)
        for prefix in element.prefixes:
            self.stems.setdefault(prefix[:STEM], []).append((prefix, state))
        for name in element.lists:
            self.lists.setdefault(name, []).append(state)
        return state


_NOWHERE: list[_State] = []
_Place = tuple[_State, int, Passed]


class Automaton:
    """Finds patterns, known by the numbers in which they were given."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._anywhere, self._at_start = _State(), _State()
        for number, pattern in enumerate(patterns):
            anchored = pattern[0].kind == "start"
            _insert(self._at_start if anchored else self._anywhere, pattern[anchored:], number)

    def find(self, tokens: Sequence[Token], lists: Lists) -> dict[int, Ends]:
        """By pattern: where it begins in the text, and where it may end."""
        found: dict[int, Ends] = {}
        tail = max((number + 1 for number, token in enumerate(tokens) if token.kind == "word"), default=0)
        for start in range(len(tokens)):
            if start == 0:
                _walk(self._at_start, 0, tokens, lists, tail, found)
            if start in lists or self._anywhere.by_word(tokens[start].text):
                _walk(self._anywhere, start, tokens, lists, tail, found)
        return found


def _walk(first: _State, start: int, tokens: Sequence[Token], lists: Lists, tail: int, found: dict[int, Ends]) -> None:
    """Follow every way on from a state and a token."""
    open_: list[_Place] = [(first, start, ())]
    size = len(tokens)
    while open_:
        state, at, passed = open_.pop()
        for number in state.complete:
            found.setdefault(number, {}).setdefault(start, []).append((at, passed))
        if state.at_end and at >= tail:
            for number in state.at_end:
                found.setdefault(number, {}).setdefault(start, []).append((at, passed))
        if at < size:
            for after in state.by_word(tokens[at].text):
                open_.append((after, at + 1, passed))
            if state.lists and at in lists:
                _follow_lists(state, at, passed, lists[at], open_)
        if state.after_gap is not None:
            _pass(state.after_gap, at, passed, tokens, open_)


def _follow_lists(
    state: _State, at: int, passed: Passed, here: Mapping[str, Sequence[int]], open_: list[_Place]
) -> None:
    for name, ends in here.items():
        for after in state.lists.get(name, ()):
            for end in ends:
                open_.append((after, end, passed))


def _insert(state: _State, pattern: Pattern, number: int) -> None:
    """Add a pattern from a state on; a step that may be left out is taken and left out."""
    if not pattern:
        if number not in state.complete:
            state.complete.append(number)
        return
    element, rest = pattern[0], pattern[1:]
    if element.kind == "end":
        if number not in state.at_end:
            state.at_end.append(number)
        return
    if element.optional:
        _insert(state, rest, number)
        element = Element(element.kind, element.words, element.prefixes, element.lists)
    _insert(state.after(element), rest, number)


def _pass(after: _State, at: int, passed: Passed, tokens: Sequence[Token], open_: list[_Place]) -> None:
    """Go on after a gap of up to GAP words, not across the end of a clause."""
    words = 0
    while True:
        open_.append((after, at, passed))
        if at >= len(tokens) or tokens[at].kind == "stop":
            return
        words += tokens[at].kind == "word"
        if words > GAP:
            return
        passed = (*passed, at)
        at += 1
