"""Danger in a message within its talk: where only a guess is, and what counts of a text too long to be answered."""

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.standing import MORTAL
from bot.model.talk import Finding, Reading, SafetyFinding
from bot.model.words import LEVELS, counted_level, hands_over
from bot.understand.reader import Reader, level_of

SCREENED = 20_000
"""Characters of a text too long to be answered in which danger is looked for."""
OVERLAP = 200
"""Characters that two parts of such a text share, so that no sign is cut in two."""
COUNTING = ("present", "other_person", "uncertain")
"""Statuses of a sign that is told."""
BRIEF = 10
"""Words of a message that is about what stands on the screen if it tells of nothing else."""


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


def no_alarm_by_ear(reading: Reading, *, beside: bool, lanes: Collection[str] = ("crisis",)) -> Reading:
    """In a few words said of a routine ("I want to do it again"), at a screen or in a hand-over, the learned part alone
    raises no alarm of these lanes: it asks. Its mere doubts are silent `beside` words that say plainly what is meant,
    and "will I die?" is no crisis by ear.
    """
    if len(reading.text.split()) > BRIEF:
        return reading
    safety = []
    for sign in reading.safety:
        guessed = sign.lane in lanes and sign.via == "classifier" and hands_over(sign.level)
        if guessed and sign.lane == "crisis" and MORTAL in reading.remarks:
            continue
        if guessed and sign.status == "present":
            safety.append(replace(sign, status="uncertain"))
        elif not (guessed and beside and sign.status == "uncertain"):
            safety.append(sign)
    return replace(reading, safety=tuple(safety), level=level_of(safety))


def tells_a_sign(reading: Reading) -> bool:
    """Whether a message tells of danger, by more than a guess."""
    return any(sign.status != "denied" and not is_guess(sign, reading) for sign in reading.safety)


def is_guess(sign: SafetyFinding, reading: Reading) -> bool:
    """Whether a sign is no more than a doubt of the learned part over a few words."""
    return sign.via == "classifier" and sign.status == "uncertain" and len(reading.text.split()) <= BRIEF


def worded(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.via == "phrase")
