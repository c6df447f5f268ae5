"""Many patterns as one machine, so that a text is walked once however many patterns there are.

A state is a set of places within patterns; it is made when a text first leads there. All patterns that go on alike
are one step, so a step costs a look-up, not a look at every pattern.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from bot.model.pattern import GAP, Element, Pattern, named_words, opening, parse
from bot.understand.tokens import Token

Passed = tuple[int, ...]
"""Tokens that gaps of a pattern passed over."""
Ends = dict[int, list[tuple[int, Passed]]]
"""By first token: the tokens after the possible ends, with what gaps passed."""
Lists = Mapping[int, Mapping[str, Sequence[int]]]
"""By token: the word lists of which an entry begins there, with the tokens after its possible ends."""

Label = TypeVar("Label")
"""What a pattern stands for."""

_REMEMBERED = 16384
"""Words of which the symbols are kept."""

_Place = tuple[int, int]
"""Number of a pattern, and of its next step."""
_Places = tuple[int, ...]
"""Both of several places, one after the other: there are tens of thousands, which so take a third of the memory."""


class _State(Generic[Label]):
    """What is found here, and what may follow: a state, or the places from which it is yet to be made."""

    __slots__ = ("after_gap", "at_end", "complete", "lists", "words")

    def __init__(self) -> None:
        self.words: _Steps[Label] = {}
        self.lists: _Steps[Label] = {}
        self.after_gap: _State[Label] | None = None
        self.complete: tuple[Label, ...] = ()
        self.at_end: tuple[Label, ...] = ()


_Steps = dict[str, _State[Label] | _Places]


class Automaton(Generic[Label]):
    """Finds what patterns stand for."""

    def __init__(self, patterns: Iterable[tuple[Label, str]]) -> None:
        self._labels, self._texts = zip(*patterns, strict=True)
        self._parsed: dict[int, Pattern] = {}
        self.words, self._beginnings = named_words(self._texts)
        """Every whole word that a pattern names; and beginnings of words."""
        self._known: dict[str, tuple[str, ...]] = {}
        self._anywhere = _State[Label]()
        special = []
        for number, text in enumerate(self._texts):
            words = opening(text)
            for word in words:
                _note(self._anywhere.words, word, (number, 1))
            if not words:
                special.append(number)
        anchored = [number for number in special if self._pattern(number)[0].kind == "start"]
        self._at_start = self._state([(number, 1) for number in anchored])
        others = ((number, 0) for number in special if number not in set(anchored))
        self._anywhere = self._state(others, self._anywhere)

    def _pattern(self, number: int) -> Pattern:
        """Parsed when a text first leads there: most texts come near few of the patterns."""
        pattern = self._parsed.get(number)
        if pattern is None:
            pattern = self._parsed[number] = parse(self._texts[number])
        return pattern

    def find(self, tokens: Sequence[Token], lists: Lists) -> dict[Label, Ends]:
        """By label: where it begins in the text, and where it may end."""
        found: dict[Label, Ends] = {}
        symbols = [self._symbols(token.text) for token in tokens]
        tail = max((number + 1 for number, token in enumerate(tokens) if token.kind == "word"), default=0)
        if tokens:
            self._walk(self._at_start, 0, tokens, symbols, lists, tail, found)
        for start in range(len(tokens)):
            if symbols[start] or start in lists:
                self._walk(self._anywhere, start, tokens, symbols, lists, tail, found)
        return found

    def _walk(
        self,
        first: _State[Label],
        start: int,
        tokens: Sequence[Token],
        symbols: Sequence[Sequence[str]],
        lists: Lists,
        tail: int,
        found: dict[Label, Ends],
    ) -> None:
        """Follow every way on from a state and a token."""
        open_: list[tuple[_State[Label], int, Passed]] = [(first, start, ())]
        size = len(tokens)
        while open_:
            state, at, passed = open_.pop()
            for label in state.complete + state.at_end if at >= tail else state.complete:
                found.setdefault(label, {}).setdefault(start, []).append((at, passed))
            if at < size:
                if state.words:
                    for symbol in symbols[at]:
                        if symbol in state.words:
                            open_.append((self._next(state.words, symbol), at + 1, passed))
                if state.lists and at in lists:
                    for name, ends in lists[at].items():
                        if name in state.lists:
                            after = self._next(state.lists, name)
                            open_ += [(after, end, passed) for end in ends]
            if state.after_gap is not None:
                open_ += [(state.after_gap, *reached) for reached in _pass(at, passed, tokens)]

    def _symbols(self, word: str) -> tuple[str, ...]:
        """The word, where a pattern has it, and the beginnings of it that patterns have, with a `*`."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            own = (word,) if word in self.words else ()
            stems = (word[:size] for size in range(1, len(word) + 1))
            known = self._known[word] = (*own, *(f"{stem}*" for stem in stems if stem in self._beginnings))
        return known

    def _next(self, steps: _Steps[Label], symbol: str) -> _State[Label]:
        after = steps[symbol]
        if isinstance(after, tuple):
            after = steps[symbol] = self._state(zip(after[::2], after[1::2], strict=True))
        return after

    def _state(self, places: Iterable[_Place], state: _State[Label] | None = None) -> _State[Label]:
        """What is found at these places, and what may follow; added to a state that may be given."""
        state = state or _State[Label]()
        complete: dict[Label, None] = {}
        at_end: dict[Label, None] = {}
        beyond_gap = []
        for number, at in dict.fromkeys(place for given in places for place in self._reachable(given)):
            pattern = self._pattern(number)
            step = pattern[at] if at < len(pattern) else None
            if step is None:
                complete[self._labels[number]] = None
            elif step.kind == "end":
                at_end[self._labels[number]] = None
            elif step.kind == "gap":
                beyond_gap.append((number, at + 1))
            else:
                _add(state, step, (number, at + 1))
        state.complete, state.at_end = tuple(complete), tuple(at_end)
        if beyond_gap:
            state.after_gap = self._state(beyond_gap)
        return state

    def _reachable(self, place: _Place) -> Iterator[_Place]:
        """The place, and those behind steps that may be left out."""
        number, at = place
        pattern = self._pattern(number)
        yield place
        while at < len(pattern) and pattern[at].optional:
            at += 1
            yield number, at


def _add(state: _State[Label], step: Element, place: _Place) -> None:
    for symbols, steps in (
        (step.words, state.words),
        ([f"{prefix}*" for prefix in step.prefixes], state.words),
        (step.lists, state.lists),
    ):
        for symbol in symbols:
            _note(steps, symbol, place)


def _note(steps: _Steps[Label], symbol: str, place: _Place) -> None:
    steps[symbol] = steps.get(symbol, ()) + place  # type: ignore[operator] # no state is made before all is noted


def _pass(at: int, passed: Passed, tokens: Sequence[Token]) -> Iterator[tuple[int, Passed]]:
    """Tokens at which one may go on after a gap of up to GAP words, not across the end of a clause."""
    words = 0
    while True:
        yield at, passed
        if at >= len(tokens) or tokens[at].kind == "stop":
            return
        words += tokens[at].kind == "word"
        if words > GAP:
            return
        passed = (*passed, at)
        at += 1
