"""Strings and their numbers in a fiftieth of the memory of a dict, as arrays like everything else that is learned."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from marisa_trie import Trie


class Vocabulary:
    """Numbers strings from 0, in the order in which they were given; like all cleaned text they hold no NUL."""

    def __init__(self, arrays: Mapping[str, Any], name: str) -> None:
        """Of `arrays`, those that `numbered` called by this name."""
        self._trie = Trie()
        if len(arrays[name]):
            self._trie.frombytes(arrays[name].tobytes())
        self._numbers = memoryview(arrays[f"{name}_numbers"])  # of which only what is used comes into memory

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, string: object) -> bool:
        return string in self._trie

    def get(self, string: str) -> int | None:
        """The string's number."""
        place: int | None = self._trie.get(string)
        return None if place is None else self._numbers[place]


def numbered(strings: Sequence[str], name: str) -> dict[str, Any]:
    """Arrays of a vocabulary: a trie, which numbers strings as suits it, and in its order the numbers here."""
    trie = Trie(strings)
    numbers = np.zeros(len(strings), np.int32)
    numbers[[trie[string] for string in strings]] = range(len(strings))
    return {name: np.frombuffer(trie.tobytes(), np.uint8), f"{name}_numbers": numbers}
