"""The questions of a talk: which options each has now, and which one is worth asking."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogue.state import NONE, NOT_MEANT, State, screen_rules
from bot.engine.evaluation import Evaluation
from bot.engine.routine import compose
from bot.knowledge import Knowledge
from bot.model.words import EQUIPMENT

SCREENS = ("gate", "fit")
FURTHER = ("minutes", "equipment")
"""Questions whose answers may change the routine on the screen."""
MINUTES = ("5", "10", "20", "any")
OFFERED = ("foam_roller", "pull_up_bar", "no_floor", NONE)
"""Of all equipment, what is asked about; the rest counts where it is told."""
HANDOVERS = {
    "body": (NOT_MEANT, "restart"),
    "crisis": ("might_act", "struggling", NOT_MEANT),
    "overdose": ("calling", "cannot_call", "on_purpose", NOT_MEANT),
    "abuse": ("in_danger", "can_talk", "cannot_talk", NOT_MEANT),
    "other": ("calling", "cannot_call", NOT_MEANT),
    "unknown": ("in_danger", "struggling", "cannot_call", NOT_MEANT),
}
"""Answers to a hand-over; `other` is a crisis of somebody else, `unknown` a crisis of which only the level is kept."""
_OF_CRISIS = tuple(dict.fromkeys(option for way in HANDOVERS if way != "body" for option in HANDOVERS[way]))
COUNTRY = "country"
"""The question whose help lines to show, and the answer to a hand-over that leads to it."""
CHECKIN = ("done", "partly", "not_today", "worse")
CHOICES = 6
"""Symptoms offered where nothing was understood."""
_COMMON = ("low_back_pain", "tight_hips", "hip_pain", "runner_fatigue", "stress", "poor_posture")


def may_choose(knowledge: Knowledge, state: State, question: str, ids: Sequence[str]) -> bool:
    """Whether these ids answer a question now: its options, and what else its answers in words may tell."""
    if not _may_answer(state, question):
        return False
    offered = options(knowledge, state, question)
    match question:
        case "handover":
            return len(ids) == 1 and ids[0] in offered
        case "minutes":
            return len(ids) == 1 and (ids[0] in (*offered, NONE) or ids[0].isdecimal())
        case "equipment":
            return {*EQUIPMENT, NONE}.issuperset(ids)
        case "clarify":
            return {*offered, NONE, *knowledge.symptoms}.issuperset(ids)
    return {*offered, NONE}.issuperset(ids)


def _may_answer(state: State, question: str) -> bool:
    """Whether a question may be answered now: what guards the practices only after it was put."""
    if question in SCREENS:
        return question in state.asked
    if question == "handover":
        return state.handover is not None
    if question == "safety":
        return state.open == "safety"
    return question in ("consent", "clarify", "confirm", "minutes", "equipment", "next", "checkin", COUNTRY)


def options(knowledge: Knowledge, state: State, question: str, guesses: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ids of the options of a question, in order."""
    match question:
        case "gate" | "fit":
            return (*screen_rules(knowledge, state, question), NONE)
        case "safety":
            about = state.open_about or state.waiting(knowledge)
            return (about, NONE) if about else ()
        case "clarify":
            likely = dict.fromkeys(
                [*state.present(), *(guess for guess in guesses if guess in knowledge.symptoms), *_COMMON]
            )
            return (*list(likely)[: max(CHOICES, len(state.present()))], NONE)
        case "consent":
            return ("yes", "no")
        case "confirm":
            return ("change",)
        case "handover":
            # which of the crisis ways a talk is on is not kept, so any of their answers is one
            return (*(_OF_CRISIS if state.crisis else HANDOVERS["body"]), COUNTRY)
        case "country":
            return tuple(knowledge.helplines.countries)
        case "minutes":
            return MINUTES
        case "equipment":
            return OFFERED
        case "checkin":
            return CHECKIN
    held_back = state.worse or "clinician_first" in state.conditions(knowledge).values()
    return ("why", "sources", "differ", *((NOT_MEANT,) if held_back else ()), "restart")


def worth_asking(knowledge: Knowledge, state: State, evaluation: Evaluation) -> str | None:
    """The further question whose answer would change the routine on the screen; none where none would."""
    practices = [knowledge.practices[s.practice] for s in evaluation.suggestions.values() if not s.blocked_by]
    now = _chosen(knowledge, state, evaluation)
    for question, answers in (
        ("minutes", _with_minutes(state) if any(p.dose and p.dose.minutes for p in practices) else ()),
        ("equipment", _with_equipment(state) if any(p.needs or p.postures for p in practices) else ()),
    ):
        if question in state.asked or (question == "minutes" and state.minutes is not None):
            continue
        if any(_chosen(knowledge, answered, evaluation) != now for answered in answers):
            return question
    return None


def _chosen(knowledge: Knowledge, state: State, evaluation: Evaluation) -> list[str]:
    routine = compose(knowledge, evaluation, state.facts(knowledge))
    return [suggestion.practice for suggestion in routine.practices]


def _with_minutes(state: State) -> Iterator[State]:
    yield from (replace(state, minutes=int(option)) for option in MINUTES if option.isdigit())


def _with_equipment(state: State) -> Iterator[State]:
    yield from (replace(state, equipment=state.equipment | {option}) for option in OFFERED if option != NONE)
