"""An answer to a list of lines, in their numbers and a few words: "1 no, 2 yes, the rest no"."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.model.language import TickWords
from bot.model.talk import Ticks
from bot.understand.message import Message
from bot.understand.tokens import Token

THERE, NOT, DOUBTFUL, REST, EVERY, EXCEPTING, ASKING, THROUGH, FILLER = (
    "there", "not_there", "doubtful", "rest", "every", "excepting", "asking", "through", "fillers",
)  # fmt: skip
_SAID = (THERE, NOT, DOUBTFUL)
_ROW = {THERE: True, NOT: False}
MOST_NOES = 2
"""Noes of a message beyond which it answers line after line."""
_RANGE = frozenset({"-", "–", "—"})
_DIGITS = 2
"""A longer number is no line."""

Symbol = str | int
"""A kind of word, or the number of a line."""


@dataclass(slots=True)
class _Found:
    """What is said of which lines so far."""

    of: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind in _SAID})
    rest: str | None = None
    """What is said of the rest."""

    def note(self, said: str, lines: Sequence[int]) -> None:
        self.of[said] += lines

    def ticks(self, *, more: bool = False) -> Ticks:
        there, not_there, doubtful = (tuple(dict.fromkeys(self.of[kind])) for kind in _SAID)
        return Ticks(there, not_there, doubtful, rest=self.rest == NOT, more=more)


class TickReader:
    """Reads such answers."""

    def __init__(self, words: TickWords) -> None:
        self._numbers = {
            word: number for row in (words.numbers, words.ordinals) for number, word in enumerate(row, start=1)
        }
        self._units, self._ordinals = frozenset(words.units), frozenset(words.ordinals)
        self._before_a_number = frozenset(words.numeral)
        self._kinds = {
            word: kind for kind in (*_SAID, REST, EVERY, EXCEPTING, ASKING, THROUGH) for word in getattr(words, kind)
        }
        self._kinds |= dict.fromkeys(words.fillers, FILLER)

    def read(self, message: Message) -> Ticks | None:
        """What the text says of the lines that it names by their numbers, or of one line after the other; none where
        it does neither. A word that tells anything else makes a number mean something else: "I lost 5 kilos".
        """
        placed = list(self._symbols(message))
        symbols = [symbol for symbol, _ in placed]
        asks = ASKING in symbols or message.raw.endswith("?")
        if None in symbols:
            loosely = _loosely(placed, self._spelled(message))
            return None if asks else loosely or _with_more(message, placed) or _unread_row(symbols)
        known = [symbol for symbol in symbols if symbol is not None and symbol not in (FILLER, ASKING)]
        lines = [symbol for symbol in known if isinstance(symbol, int)]
        if not lines:
            row = _row(placed)
            return Ticks(row=row) if len(row) > 1 and set(_SAID).issuperset(known) else None
        if asks or self._may_count(message):
            return Ticks(doubtful=tuple(lines))
        found = _resolved(known)
        return found.ticks() if found.rest in (None, NOT) else None  # "all but 3": which?

    def _symbols(self, message: Message) -> Iterator[tuple[Symbol | None, int]]:
        """Kind or number of each word, in order, with its segment; None for a word that is neither."""
        tokens = message.tokens
        before: int | None = None
        for at, token in enumerate(tokens):
            number = None if at and tokens[at - 1].text in self._ordinals else self._number(token)  # "the sixth one"
            behind = tokens[at + 1] if at + 1 < len(tokens) else None
            if number is not None and behind and behind.text in self._units:
                number = None  # "but that was 3 years ago"
            if number is not None:
                if before is not None and self._is_range(message, at):
                    yield from ((between, token.segment) for between in range(before + 1, number))
                yield number, token.segment
                before = number
                continue
            kind = self._kinds.get(token.text)
            if kind == THROUGH and before is not None and behind and self._number(behind):
                continue
            if token.kind == "stop" and token.text in _RANGE:
                continue
            before = None
            if kind == THROUGH:
                yield FILLER, token.segment
            elif kind or token.kind == "word":
                yield kind, token.segment

    def _number(self, token: Token) -> int | None:
        if token.text.isdecimal() and len(token.text) <= _DIGITS:
            return int(token.text)
        return self._numbers.get(token.text)

    def _spelled(self, message: Message) -> frozenset[int]:
        """Numbers that stand there as words only."""
        numbers = {(self._number(token), token.text.isdecimal()) for token in message.tokens}
        return frozenset(n for n, digits in numbers if n is not None and not digits and (n, True) not in numbers)

    def _is_range(self, message: Message, at: int) -> bool:
        before, token = message.tokens[at - 1], message.tokens[at]
        between = message.raw[before.end : token.start].strip()
        through = before.kind == "word" and (self._kinds.get(before.text) == THROUGH or between in _RANGE)
        return through or before.text in _RANGE

    def _may_count(self, message: Message) -> bool:
        """Whether the text may name a line or deny it: "no 5"."""
        words = [token for token in message.tokens if token.kind == "word"]
        return len(words) == 2 and words[0].text in self._before_a_number and self._number(words[1]) is not None


def _row(placed: Sequence[tuple[Symbol | None, int]]) -> tuple[bool | None, ...]:
    """One answer a word; "not sure" is one, and neither."""
    row: list[bool | None] = []
    before: tuple[Symbol | None, int] = (None, -1)
    for symbol, segment in placed:
        if symbol not in _SAID:
            continue
        if symbol == DOUBTFUL and before == (NOT, segment):
            row.pop()
        row.append(_ROW.get(str(symbol)))
        before = (symbol, segment)
    return tuple(row)


def _loosely(placed: Sequence[tuple[Symbol | None, int]], spelled: Collection[int]) -> Ticks | None:
    """Numbers that words stand beside, where the rest of the list is told as well ("6 when I run, the rest no"), or
    line after line is: "1 no, 2 no, 3 yes, a fall". A yes counts, and a no only where nothing else is said of a line.
    A `spelled` number is none there: "no one".
    """
    symbols = [None if symbol in spelled else symbol for symbol, _ in placed]
    at_all = [at for at, symbol in enumerate(symbols) if isinstance(symbol, int)]
    lines = [symbol for symbol in symbols if isinstance(symbol, int)]
    in_order = len(lines) > 2 and lines == sorted(set(lines))
    if not lines or not (in_order or {REST, EVERY, NOT}.intersection(s for s in symbols if isinstance(s, str))):
        return None
    found = _Found()
    for at, until in pairwise([*at_all, len(symbols)]):
        line, beside = symbols[at], symbols[at + 1 : until]
        said = [symbol for symbol in beside if symbol in _SAID and symbol != NOT]
        plain = None not in beside and not {REST, EVERY}.intersection(beside)
        kind = THERE if THERE in said else NOT if plain and NOT in beside and not said else DOUBTFUL
        found.note(kind, [line] if isinstance(line, int) else [])
    if any({REST, EVERY}.intersection(part) and NOT in part for part in (symbols[: at_all[0]], symbols[at_all[-1] :])):
        found.rest = NOT
    return found.ticks(more=True)


def _unread_row(symbols: Sequence[Symbol | None]) -> Ticks | None:
    """Several noes with something else among them, which may be a yes."""
    return Ticks(row=(None,)) if sum(symbol == NOT for symbol in symbols) > MOST_NOES else None


def _with_more(message: Message, placed: Sequence[tuple[Symbol | None, int]]) -> Ticks | None:
    """A number that opens the text, with something to say of it: "8, but 20 years ago", "4 and blood thinners"."""
    first = placed[0][1]
    opening = [symbol for symbol, segment in placed if segment == first]
    behind = next((token for token in message.tokens if token.segment != first), None)
    lines = [symbol for symbol in opening if isinstance(symbol, int)]
    if behind is None or not lines or not {FILLER, THERE}.issuperset(s for s in opening if not isinstance(s, int)):
        return None
    if behind.kind == "join" and behind.text.isalpha():
        return Ticks(there=tuple(lines), more=True)
    return Ticks(doubtful=tuple(lines), more=True)


def _resolved(symbols: Sequence[Symbol]) -> _Found:
    """What is said of each line: by the word before, where the text begins with one, else by the word behind."""
    found, before = _Found(), ""
    for number, part in enumerate(_parts(symbols)):
        lines = [symbol for symbol in part if isinstance(symbol, int)]
        said = next((str(symbol) for symbol in part if symbol in _SAID), "")
        if number and found.rest == "" and said:  # "everything except 8 is no"
            found.rest = said
            found.note(_opposite(said), lines)
        elif number and not said:  # "none except 8"
            found.note(_opposite(before) if before else THERE, lines)
        else:
            for said_of, group in _groups(part):
                lines = [symbol for symbol in group if isinstance(symbol, int)]
                found.note(said_of or THERE, lines)
                if REST in group or not lines:  # of "1 to 4 all no" the rest is still open
                    found.rest = said_of
        before = said or before
    return found


def _parts(symbols: Sequence[Symbol]) -> list[list[Symbol]]:
    """Parted where something is excepted; "not sure" is one doubt."""
    parts: list[list[Symbol]] = [[]]
    for symbol in symbols:
        part = parts[-1]
        beside = part[-1] if part else ""
        if symbol == EXCEPTING:
            parts.append([])
        elif DOUBTFUL in (symbol, beside) and {symbol, beside} <= set(_SAID):
            part[-1] = DOUBTFUL
        elif symbol not in _SAID or symbol != beside:
            part.append(symbol)
    return parts


def _groups(part: Sequence[Symbol]) -> Iterator[tuple[str, list[Symbol]]]:
    """What is said, and of which lines."""
    said, lines = "", list[Symbol]()
    leads = bool(part) and part[0] in _SAID
    for at, symbol in enumerate(part):
        behind = part[at + 1 :]
        of_rest = behind[:1] == [REST] and set(_SAID).isdisjoint(behind)  # "6, none of the rest"
        if symbol not in _SAID:
            lines.append(symbol)
        elif leads or said or not lines or of_rest:
            if said or lines:
                yield said, lines
            said, lines = str(symbol), []
        else:
            rest = lines.index(REST) if REST in lines else 0
            if rest:
                yield "", lines[:rest]  # "6, the rest no"
            yield str(symbol), lines[rest:]
            lines = []
    if said or lines:
        yield said, lines


def _opposite(said: str) -> str:
    return {NOT: THERE, THERE: NOT}.get(said, DOUBTFUL)
