"""N-grams of a text: the one definition that training and serving share."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.understand.tokens import Token

WORD_GRAMS = (1, 2)
CHAR_GRAMS = (2, 5)


def words_of(tokens: Sequence[Token]) -> list[str]:
    """The words of a tokenized text, with marks left out and numbers folded to one."""
    return ["0" if token.text.isdigit() else token.text for token in tokens if token.kind == "word"]


def word_grams(words: Sequence[str]) -> Counter[str]:
    """Words and pairs of neighbours."""
    grams = Counter(words)
    grams.update(f"{one} {other}" for one, other in pairwise(words))
    return grams


def char_grams(words: Sequence[str]) -> Counter[str]:
    """Character n-grams within each word, with a space at both ends."""
    grams: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for size in range(CHAR_GRAMS[0], CHAR_GRAMS[1] + 1):
            grams.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return grams
