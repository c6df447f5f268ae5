"""What is wrong with content, where, and what was perhaps meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a content file."""

    file: str
    """Path below the content folder."""
    line: int
    """Line, counted from 1."""
    message: str
    """What is wrong."""
    warning: bool = False
    """Whether content may be used all the same."""

    def __str__(self) -> str:
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {mark}{self.message}"


class ContentError(Exception):
    """Content that must not be used; holds every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean "…"?)`, or nothing where no known word is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""
