"""A message while it is read: split, tagged, with its cues."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.language import Status
from bot.understand.assertion import FoundCue
from bot.understand.lexicon import Tagged
from bot.understand.matching import Match, Matches
from bot.understand.tokens import Token

Span = tuple[int, int]

STRENGTH: tuple[Status, ...] = ("present", "uncertain", "past", "hypothetical", "other_person", "denied")
"""Of several mentions of one thing, the first of these that occurs holds."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, split and tagged."""

    raw: str
    tagged: Tagged
    matches: Matches
    cues: Sequence[FoundCue]

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.tagged.tokens

    def found(self, group: str) -> Sequence[Match]:
        """Matches of one group of labels, in the order of the text."""
        return self.matches.get(group, ())

    def span(self, match: Match) -> tuple[int, int]:
        return self.tokens[match.first].start, self.tokens[match.last].end


def overlap(one: Span, other: Span | None) -> bool:
    """Whether two stretches of a text share a character."""
    return other is not None and one[0] < other[1] and other[0] < one[1]
