"""Words and numbers found among tokens: phrases by their first word, numbers in digits and words, and measures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from bot.model.slots import NumberWords

T = TypeVar("T")

LONGEST = 6
"""Characters of a number in digits; longer ones are no numbers people say."""


class Phrases(Generic[T]):
    """Phrases of plain words, looked up by the first of them; the longest counts."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[list[str], T]]] = {}
        for text, value in sorted(phrases.items(), key=lambda item: -len(item[0].split())):
            words = text.split()
            self._by_first.setdefault(words[0], []).append((words, value))
        self.first = frozenset(self._by_first)
        """The words with which a phrase begins."""

    def find(self, texts: Sequence[str], at: int) -> tuple[T, int] | None:
        """What the phrase at this token stands for, and the token after it."""
        if at < len(texts):
            for words, value in self._by_first.get(texts[at], ()):
                if len(words) == 1 or texts[at : at + len(words)] == words:
                    return value, at + len(words)
        return None

    def skip(self, texts: Sequence[str], at: int, most: int) -> int:
        """The token after up to `most` phrases that follow each other here."""
        for _ in range(most):
            found = self.find(texts, at)
            if not found:
                break
            at = found[1]
        return at


def plain(words: Iterable[str]) -> Phrases[bool]:
    """Phrases that stand for nothing but themselves."""
    return Phrases(dict.fromkeys(words, True))


class Amounts:
    """Reads numbers, and measures: a number and a unit."""

    def __init__(self, book: NumberWords) -> None:
        self._words, self._half = Phrases(book.words), plain(book.half)
        self._between, self._range = plain(book.between), frozenset(book.range)
        self._articles = frozenset(book.articles)

    def may_begin(self, text: str) -> bool:
        """Whether a number may begin with this word."""
        return text[0].isdigit() or text in self._words.first

    def is_article(self, texts: Sequence[str], at: int) -> bool:
        """Whether a number is but the article of the next word."""
        found = self._words.find(texts, at) if texts[at] in self._articles else None
        return found is not None and found[1] == at + 1

    def goes_on(self, texts: Sequence[str], at: int) -> bool:
        """Whether a number here is but the end of a longer one: the 3 of "2-3" and of "2 or 3"."""
        at -= 1
        if at > 0 and texts[at] in self._range:
            at -= 1
        return at >= 0 and not self.is_article(texts, at) and self.number(texts, at) is not None

    def number(self, texts: Sequence[str], at: int) -> tuple[float, int] | None:
        """A number and the token after it: "3", "1.5", "three", "forty five", "a couple"."""
        if at >= len(texts):
            return None
        if texts[at][0].isdigit():
            value = digits(texts[at])
            return None if value is None else (value, at + 1)
        found = self._words.find(texts, at)
        if found and found[0] >= 20:
            ones = self._words.find(texts, found[1])
            if ones and 1 <= ones[0] <= 9 and not self.is_article(texts, found[1]):
                return found[0] + ones[0], ones[1]
        return found

    def measure(self, texts: Sequence[str], at: int, units: Mapping[str, float]) -> tuple[float, int] | None:
        """A measure in the smallest unit, and the token after it: "3 weeks", "2-3wks", "a year and a half"."""
        if at >= len(texts):
            return None
        if joined := _joined(texts[at], units):
            return joined, at + 1
        found = self.number(texts, at)
        if not found:
            return None
        value, after = found
        # of "2-3 weeks" and "two or three weeks" the larger number counts
        at = after + (after < len(texts) and texts[after] in self._range)
        if at < len(texts) and (joined := _joined(texts[at], units)):
            return joined, at + 1
        second = self.number(texts, at)
        if second and second[0] > max(value, 1):
            value, after = second
        if half := self._half.find(texts, after):
            value, after = value + 0.5, half[1]
        first, after = after, self._between.skip(texts, after, 2)
        if value >= 1 and not self._articles.isdisjoint(texts[first:after]):
            return None  # "half a week" is a measure, "three a week" a rhythm
        if after >= len(texts) or texts[after] not in units:
            return None
        unit, half = units[texts[after]], self._half.find(texts, after + 1)
        return (value + 0.5) * unit if half else value * unit, half[1] if half else after + 1


def digits(text: str) -> float | None:
    """The number that a token of digits is, with at most one point."""
    if len(text) > LONGEST or text.count(".") > 1 or not text.replace(".", "").isdecimal() or text.endswith("."):
        return None
    return float(text)


def _joined(text: str, units: Mapping[str, float]) -> float | None:
    """A number with its unit written on to it: "3weeks", "10mins"."""
    if not text[0].isdigit() or text[-1].isdigit():
        return None
    start = next((at for at, char in enumerate(text[:LONGEST]) if not (char.isdigit() or char == ".")), 0)
    unit, value = units.get(text[start:]), digits(text[:start]) if start else None
    return value * unit if unit and value is not None else None
