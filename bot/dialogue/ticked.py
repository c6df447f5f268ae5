"""What an answer in words ticks on the screen that is open: lines by their numbers, or by what they ask."""

from collections.abc import Sequence

from bot.dialogue.questions import SCREENS, options
from bot.dialogue.standing import MERELY, REST
from bot.dialogue.state import NONE, Event, State
from bot.knowledge import Knowledge
from bot.model.pattern import fold
from bot.model.talk import Finding, Reading, SafetyFinding, Ticks

THERE, NOT_THERE, DOUBTFUL, COMPLETE = "there", "not_there", "doubtful", "complete"
"""Keys of what is ticked: rules, and whether the rest is not there."""

MOST = 18
"""Words of a message in which what a line asks, and no rule heard, is taken for an answer to it."""
BRIEF = 6
"""Words of a message that tells of one line and no more."""
FEW = 2
"""Lines denied with a hedge that are asked about one by one; more of them stay on the list."""
MARKS = ".,;:!?()'\""
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
    if ticks and ticks.row and (row := _in_a_row(ticks.row, lines)):
        return row
    heard = {sign.id for sign in reading.safety}
    said: Event = {THERE: [], NOT_THERE: [], DOUBTFUL: [], COMPLETE: False}
    if ticks and _fits(ticks, lines):
        _by_number(ticks, lines, said)
    hedged = is_hedged(reading, knowledge)
    named = {line.id: _status(line, reading) for line in reading.named if line.id in lines and line.id not in heard}
    denied = {line for line, status in named.items() if status == "denied"}
    denied |= {sign.id for sign in reading.safety if sign.status == "denied"}.intersection(lines)
    if len(reading.text.split()) <= MOST or len(named) > 1:
        said[DOUBTFUL] += [line for line, status in named.items() if status in _OPEN]
        said[DOUBTFUL] += sorted(denied) if hedged and len(denied) <= FEW else []
        said[DOUBTFUL] += [sign.id for sign in reading.safety if sign.id in lines and _is_age(sign, reading)]
    said[DOUBTFUL] = [line for line in dict.fromkeys(said[DOUBTFUL]) if line not in said[THERE]]
    told_of = said[DOUBTFUL] or any(sign.lane == "body" and sign.status != "denied" for sign in reading.safety)
    said[COMPLETE] |= REST in reading.remarks and bool(told_of)
    # half of a line denied is not the line denied, unless every line is
    told = {*heard, *said[THERE], *said[DOUBTFUL], *said[NOT_THERE], *denied}
    said[COMPLETE] |= told.issuperset(lines) and not hedged
    said[COMPLETE] |= _is_the_only_one(reading, knowledge, lines)
    return said if said[COMPLETE] or said[THERE] or said[DOUBTFUL] or said[NOT_THERE] else None


def _is_the_only_one(reading: Reading, knowledge: Knowledge, lines: Sequence[str]) -> bool:
    """Whether a few words say of a line that it alone is there: "only the thin bones"; not "just no fever"."""
    there = {sign.id for sign in reading.safety if sign.status == "present"}
    words = words_of(reading)
    return len(words) <= BRIEF and words[0] in knowledge.intents.ticks.only and not there.isdisjoint(lines)


def is_hedged(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a denial may be taken back in part: "no falls apart from the ladder", "no fever. weak leg yes"."""
    ticks = knowledge.intents.ticks
    hedges = {*ticks.hedges, *ticks.there, *ticks.doubtful}
    if MERELY in reading.remarks:  # "no fever, only the back"
        hedges.difference_update(ticks.only, ticks.slightly)
    return not hedges.isdisjoint(words_of(reading))


def words_of(reading: Reading) -> list[str]:
    """The words of a message, folded and without marks."""
    return [fold(word.strip(MARKS)) for word in reading.text.split()]


def _status(line: Finding, reading: Reading) -> str:
    """A number that names a line is no sign that a "none" behind it denies: "I'm 71, none of these"."""
    return "present" if line.status == "denied" and _is_age(line, reading) else line.status


def _is_age(found: Finding | SafetyFinding, reading: Reading) -> bool:
    """Whether a number is denied only by what stands behind it."""
    first, last = found.span or (0, 0)
    return found.status == "denied" and any(map(str.isdigit, reading.text[first:last]))


def _in_a_row(row: Sequence[bool | None], lines: Sequence[str]) -> Event | None:
    """One answer a line; or nothing but no."""
    if set(row) == {False}:
        return {THERE: [], NOT_THERE: [], DOUBTFUL: [], COMPLETE: True}
    if len(row) != len(lines):
        return None
    there = [line for line, yes in zip(lines, row, strict=True) if yes]
    doubtful = [line for line, yes in zip(lines, row, strict=True) if yes is None]
    return {THERE: there, NOT_THERE: [], DOUBTFUL: doubtful, COMPLETE: True}


def _fits(ticks: Ticks, lines: Sequence[str]) -> bool:
    """Whether every number is a line's, or that of "none of these"; "52, none" tells an age and no line."""
    named = (*ticks.there, *ticks.doubtful, *ticks.not_there)
    fits = [1 <= number <= len(lines) + 1 for number in named]
    return any(fits) if ticks.more else all(fits)


def _by_number(ticks: Ticks, lines: Sequence[str], said: Event) -> None:
    for key, numbers in ((THERE, ticks.there), (DOUBTFUL, ticks.doubtful), (NOT_THERE, ticks.not_there)):
        said[key] += [lines[number - 1] for number in numbers if number <= len(lines)]
    listed = bool(ticks.there) and not (ticks.doubtful or ticks.not_there or ticks.more)
    said[COMPLETE] |= ticks.rest or listed
