"""Repair of typos: an unknown word becomes the one pattern word that a single slip would turn into it."""

from collections.abc import Container, Mapping
from functools import lru_cache
from string import ascii_lowercase

SHORTEST = 4
"""Shorter words are never repaired: hip and tip, leg and peg are one letter apart."""
CLEARLY = 3
"""Times by which a word must be commoner than the next to be what was meant."""


class Repair:
    """Repairs words towards a vocabulary."""

    def __init__(self, targets: Mapping[str, int], known: Container[str]) -> None:
        """`targets` are words that may be meant, with how common they are; `known` are right as they stand."""
        self._targets = {word: count for word, count in targets.items() if len(word) >= SHORTEST}
        self._known = known
        self._repair = lru_cache(maxsize=4096)(self._find)

    def __call__(self, word: str) -> str:
        """The word, or the target it was probably meant to be."""
        if len(word) < SHORTEST or word in self._targets or word in self._known or not word.isalpha():
            return word
        return self._repair(word)

    def _find(self, word: str) -> str:
        near = _one_slip(word) & self._targets.keys()
        # People rarely mistype the first letter; and where two words are meant with equal right, neither is.
        same_start = {target for target in near if target[0] == word[0]} or near
        ranked = sorted(same_start, key=lambda target: (-self._targets[target], target))
        if len(ranked) > 1 and self._targets[ranked[0]] < CLEARLY * self._targets[ranked[1]]:
            return word
        return ranked[0] if ranked else word


def _one_slip(word: str) -> set[str]:
    """Words that one dropped, doubled, wrong or swapped letter away from this one."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    drops = {left + right[1:] for left, right in splits if right}
    swaps = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    wrong = {left + letter + right[1:] for left, right in splits if right for letter in ascii_lowercase}
    added = {left + letter + right for left, right in splits for letter in ascii_lowercase}
    return {slip for slip in drops | swaps | wrong | added if len(slip) >= SHORTEST}
