"""What an answer in words ticks on the screen that is open: lines by their numbers, or by what they ask."""

from collections.abc import Sequence

from bot.dialogue.questions import SCREENS, options
from bot.dialogue.standing import REST
from bot.dialogue.state import NONE, Event, State
from bot.knowledge import Knowledge
from bot.model.talk import Reading, Ticks

THERE, NOT_THERE, DOUBTFUL, COMPLETE = "there", "not_there", "doubtful", "complete"
"""Keys of what is ticked: rules, and whether the rest is not there."""

MOST = 12
"""Words of a message in which what a line asks, and no rule heard, is taken for an answer to it."""
_OPEN = ("present", "past", "uncertain", "hypothetical")
"""Statuses of a line's words with which it is asked about."""


def ticked(knowledge: Knowledge, state: State, reading: Reading) -> Event | None:
    """Rules of the open screen that a message says are there, are not, or leaves open; none where it says nothing of
    any.
    """
    if state.open not in SCREENS:
        return None
    lines = [line for line in options(knowledge, state, state.open) if line != NONE]
    ticks = reading.ticks
    if ticks and ticks.row:
        return _in_a_row(ticks.row, lines)
    heard = {sign.id for sign in reading.safety}
    said: Event = {THERE: [], NOT_THERE: [], DOUBTFUL: [], COMPLETE: False}
    if ticks and _fits(ticks, lines):
        _by_number(ticks, lines, said)
    named = {line.id: line.status for line in reading.named if line.id in lines and line.id not in heard}
    if len(reading.text.split()) <= MOST:
        said[DOUBTFUL] += [line for line, status in named.items() if status in _OPEN]
    denied = {line for line, status in named.items() if status == "denied"}
    told_of = said[DOUBTFUL] or any(sign.lane == "body" for sign in reading.safety)
    said[COMPLETE] |= REST in reading.remarks and bool(told_of)
    # half of a line denied is not the line denied, unless every line is
    told = {*heard, *said[THERE], *said[DOUBTFUL], *said[NOT_THERE], *denied}
    said[COMPLETE] |= told.issuperset(lines)
    return said if said[COMPLETE] or said[THERE] or said[DOUBTFUL] or said[NOT_THERE] else None


def _in_a_row(row: Sequence[bool], lines: Sequence[str]) -> Event | None:
    """One answer a line; or nothing but no."""
    if any(row) and len(row) != len(lines):
        return None
    there = [line for line, yes in zip(lines, row, strict=False) if yes]
    return {THERE: there, NOT_THERE: [], DOUBTFUL: [], COMPLETE: True}


def _fits(ticks: Ticks, lines: Sequence[str]) -> bool:
    """Whether every number is a line's, or that of "none of these"; "52, none" tells an age and no line."""
    named = (*ticks.there, *ticks.doubtful, *ticks.not_there)
    return all(1 <= number <= len(lines) + 1 for number in named)


def _by_number(ticks: Ticks, lines: Sequence[str], said: Event) -> None:
    for key, numbers in ((THERE, ticks.there), (DOUBTFUL, ticks.doubtful), (NOT_THERE, ticks.not_there)):
        said[key] += [lines[number - 1] for number in numbers if number <= len(lines)]
    listed = bool(ticks.there) and not (ticks.doubtful or ticks.not_there or ticks.more)
    said[COMPLETE] |= ticks.rest or listed
