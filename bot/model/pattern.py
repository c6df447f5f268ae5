"""The pattern syntax of phrase lists: words, `a|b`, `word*`, `[optional]`, `<list>`, a lone `*` for a gap, `^` and `$`.

Parsing knows nothing of texts; bot/understand matches what is parsed here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

GAP = 3
"""Words that a lone `*` may pass over."""

_TOKEN = re.compile(r"\[[^\[\]]+\]|\S+")
_NAME = re.compile(r"<([a-z][a-z0-9_]*)>")
_WORD = re.compile(r"[^\W_]+(?:[.:/][^\W_]+)*")
_NAMED = re.compile(r"<\w+>|([^\W_]+(?:[.:/][^\W_]+)*)(\*?)")
_OPENING = re.compile(r"(?!can |cannot\b)[a-z0-9|*]+(?= |$)")
_CANNOT = re.compile(r"\bcan ?not\b")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


class PatternError(ValueError):
    """A pattern that cannot be read."""


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a pattern."""

    kind: Literal["words", "list", "gap", "start", "end"]
    """What it matches."""
    words: tuple[str, ...] = ()
    """For `words`: whole words."""
    prefixes: tuple[str, ...] = ()
    """For `words`: beginnings of words."""
    lists: tuple[str, ...] = ()
    """For `list`: names of word lists."""
    optional: bool = False
    """Whether it may be left out."""


Pattern = tuple[Element, ...]


def fold(text: str) -> str:
    """Lower case, and apostrophes dropped: how words are compared."""
    return _APOSTROPHES.sub("", text.casefold())


def parse(text: str) -> Pattern:
    """Parse a pattern; raises PatternError, saying what is wrong."""
    elements = tuple(element for token in _TOKEN.findall(_folded(text)) for element in _elements(token))
    if not any(element.kind in ("words", "list") and not element.optional for element in elements):
        raise PatternError(f'pattern "{text}" matches anything')
    if elements[0].kind == "gap" or elements[-1].kind == "gap":
        raise PatternError(f'pattern "{text}" begins or ends with a gap')
    if any(element.kind == "start" for element in elements[1:]) or any(e.kind == "end" for e in elements[:-1]):
        raise PatternError(f'pattern "{text}" has a ^ or $ in its middle, where nothing begins or ends')
    return elements


def _folded(text: str) -> str:
    return _CANNOT.sub("cant", fold(text).replace("-", " "))


def opening(text: str) -> list[str]:
    """The words, or beginnings of words with a `*`, of which one comes first, where that can be told without parsing
    the pattern.
    """
    plain = _OPENING.match(text)
    return plain[0].split("|") if plain else []


def named_words(texts: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Whole words that these patterns name, and beginnings of words; quicker than to parse them."""
    named = _NAMED.findall(_folded("\n".join(texts)))
    return (
        frozenset(word for word, star in named if word and not star),
        frozenset(word for word, star in named if star),
    )


def list_names(pattern: Pattern) -> set[str]:
    """Names of the word lists that a pattern uses."""
    return {name for element in pattern for name in element.lists}


@cache  # the same steps come up again and again
def _elements(token: str) -> list[Element]:
    if token == "*":  # noqa: S105
        return [Element("gap")]
    if token in ("^", "$"):
        return [Element("start" if token == "^" else "end")]  # noqa: S105
    if token.startswith("["):
        if not token.endswith("]"):
            raise PatternError(f'"{token}" opens a bracket that does not close')
        return [_element(word, optional=True) for word in token[1:-1].split()]
    return [_element(token)]


def _element(token: str, *, optional: bool = False) -> Element:
    if token.isalnum():  # most are a plain word
        return Element("words", (token,), optional=optional)
    names, words, prefixes = [], [], []
    for part in token.split("|"):
        if match := _NAME.fullmatch(part):
            names.append(match[1])
        elif part.endswith("*") and _WORD.fullmatch(part[:-1]):
            prefixes.append(part[:-1])
        elif _WORD.fullmatch(part):
            words.append(part)
        else:
            raise PatternError(f'"{part}" is neither a word, a <list>, nor a word*')
    if names and (words or prefixes):
        raise PatternError(f'"{token}" mixes words and lists; put the words into a list')
    kind: Literal["words", "list"] = "list" if names else "words"
    return Element(kind, tuple(words), tuple(prefixes), tuple(names), optional)
