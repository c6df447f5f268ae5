"""Reading a message within its talk: in the light of the open question, and with danger heard wherever it stands."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.questions import SCREENS, options
from bot.dialogue.standing import (
    CORRECT,
    EXCEPTING,
    NO,
    PUZZLED,
    WANTS,
    WORSE,
    stands,
)
from bot.dialogue.state import State
from bot.dialogue.ticked import words_of
from bot.knowledge import Knowledge
from bot.model.talk import Reading, SafetyFinding
from bot.model.words import LEVELS, counted_level, hands_over
from bot.service.afterwards import of_the_routine
from bot.service.alarms import COUNTING, no_alarm_by_ear, worded
from bot.service.handedover import of_a_question
from bot.service.screens import FEW, begins_with_a_no, of_a_screen
from bot.understand.reader import Reader

_NUMBER = re.compile(r"\d{1,3}")
COUNTED = 6
"""Words of a message that may name minutes without the word."""


def heard(reader: Reader, text: str, felt: Collection[str]) -> Reading:
    """What was understood. A line break ends a clause, but a sign may run over it: danger is also read across lines."""
    reading = reader.read(text, felt=felt)
    flat = "".join(" " if mark.isspace() else mark for mark in text)
    if flat == text:
        return reading
    known = {finding.id for finding in reading.safety if finding.status in COUNTING}
    across = reader.read(flat, felt=felt)
    more = [sign for sign in across.safety if sign.status in COUNTING and sign.id not in known and sign.via == "phrase"]
    if not more:
        return reading
    level = max(reading.level, *(counted_level(sign.level, sign.status) for sign in more), key=LEVELS.index)
    newly = {sign.id for sign in more}
    kept = [sign for sign in reading.safety if sign.id not in newly]
    safety = sorted([*kept, *more], key=lambda sign: -LEVELS.index(sign.level))
    return replace(reading, safety=tuple(safety), level=level)


def answering(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading in the light of the open question, or of the routine that stands on the screen.

    In an answer to a question about danger the classifier's guesses at complaints and its doubts do not count, unless
    it puts something right.
    """
    reading = _put_right(reading)
    if stands(state):
        return of_the_routine(reading, knowledge, state)
    asked = state.open in (*SCREENS, "safety")
    more = asked and begins_with_a_no(reading, knowledge)  # a sentence of its own is heard as any other
    if asked and CORRECT not in reading.remarks and not more:
        symptoms = worded(reading.symptoms)
        safety = tuple(sign for sign in reading.safety if sign.via == "phrase" or sign.status != "uncertain")
        reading = replace(reading, symptoms=symptoms, safety=safety)
    if state.open == "safety":
        return of_a_question(reading, knowledge, state)
    if state.handover:
        return reading if state.crisis else no_alarm_by_ear(reading, beside=False)
    if state.open not in SCREENS:
        asks_for_one = WANTS in reading.remarks and not reading.present()  # "best stretch for psoas"
        return replace(reading, contexts=worded(reading.contexts)) if asks_for_one else reading
    return of_a_screen(no_alarm_by_ear(reading, beside=not more, lanes=("body", "crisis")), knowledge, state)


def _put_right(reading: Reading) -> Reading:
    """A few words that begin with a "no" and name a complaint put right what was just told: "no, the knee"; not "no,
    it's getting worse".
    """
    if WORSE in reading.remarks:
        return replace(reading, remarks=tuple(one for one in reading.remarks if one != CORRECT))
    told = reading.present() or any(finding.status == "present" for finding in reading.unanswered())
    beside = {EXCEPTING, PUZZLED}.intersection(reading.remarks)
    brief = NO in reading.remarks and not beside and len(reading.text.split()) <= FEW
    return replace(reading, remarks=(*reading.remarks, CORRECT)) if told and brief else reading


def _minutes_in(reading: Reading, knowledge: Knowledge) -> str | None:
    """The minutes that a few words name without the word, of several the fewest: "10", "about ten", "10-15"."""
    words, ticks = words_of(reading), knowledge.intents.ticks
    if len(words) > COUNTED or not set(ticks.units).isdisjoint(words) or any(map(_grave, reading.safety)):
        return None
    numbers = [int(number) for word in words for number in _NUMBER.findall(word)]
    numbers += [number for number, word in enumerate(ticks.numbers, start=1) if word in words]
    fewest = min(numbers, default=0)
    return str(fewest) if fewest else None


def _grave(sign: SafetyFinding) -> bool:
    return sign.via == "phrase" and hands_over(sign.level)


def picked_of(reading: Reading, state: State, knowledge: Knowledge) -> tuple[str, ...]:
    """Options of the open question that a few words choose by their place, or the minutes that they name alone."""
    if state.open == "minutes" and (minutes := _minutes_in(reading, knowledge)):
        return (minutes,)
    offered = options(knowledge, state, state.open) if state.open in ("gate", "fit") else ()
    plain = not {NO, EXCEPTING, PUZZLED}.intersection(reading.remarks) and not reading.text.endswith("?")
    if not plain or not reading.items or reading.safety or len(reading.text.split()) > FEW:
        return ()
    if reading.ticks:
        return ()
    within = all(0 < item <= len(offered) for item in reading.items)
    return tuple(offered[item - 1] for item in reading.items) if within else ()
