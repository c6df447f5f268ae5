"""Reading a message within its talk: in the light of the open question, and with danger heard wherever it stands."""

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.questions import SCREENS, options
from bot.dialogue.standing import (
    ACKNOWLEDGED,
    AGAIN,
    BETTER,
    CORRECT,
    EXCEPTING,
    FOR_OTHER,
    HURTING,
    MAY,
    MORTAL,
    NO,
    OF_IT,
    PUZZLED,
    WHAT_IF,
    WORSE,
    counted_off,
    how_it_went,
    on_screen,
    stands,
)
from bot.dialogue.state import NOT_MEANT, State
from bot.knowledge import Knowledge
from bot.model.talk import Finding, Reading, SafetyFinding
from bot.model.words import LEVELS, counted_level, hands_over
from bot.service.handedover import of_a_question
from bot.service.screens import FEW, of_a_screen
from bot.understand.intent import plain
from bot.understand.reader import Reader, level_of

SCREENED = 20_000
"""Characters of a text too long to be answered in which danger is looked for."""
OVERLAP = 200
"""Characters that two parts of such a text share, so that no sign is cut in two."""
NAMING = 5
"""Words of a message that names a practice to see more of it."""
BRIEF = 10
"""Words of a message that is about the routine if it tells of nothing else."""
_PLAIN = frozenset({"again", "right", "picture", "takehome", "order", "when", "place", "did", "only"})
"""Remarks whose words say plainly what is meant."""
IDLE = 2
"""Words of a message that is about nothing: "hmm", "wait what"."""
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


def answering(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading in the light of the open question, or of the routine that stands on the screen.

    In an answer to a question about danger the classifier's guesses at complaints and its doubts do not count, unless
    it puts something right.
    """
    reading = _put_right(reading)
    if stands(state):
        return _of_the_routine(reading, knowledge, state)
    if state.open in ("gate", "fit", "safety") and CORRECT not in reading.remarks:
        symptoms = _worded(reading.symptoms)
        safety = tuple(sign for sign in reading.safety if sign.via == "phrase" or sign.status != "uncertain")
        reading = replace(reading, symptoms=symptoms, safety=safety)
    if state.open == "safety":
        return of_a_question(reading, knowledge)
    if state.handover:
        return reading if state.crisis else _no_alarm_by_ear(reading, beside=False)
    if state.open not in SCREENS:
        return reading
    return of_a_screen(_no_alarm_by_ear(reading, beside=True, lanes=("body", "crisis")), knowledge, state)


def _put_right(reading: Reading) -> Reading:
    """A few words that begin with a "no" and name a complaint put right what was just told: "no, the knee"."""
    told = reading.present() or any(finding.status == "present" for finding in reading.unanswered())
    beside = {EXCEPTING, PUZZLED}.intersection(reading.remarks)
    brief = NO in reading.remarks and not beside and len(reading.text.split()) <= FEW
    return replace(reading, remarks=(*reading.remarks, CORRECT)) if told and brief else reading


def _worded(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.via == "phrase")


def _no_alarm_by_ear(reading: Reading, *, beside: bool, lanes: Collection[str] = ("crisis",)) -> Reading:
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


def is_guess(sign: SafetyFinding, reading: Reading) -> bool:
    """Whether a sign is no more than a doubt of the learned part over a few words."""
    return sign.via == "classifier" and sign.status == "uncertain" and len(reading.text.split()) <= BRIEF


def _tells_more(reading: Reading, state: State) -> bool:
    """Whether a pain or a sign is told that was not there before."""
    felt = {*reading.present(), *(item.area for item in reading.unanswered() if item.status == "present")}
    signs = any(sign.status in _COUNTING and sign.lane == "body" for sign in reading.safety)
    return signs or not felt <= {*state.present(), *state.uncovered}


def _of_the_routine(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading of what is said of the routine on the screen: a practice may be named by its place in it, and where
    words say plainly what is meant, a complaint is no guess of the classifier.
    """
    routine = on_screen(knowledge, state) if reading.items else None
    named = counted_off(reading, routine) if routine else ()
    reading = replace(reading, practices=tuple(dict.fromkeys((*reading.practices, *named))))
    if named and reading.intent == "help":
        reading = replace(reading, intent="ask_how")  # "I don't understand the second one"
    if WHAT_IF in reading.remarks:  # "what if it gets worse" tells of nothing that is
        reading = replace(reading, remarks=(*(one for one in reading.remarks if one not in (WORSE, OF_IT)), HURTING))
    if OF_IT in reading.remarks and _tells_more(reading, state) and not {BETTER, MAY}.intersection(reading.remarks):
        reading = replace(reading, remarks=(*reading.remarks, WORSE))  # "after the lunge my back hurts"
    beside = {OF_IT, *([AGAIN] if named else [])}  # "show me the first one"
    asks_why = reading.intent in ("ask_why", "ask_sources", "ask_dose")
    if reading.practices and not set(reading.remarks) - beside and len(reading.text.split()) <= NAMING and not asks_why:
        return replace(reading, intent="ask_how", symptoms=_worded(reading.symptoms), contexts=(), preferences=())
    if reading.intent == "out_of_scope" and len(reading.text.split()) <= IDLE:
        reading = replace(reading, intent="unclear")
    remarks = set(reading.remarks) - {CORRECT, NOT_MEANT, FOR_OTHER, OF_IT}
    if reading.intent == "unclear" and reading.text.endswith("?") and not remarks:
        remarks = {MAY}
        reading = replace(reading, remarks=(MAY,))
    reading = _no_alarm_by_ear(reading, beside=bool(remarks & _PLAIN))
    if not remarks:
        of_it = reading.slots.worse_with or reading.slots.better_with  # more about the complaint, and not how it went
        return replace(reading, intent="report") if of_it and reading.intent in ("progress", "unclear") else reading
    if remarks == {ACKNOWLEDGED}:  # the whole message: "ok, I'll do it tonight" is said of the routine
        if reading.intent in ("thanks", "goodbye"):
            return replace(reading, remarks=())
        signs = tuple(sign for sign in reading.safety if sign.via == "phrase")
        return replace(reading, intent="affirm", symptoms=(), contexts=(), safety=signs, level=level_of(signs))
    symptoms = plain(reading.symptoms) if remarks == {MAY} else _worded(reading.symptoms)
    if how_it_went(state, remarks):  # the danger signs are asked about next
        safety = tuple(
            sign
            for sign in reading.safety
            if sign.via == "phrase" or sign.status != "uncertain" or sign.lane == "crisis"
        )
        contexts = reading.contexts if WORSE in remarks else _worded(reading.contexts)
        return replace(reading, symptoms=symptoms, contexts=contexts, safety=safety)
    contexts = reading.contexts
    if not any(finding.status == "present" for finding in symptoms):
        contexts = tuple(
            replace(finding, status="hypothetical") if finding.status == "present" else finding for finding in contexts
        )
    return replace(reading, symptoms=symptoms, contexts=contexts)


def picked_of(reading: Reading, state: State, knowledge: Knowledge) -> tuple[str, ...]:
    """Options of the open question that a few words choose by their place, or the minutes that they name alone."""
    if state.open == "minutes" and reading.text.isdecimal():
        return (reading.text,)
    offered = options(knowledge, state, state.open) if state.open in ("gate", "fit") else ()
    plain = not {NO, EXCEPTING, PUZZLED}.intersection(reading.remarks) and not reading.text.endswith("?")
    if not plain or not reading.items or reading.safety or len(reading.text.split()) > FEW:
        return ()
    if reading.ticks:
        return ()
    within = all(0 < item <= len(offered) for item in reading.items)
    return tuple(offered[item - 1] for item in reading.items) if within else ()
