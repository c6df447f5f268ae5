"""Texts as tokens: words folded and repaired, each with its place in the text, in segments and clauses."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from bot.model.pattern import fold

Kind = Literal["word", "stop", "join"]
"""A word; a mark at which a clause ends; a mark that joins parts of a clause."""

_TOKEN = re.compile(
    r"(?P<word>[^\W_]+(?:(?:['’‘ʼ`´]|(?<=\d)[.:/](?=\d))[^\W_]+)*)"
    r"|(?P<stop>[.;!?\n()…]+|\s[-–—]\s|—)|(?P<join>,|&|(?<=\w)[/:](?=\w))"
)
"""A mark between two digits belongs to the number; between anything else it parts, though no space stands behind it."""
_REPEATS = re.compile(r"([a-z])\1{2,}")
_JOINED = {("can", "not"): "cant", ("do", "not"): "dont", ("does", "not"): "doesnt", ("will", "not"): "wont"}
_SPELLED = {"cannot": "cant"}
_STAND_INS = {"!": "i", "1": "i", "3": "e", "0": "o", "@": "a", "$": "s", "*": "x"}
"""A star hides a letter, which the repair of typos finds again."""
_STAND_IN = re.compile(r"(?<=[^\W\d_])[!130@$*](?=[^\W\d_])")
_EXCLAIMED = re.compile(r"[^\W_]+(?:![^\W_]+)+")
_LINE_ENDS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_LOOK_ALIKES = dict(
    zip(
        "аеорсухікмтнѕјԁԛԝӏАВЕКМНОРСТХІЅЈαεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΧ",
        "aeopcyxikmthsjdqwlABEKMHOPCTXISJaeikvoptuxABEZHIKMNOPTX",
        strict=True,
    )
)
"""Letters of other alphabets by the Latin ones that they look like."""
_INVISIBLE = {"Cf", "Cc", "Cs", "Co"}


class Token(NamedTuple):
    """One word or mark."""

    text: str
    """Folded and repaired; for marks, the mark."""
    kind: Kind
    start: int
    """First code point in the text."""
    end: int
    """Code point after the last."""
    segment: int
    """Number of the stretch between joins and stops."""
    clause: int
    """Number of the stretch between stops."""
    sentence: int
    """Number of the stretch between full stops and the like."""


def clean(text: str) -> str:
    """The text without control, format and private characters; newlines and tabs stay. Lengths may shrink."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").translate(_LINE_ENDS)
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in _INVISIBLE)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def undisguise(text: str, is_word: Callable[[str], bool]) -> str:
    """The text with letters of other alphabets and signs that stand for letters as those, place by place: "k!ll". An
    exclamation mark is an i only within what is a word then: "ouch!chest pain" is two.
    """
    if not text.isascii():
        text = "".join(map(_letter, text))
    if "!" in text:
        text = _EXCLAIMED.sub(lambda match: _exclaimed(match[0], is_word), text)
    return _STAND_IN.sub(lambda match: _STAND_INS[match[0]], text)


def _exclaimed(word: str, is_word: Callable[[str], bool]) -> str:
    meant = _STAND_IN.sub(lambda match: _STAND_INS[match[0]], word)
    return meant if is_word(_fold(meant)) else word.replace("!", "\n")


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    """The Latin letter that a letter looks like: Cyrillic, Greek, full width, with an accent."""
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    parts = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    return parts[0] if len(parts) == 1 and parts[0].isascii() and parts[0].isalnum() else char


def tokenize(
    text: str,
    *,
    stops: frozenset[str] = frozenset(),
    joins: frozenset[str] = frozenset(),
    repair: Callable[[str], str] = lambda word: word,
    is_word: Callable[[str], bool] = lambda word: True,
) -> tuple[Token, ...]:
    """Split a cleaned text into tokens; `stops` and `joins` are words that act as marks, `repair` mends typos, and
    `is_word` tells whether letters are a word.
    """
    tokens: list[Token] = []
    segment = clause = sentence = 0
    for word, kind, start, end in _words(undisguise(text, is_word)):
        if kind == "word":
            folded = _fold(word)
            if not folded:
                continue  # a letter that is only an apostrophe
            if joined := _JOINED.get((tokens[-1].text if tokens else "", folded)):
                last = tokens[-1]
                tokens[-1] = Token(joined, "word", last.start, end, last.segment, last.clause, last.sentence)
                continue
            if folded in stops:
                kind = "stop"
            elif folded in joins:
                kind = "join"
            else:
                folded = repair(folded)
        else:
            folded = word.strip() or "\n"
        if kind == "stop":
            clause += 1
            sentence += folded not in stops
        if kind != "word":
            segment += 1
        tokens.append(Token(folded, kind, start, end, segment, clause, sentence))
    return tuple(tokens)


@lru_cache(maxsize=16384)
def _fold(word: str) -> str:
    folded = _REPEATS.sub(r"\1\1", fold(word))
    return _SPELLED.get(folded, folded)


def _words(text: str) -> list[tuple[str, Kind, int, int]]:
    return [(match[0], match.lastgroup, match.start(), match.end()) for match in _TOKEN.finditer(text)]  # type: ignore[misc] # the groups are named after the kinds
