"""The routine that stands on the screen, and what is said of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.state import Event, State
from bot.engine.evaluation import Evaluation, evaluate
from bot.engine.routine import Routine, compose, reasons
from bot.knowledge import Knowledge
from bot.model.talk import Reading

WORSE, BETTER = "worse", "better"
"""Remarks that tell how it went: a check-in in words."""
ANOTHER, WITHOUT, FEWER, BACK, AGAIN = "another", "without", "fewer", "back", "again"
"""Remarks that ask for another practice, for one to be left out, for one less, for one back, for all once more."""
OF_IT = "of_it"
"""The remark that a message speaks of doing the practices: with a new pain or sign it tells that they did harm."""
ACKNOWLEDGED = "acknowledged"
"""The remark that agrees, and is the whole message."""
INTENDS = "intends"
"""The remark that tells when, where or with whom the practices will be done."""
CORRECT = "correct"
"""The remark that what was just told is put right."""
NO, EXCEPTING = "no", "excepting"
"""Remarks that begin with a "no", and that take something out of it or mean the question: "none except the last"."""
YES, ASKS = "yes", "asks"
"""Remarks that open with a "yes", and with the word of a question."""
CALLED = "called"
"""The remark in a hand-over that help is called."""
DENIES, REST = "denies", "rest"
"""Remarks that nothing of a screen is there, whatever else is said; and that nothing else of it is."""
MORTAL = "mortal"
"""The remark that asks whether one will die of it, which is fear and no wish."""
OVER = "over"
"""The remark that what was told is long over."""
PUZZLED = "puzzled"
"""The remark that a screen makes no sense to the person, or is none of ours."""
GEAR = "gear"
"""The remark that asks what a piece of equipment is."""
WANTS = "wants"
"""The remark that asks for a practice, without saying for what."""
EXPLAINS = "explains"
"""The remark in a hand-over how it came about, or what was meant."""
MERELY = "merely"
"""The remark that there is no more than the complaint itself: "none, just stiff"."""
ASIDE = "aside"
"""The remark that a message at a screen tells something beside its lines, or denies part of one."""
SOME, ALL_BUT = "some", "all_but"
"""Remarks that something of a screen is there, without saying what; and that all is but for one thing."""
FOR_OTHER = "for_other"
"""The remark that it is somebody else whom a hand-over is about."""
HURTING = "hurting"
"""The remark that asks whether, or when, it may hurt."""
DID = "did"
"""The remark that the practices were done, without a word on how it went."""
ONLY = "only"
"""The remark that the practices it names are wanted, and no others."""
WHAT_IF = "what_if"
"""The remark that only imagines how it may go."""
ANOTHERS = "anothers"
"""The remark that asks the same for somebody else, or tells of their body."""
MAY = "may"
"""The remark that asks whether something beside the routine may be done."""

_BARRED = frozenset({"gate", "fit", "safety", "handover", "consent", "country"})
"""Questions in answer to which nothing is said of a routine."""


def stands(state: State) -> bool:
    """Whether a routine stands on the screen and no question about danger waits."""
    return state.routine_shown and state.handover is None and state.open not in _BARRED


def remarks_on(before: State, event: Event) -> frozenset[str]:
    """What a message says of the routine on the screen; nothing where none stands there."""
    return frozenset(event.get("remarks", ())) if stands(before) else frozenset()


def how_it_went(before: State, remarks: Collection[str]) -> bool:
    """Whether these remarks are a check-in in words."""
    return WORSE in remarks or BETTER in remarks or (before.open == "checkin" and ACKNOWLEDGED in remarks)


def routine_of(knowledge: Knowledge, state: State, evaluation: Evaluation) -> Routine:
    """The routine for this state: until fit is answered, the safe floor only."""
    return compose(knowledge, evaluation, state.facts(knowledge), floor_only="fit" not in state.passed)


def on_screen(knowledge: Knowledge, state: State) -> Routine | None:
    """The routine that was shown last; none before one was."""
    if not state.routine_shown:
        return None
    return routine_of(knowledge, state, evaluate(knowledge, state.facts(knowledge)))


def same(one: Routine | None, other: Routine) -> bool:
    """Whether two routines look alike: the same practices, for the same reasons, with the same cautions."""
    return one is not None and _look(one) == _look(other)


def _look(routine: Routine) -> tuple[object, ...]:
    cards = ((each.practice, each.cautions, reasons(each)[:1]) for each in routine.practices)
    return routine.floor_only, tuple(cards)


def counted_off(reading: Reading, routine: Routine) -> tuple[str, ...]:
    """The practices that a message names by their place in the routine: "the second one", "number 3"."""
    shown = [suggestion.practice for suggestion in routine.practices]
    return tuple(shown[item - 1] for item in reading.items if item <= len(shown))  # the last is item 0


def wished(knowledge: Knowledge, before: State, reading: Reading) -> dict[str, Any]:
    """What a message wants of the routine on the screen, as parts of its event: `declined` practices, `restored` ones,
    or the `most` that there shall be.
    """
    remarks = {ANOTHER, WITHOUT, FEWER, BACK, ONLY}.intersection(reading.remarks)
    routine = on_screen(knowledge, before) if remarks and stands(before) else None
    if routine is None:
        return {}
    shown = [suggestion.practice for suggestion in routine.practices]
    if BACK in remarks:
        named = before.declined.intersection(reading.practices)
        return {"restored": sorted(named or before.declined), "most": None}
    if ONLY in remarks and (kept := [practice for practice in shown if practice in reading.practices]):
        return {"declined": [practice for practice in shown if practice not in kept], "most": len(kept)}
    if ANOTHER in remarks or WITHOUT in remarks:
        unwanted = _declined(knowledge, before, reading, shown)
        return {"declined": list(unwanted)} if unwanted else {}
    return {"most": len(shown) - 1} if FEWER in remarks and len(shown) > 1 else {}


def _declined(knowledge: Knowledge, before: State, reading: Reading, shown: Sequence[str]) -> tuple[str, ...]:
    """Practices on the screen that are not wanted. Another is asked for instead of those named, or of all, and only
    where there is another.
    """
    named = tuple(practice for practice in shown if practice in reading.practices)
    if ANOTHER not in reading.remarks:
        return named
    unwanted = named or tuple(shown)
    left = on_screen(knowledge, replace(before, declined=before.declined.union(unwanted)))
    others = [suggestion.practice for suggestion in left.practices] if left else []
    return unwanted if any(knowledge.practices[other].doable() and other not in shown for other in others) else ()
