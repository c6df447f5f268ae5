"""What a reply consists of: the acts of one turn, from the states before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.questions import COUNTRY, worth_asking
from bot.dialogue.state import CRISIS, Event, State
from bot.engine.evaluation import Evaluation
from bot.knowledge import Knowledge
from bot.model.words import LEVELS, Level, hands_over

SIDE = frozenset(
    {
        "greet", "thanks", "goodbye", "ask_why", "ask_sources", "ask_how", "ask_dose", "ask_about", "ask_effect",
        "medical_advice", "ask_human", "progress", "help", "out_of_scope", "differ",
    }
)  # fmt: skip
"""Intents that get an answer of their own before the talk goes on."""

_OF_THE_ROUTINE = frozenset({"ask_why", "ask_how", "ask_dose", "progress"})
_IN_A_HANDOVER = frozenset({"thanks", "goodbye", "ask_about", "ask_effect", "ask_human"})
_LAST_WORDS = frozenset({"goodbye", "thanks", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the reply does."""

    kind: str
    """opening, say, heard, coverage, care, what_if, handover, crisis, still, ask, routine, floor or answer."""
    about: str = ""
    """Which text, rule, question or intent."""
    extra: Mapping[str, Any] = field(default_factory=dict)


def level(state: State, knowledge: Knowledge) -> Level:
    """The level that governs a reply in this state."""
    worse: Level = "clinician_first" if state.worse else "none"
    return max([state.handover or "none", worse, *state.conditions(knowledge).values()], key=LEVELS.index)


def plan(knowledge: Knowledge, before: State, state: State, event: Event, evaluation: Evaluation) -> tuple[Act, ...]:
    """The acts of the reply to `event`, which led from `before` to `state`."""
    if event["type"] == "restart":
        return (Act("opening"),)
    if state.handover:
        return _handed_over(knowledge, before, state, event)
    acts = [Act("care", rule) for rule in _scope_rules(knowledge, event)]
    if before.handover:
        acts.append(Act("say", "handover_lifted"))
    acts += (imagined := _what_ifs(knowledge, event))
    if waiting := state.waiting(knowledge):
        return (*acts, *_heard(knowledge, before, state), *_asked_first(before, state, waiting))
    if led := _led_by_tap(state, event):
        return (*acts, led)
    intent = _intent(before, state, event)
    if state.worse and intent in ("ask_how", "ask_dose"):
        return (*acts, Act("say", "checkin_stop"), Act("ask", "next" if "gate" in state.passed else "gate"))
    if intent in SIDE and not (intent == "medical_advice" and acts):
        screening = intent == "ask_why" and before.open in ("gate", "fit", "safety")
        acts.append(Act("say", "gate_why") if screening else Act("answer", intent))
        if intent in _LAST_WORDS and not _news(before, state):
            return tuple(acts)
        if intent == "progress" and before.routine_shown and "fit" in before.passed and not _complains(before, state):
            return (*acts, *_heard(knowledge, before, state), Act("ask", "checkin"))
    if state.checking:
        return (*acts, *_checkin(knowledge, before, state, event))
    if imagined and not state.present():
        return (*acts, Act("say", "opening_question"))
    return (*acts, *_onward(knowledge, before, state, evaluation, intent, answered=len(acts) > 0))


def _led_by_tap(state: State, event: Event) -> Act | None:
    """What follows at once from an answer that was chosen."""
    question = event["question"] if event["type"] == "chose" else None
    if question == "consent" and not _told(State(), state):
        return Act("say", "opening_question")
    return Act("ask", "clarify") if question == "confirm" else None


def _intent(before: State, state: State, event: Event) -> str:
    """What the message wants, or what the option that was chosen stands for."""
    intent: str = event.get("intent", "")
    if event["type"] == "chose" and event["question"] == "next":
        intent = {"why": "ask_why", "sources": "ask_sources", "differ": "differ"}.get(next(iter(event["ids"]), ""), "")
    if "disagreements" in event.get("topics", ()):
        intent = "differ"
    if (
        intent in _OF_THE_ROUTINE
        and before.open not in ("gate", "fit", "safety")
        and not before.routine_shown
        and _told(before, state)
    ):
        intent = ""  # "how long should I do for my stiff hips" is first of all a complaint
    return intent


def _asked_first(before: State, state: State, about: str) -> tuple[Act, ...]:
    """The one question that comes before anything else; where it is put again, with the reason."""
    again = before.open == "safety" and before.open_about == about
    reason = (Act("say", "safety_still"),) if again else ()
    wording = "safety_past" if state.signs[about] == "past" else "safety"
    return (*reason, Act("ask", "safety", {"about": about, "wording": wording}))


def _onward(
    knowledge: Knowledge, before: State, state: State, evaluation: Evaluation, intent: str, *, answered: bool
) -> tuple[Act, ...]:
    """Where the talk goes from here: to the gate, to fit, to the routine, or back to the question that is open."""
    acts = list(_heard(knowledge, before, state))
    if not state.present() and (state.uncovered or not state.holding()):
        acts += _care(knowledge, before, state)
        if acts:
            return (*acts, Act("say", "tell_more"))
        if before.open == "safety":
            return (Act("say", "safety_answered"),)
        return () if answered else (Act("ask", "clarify"),)
    if "gate" not in state.passed:
        which = [Act("say", "gate_which")] if before.open == "gate" and intent == "affirm" else []
        return (*acts, *which, Act("ask", "gate"))
    if state.worse:
        return (*acts, *_care(knowledge, before, state), Act("say", "checkin_stop"), Act("ask", "next"))
    if evaluation.level == "clinician_first":
        shown = _routine(state, before, "floor", answered=answered)
        return (*acts, *_care(knowledge, before, state), *shown, Act("ask", "next"))
    if "fit" not in state.passed:
        floor = [Act("floor")] if not before.routine_shown or _news(before, state) else []
        return (*acts, *_care(knowledge, before, state), *floor, Act("ask", "fit"))
    if before.routine_shown and "fit" in before.passed and intent == "unclear" and not _news(before, state):
        return (*acts, Act("say", "unclear_after"), Act("ask", "next"))
    acts += _care(knowledge, before, state)
    acts += _routine(state, before, "routine", answered=answered)
    further = worth_asking(knowledge, state, evaluation)
    return (*acts, Act("ask", further or "next"))


def _checkin(knowledge: Knowledge, before: State, state: State, event: Event) -> tuple[Act, ...]:
    """How it went: advice to stop where it is worse, then the danger signs, and only then a word of thanks."""
    acts = list(_heard(knowledge, before, state))
    if event["type"] == "chose" and event["question"] == "checkin":
        acts.append(Act("say", "checkin_worse" if state.worse else "checkin_again"))
    if "gate" not in state.passed:
        return (*acts, Act("ask", "gate"))
    acts += _care(knowledge, before, state)
    if level(state, knowledge) == "clinician_first":
        return (*acts, Act("say", "checkin_stop"), Act("ask", "next"))
    return (*acts, Act("say", "checkin_thanks"), Act("ask", "next"))


def _routine(state: State, before: State, kind: str, *, answered: bool) -> list[Act]:
    """The routine, unless it stands on the screen already and only something beside it was answered."""
    if answered and before.routine_shown and not _news(before, state):
        return []
    return [Act(kind)]


def _handed_over(knowledge: Knowledge, before: State, state: State, event: Event) -> tuple[Act, ...]:
    """The card of what is new, one a lane at most; else a kind word that keeps the number on the screen."""
    tap = next(iter(event["ids"]), "") if event["type"] == "chose" and event["question"] == "handover" else ""
    if tap == COUNTRY:
        return (Act("ask", COUNTRY),)
    acts = [Act("care", rule) for rule in _scope_rules(knowledge, event)]
    begins = state.crisis is not None and state.crisis != before.crisis and not tap
    body = _new_alarm(knowledge, before, state)
    if begins:
        acts.append(Act("crisis"))
    if body:
        acts.append(Act("handover", body, {"other": state.signs[body] == "other_person"}))
    if not begins and (state.crisis or not body):
        if event.get("intent") in _IN_A_HANDOVER:
            acts.append(Act("answer", event["intent"], {"handover": True}))
        acts.append(Act("still", extra={"tap": tap, "told": _told(before, state)}))
    if not tap and (doubt := _graver_doubt(knowledge, before, state)):
        wording = "safety" if doubt == CRISIS else "safety_graver"
        return (*acts, Act("ask", "safety", {"about": doubt, "wording": wording}))
    return (*acts, Act("ask", "handover", {"tap": tap}))


def _graver_doubt(knowledge: Knowledge, before: State, state: State) -> str | None:
    """A sign that came into doubt and is graver than what the body is handed over for; the card of a crisis asks by
    itself.
    """
    if state.crisis:
        return None
    alarmed = max(state.alarms(knowledge).values(), key=LEVELS.index, default="none")
    return next(
        (
            rule
            for rule, status in state.signs.items()
            if status == "uncertain" != before.signs.get(rule)
            and (rule == CRISIS or LEVELS.index(knowledge.safety[rule].level) > LEVELS.index(alarmed))
        ),
        None,
    )


def _new_alarm(knowledge: Knowledge, before: State, state: State) -> str:
    """The gravest sign of the body that hands over now and did not before."""
    known = before.alarms(knowledge) if before.handover else {}
    new = {rule: level for rule, level in state.alarms(knowledge).items() if rule not in known}
    if not new and state.handover_rule != before.handover_rule:
        return state.handover_rule or ""  # what a graver one stood before
    return max(new, key=lambda rule: LEVELS.index(new[rule]), default="")


def _what_ifs(knowledge: Knowledge, event: Event) -> list[Act]:
    """A grave sign that is only imagined: what to do if it comes."""
    imagined = [
        rule
        for rule, status in event.get("safety", {}).items()
        if status == "hypothetical" and rule in knowledge.safety and hands_over(knowledge.safety[rule].level)
    ]
    of_body = [rule for rule in imagined if knowledge.safety[rule].lane == "body"]
    return [Act("what_if", of_body[0])] if of_body else []


def _heard(knowledge: Knowledge, before: State, state: State) -> tuple[Act, ...]:
    """Say back what was understood, when it is news; and name what no article covers."""
    acts = []
    if _told(before, state) and (state.present() or state.holding() or state.not_there(knowledge)):
        acts.append(Act("heard"))
    if "wants_to_roll_the_psoas" in state.holding() and "wants_to_roll_the_psoas" not in before.holding():
        acts.append(Act("say", "psoas_rolling"))
    new_areas = [area for area in state.uncovered if area not in before.uncovered]
    unhelped = [id_ for id_ in state.present() if knowledge.symptoms[id_].no_practice and id_ not in before.present()]
    if new_areas or unhelped:
        acts.append(Act("coverage", extra={"symptoms": tuple(unhelped)}))
    return tuple(acts)


def _told(before: State, state: State) -> bool:
    """Whether the person told something new of themselves."""
    return (before.symptoms, before.contexts, before.uncovered) != (state.symptoms, state.contexts, state.uncovered)


def _complains(before: State, state: State) -> bool:
    """Whether something is felt that was not told before."""
    return (before.present(), before.uncovered) != (state.present(), state.uncovered)


def _news(before: State, state: State) -> bool:
    """Whether what is known of the person, or what they want, has changed."""
    wishes = (before.minutes, before.equipment) != (state.minutes, state.equipment)
    return wishes or _told(before, state)


def _care(knowledge: Knowledge, before: State, state: State) -> list[Act]:
    """Rules below a hand-over that came to hold: what is said before the routine."""
    known = before.conditions(knowledge) if before.routine_shown else {}
    return [Act("care", rule) for rule in state.conditions(knowledge) if rule not in known]


def _scope_rules(knowledge: Knowledge, event: Event) -> list[str]:
    """What this program does not do: said, then the talk goes on."""
    return [
        rule
        for rule, status in event.get("safety", {}).items()
        if rule in knowledge.safety and knowledge.safety[rule].lane == "scope" and status == "present"
    ]
