"""Reading what is said of the routine on the screen."""

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.standing import (
    ACKNOWLEDGED,
    AGAIN,
    ANOTHERS,
    BETTER,
    CORRECT,
    FOR_OTHER,
    HURTING,
    INTENDS,
    MAY,
    OF_IT,
    WHAT_IF,
    WORSE,
    counted_off,
    how_it_went,
    on_screen,
)
from bot.dialogue.state import NOT_MEANT, State
from bot.knowledge import Knowledge
from bot.model.talk import Reading
from bot.model.words import POSTURES
from bot.service.alarms import COUNTING, no_alarm_by_ear, worded
from bot.understand.intent import plain
from bot.understand.reader import level_of

NAMING = 7
"""Words of a message that names a practice to see more of it."""
FEW = 4
"""Words of a message that tells no more than how it went."""
IDLE = 2
"""Words of a message that is about nothing: "hmm", "wait what"."""
_PLAIN = frozenset({"again", "right", "picture", "takehome", "order", "when", "place", "did", "only", INTENDS})
"""Remarks whose words say plainly what is meant."""
_BESIDE = frozenset({CORRECT, NOT_MEANT, FOR_OTHER, OF_IT})
"""Remarks that have no answer of their own there."""


def of_the_routine(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading of what is said of the routine on the screen: a practice may be named by its place in it, and where
    words say plainly what is meant, a complaint is no guess of the classifier.
    """
    if ANOTHERS in reading.remarks:  # "my son is 14, can he do it?" makes nobody else younger
        safety = tuple(sign for sign in reading.safety if not knowledge.safety[sign.id].of_self)
        reading = replace(reading, safety=safety, level=level_of(safety))
    routine = on_screen(knowledge, state) if reading.items else None
    named = counted_off(reading, routine) if routine else ()
    reading = replace(reading, practices=tuple(dict.fromkeys((*reading.practices, *named))))
    reading = _meant(reading, state, counted=bool(named))
    if _only_names(reading, counted=bool(named)):
        return replace(reading, intent="ask_how", symptoms=worded(reading.symptoms), contexts=(), preferences=())
    if reading.intent == "unclear" and reading.text.endswith("?") and _BESIDE.issuperset(reading.remarks):
        reading = replace(reading, remarks=(MAY,))
    remarks = frozenset(reading.remarks) - _BESIDE
    of_postures = {wish for wish in reading.preferences if wish.partition("_")[2] in POSTURES}
    # "all the time in the world"; but "can't lie flat, I get breathless" is about more than a posture
    plainly = bool(reading.slots.minutes) or not of_postures.issuperset(reading.preferences)
    lanes = ("crisis", "body") if plainly else ("crisis",)
    reading = no_alarm_by_ear(reading, beside=plainly or bool(remarks & _PLAIN), lanes=lanes)
    if of_postures:  # "can't lie on my front or my back" tells of no pain
        reading = replace(reading, symptoms=worded(reading.symptoms))
    if INTENDS in remarks and _only_intends(reading, state):  # "I'll do it with my kids"
        remarks = frozenset({ACKNOWLEDGED})
    if BETTER in remarks and len(reading.text.split()) <= FEW:  # "I feel better", the learned part feared
        signs = tuple(sign for sign in reading.safety if sign.via == "phrase")
        reading = replace(reading, safety=signs, level=level_of(signs))
    if not remarks:
        of_it = reading.slots.worse_with or reading.slots.better_with  # more about the complaint, and not how it went
        return replace(reading, intent="report") if of_it and reading.intent in ("progress", "unclear") else reading
    if remarks == {ACKNOWLEDGED}:  # the whole message: "ok, I'll do it tonight" is said of the routine
        if reading.intent in ("thanks", "goodbye"):
            return replace(reading, remarks=())
        signs = tuple(sign for sign in reading.safety if sign.via == "phrase")
        said = (*(one for one in reading.remarks if one in _BESIDE), ACKNOWLEDGED)
        return replace(
            reading, intent="affirm", symptoms=(), contexts=(), safety=signs, level=level_of(signs), remarks=said
        )
    return _counting(reading, state, remarks)


def _only_intends(reading: Reading, state: State) -> bool:
    """Whether nothing but an intention is told: no sign, nothing new that is felt, no question."""
    asks = reading.text.endswith("?") or {MAY, HURTING, WORSE}.intersection(reading.remarks)
    by_word = replace(reading, symptoms=worded(reading.symptoms))
    return not (reading.safety or asks or _tells_more(by_word, state))


def _meant(reading: Reading, state: State, *, counted: bool) -> Reading:
    """What is meant there by words that mean something else elsewhere; `counted` where a practice is named by its
    place.
    """
    intent, remarks = reading.intent, tuple(reading.remarks)
    if counted and intent == "help":
        intent = "ask_how"  # "I don't understand the second one"
    if WHAT_IF in remarks:  # "what if it gets worse" tells of nothing that is
        remarks = (*(one for one in remarks if one not in (WORSE, OF_IT)), *([HURTING] if WORSE in remarks else []))
    if OF_IT in remarks and _tells_more(reading, state) and not {BETTER, MAY}.intersection(remarks):
        remarks = (*remarks, WORSE)  # "after the lunge my back hurts"
    if intent == "out_of_scope" and len(reading.text.split()) <= IDLE:
        intent = "unclear"
    return replace(reading, intent=intent, remarks=remarks)


def _only_names(reading: Reading, *, counted: bool) -> bool:
    """Whether a few words name a practice, to see more of it: "show me the first one"."""
    beside = {OF_IT, *([AGAIN] if counted else [])}
    asks_why = reading.intent in ("ask_why", "ask_sources", "ask_dose")
    brief = len(reading.text.split()) <= NAMING
    plain = bool(reading.practices) and not reading.preferences
    return plain and brief and beside.issuperset(reading.remarks) and not asks_why


def _tells_more(reading: Reading, state: State) -> bool:
    """Whether a pain or a sign is told that was not there before."""
    felt = {*reading.present(), *(item.area for item in reading.unanswered() if item.status == "present")}
    signs = any(sign.status in COUNTING and sign.lane == "body" for sign in reading.safety)
    return signs or not felt <= {*state.present(), *state.uncovered}


def _counting(reading: Reading, state: State, remarks: Collection[str]) -> Reading:
    """What counts of the findings beside what is said of the routine."""
    symptoms = plain(reading.symptoms) if remarks == {MAY} else worded(reading.symptoms)
    if CORRECT in reading.remarks:  # "no, I meant my hip"
        symptoms = reading.symptoms
    contexts = reading.contexts
    if how_it_went(state, remarks):  # the danger signs are asked about next
        heard = [sign for sign in reading.safety if sign.via == "classifier" and sign.status == "uncertain"]
        safety = tuple(sign for sign in reading.safety if sign not in heard or sign.lane == "crisis")
        contexts = contexts if WORSE in remarks else worded(contexts)
        return replace(reading, symptoms=symptoms, contexts=contexts, safety=safety)
    if not any(finding.status == "present" for finding in symptoms):
        contexts = tuple(replace(one, status="hypothetical") if one.status == "present" else one for one in contexts)
    return replace(reading, symptoms=symptoms, contexts=contexts)
