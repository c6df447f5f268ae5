"""Reading a message within its talk: in the light of the open question, and with danger heard wherever it stands."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.state import State
from bot.model.talk import Reading
from bot.model.words import LEVELS, counted_level, hands_over
from bot.understand.reader import Reader

SCREENED = 20_000
"""Characters of a text too long to be answered in which danger is looked for."""
OVERLAP = 200
"""Characters that two parts of such a text share, so that no sign is cut in two."""
_EXCEPTED = re.compile(r"\d|\b(?:except|but|only|apart|besides|bar|just|maybe|wrong|right|what|thats?)\b")
"""Words with which a "no" takes something out, or means the question: "none except 8", "no, you got me wrong"."""
_COUNTING = ("present", "other_person", "uncertain")


def heard(reader: Reader, text: str, felt: Collection[str]) -> Reading:
    """What was understood. A line break ends a clause, but a sign may run over it: danger is also read across lines."""
    reading = reader.read(text, felt=felt)
    flat = "".join(" " if mark.isspace() else mark for mark in text)
    if flat == text:
        return reading
    known = {finding.id for finding in reading.safety if finding.status in _COUNTING}
    across = reader.read(flat, felt=felt)
    more = [
        sign for sign in across.safety if sign.status in _COUNTING and sign.id not in known and sign.via == "phrase"
    ]
    if not more:
        return reading
    level = max(reading.level, *(counted_level(sign.level, sign.status) for sign in more), key=LEVELS.index)
    newly = {sign.id for sign in more}
    kept = [sign for sign in reading.safety if sign.id not in newly]
    safety = sorted([*kept, *more], key=lambda sign: -LEVELS.index(sign.level))
    return replace(reading, safety=tuple(safety), level=level)


def alarm_in(reader: Reader, text: str, most: int) -> Reading | None:
    """The part of a long text in which the gravest sign that hands over is put into words, of equals a crisis before
    the body, then the first; none where none does.
    """
    gravest: tuple[tuple[int, bool], Reading] | None = None
    for start in range(0, min(len(text), SCREENED), most - OVERLAP):
        reading = reader.read(text[start : start + most])
        for sign in reading.safety:
            level = counted_level(sign.level, sign.status)
            rank = (LEVELS.index(level), sign.lane == "crisis")
            if sign.via == "phrase" and hands_over(level) and (gravest is None or rank > gravest[0]):
                gravest = (rank, reading)
    return gravest[1] if gravest else None


def answering(reading: Reading, state: State) -> Reading:
    """A reading in the light of the open question.

    In an answer to a screen the classifier's guesses at complaints and its doubts do not count, and a bare "no" that
    opens it answers the screen, whatever the rest is taken for.
    """
    if state.open in ("gate", "fit", "safety"):
        symptoms = tuple(finding for finding in reading.symptoms if finding.via == "phrase")
        safety = tuple(sign for sign in reading.safety if sign.via == "phrase" or sign.status != "uncertain")
        reading = replace(reading, symptoms=symptoms, safety=safety)
    if state.open in ("gate", "fit") and not reading.safety and reading.intent in ("unclear", "out_of_scope"):
        first, _, rest = reading.text.casefold().partition(" ")
        bare = first.strip(",.!") in ("no", "none", "nope", "nah", "nothing", "neither")
        if bare and not rest.startswith(("idea", "clue")) and not _EXCEPTED.search(rest):
            return replace(reading, intent="deny")
    return reading
