"""What a reply consists of: the acts of one turn, from the states before and after it."""

from bot.dialogue.acts import Act, care, complains, heard, level, news, scope_rules, told, what_ifs
from bot.dialogue.handedover import handed_over
from bot.dialogue.questions import FURTHER, SCREENS, worth_asking
from bot.dialogue.standing import (
    ACKNOWLEDGED,
    AGAIN,
    ANOTHER,
    ASIDE,
    ASKS,
    DID,
    FEWER,
    FOR_OTHER,
    GEAR,
    MAY,
    PUZZLED,
    WANTS,
    WITHOUT,
    YES,
    how_it_went,
    on_screen,
    remarks_on,
    routine_of,
    same,
    stands,
)
from bot.dialogue.state import Event, State
from bot.engine.evaluation import Evaluation
from bot.knowledge import Knowledge

SIDE = frozenset(
    {
        "greet", "thanks", "goodbye", "ask_why", "ask_sources", "ask_how", "ask_dose", "ask_about", "ask_effect",
        "medical_advice", "ask_human", "progress", "help", "out_of_scope", "differ", "about_us", "privacy",
    }
)  # fmt: skip
"""Intents that get an answer of their own before the talk goes on."""

_OF_THE_ROUTINE = frozenset({"ask_why", "ask_how", "ask_dose", "progress"})
_REMARKED = (
    "anothers",
    "no_help",
    "hurting",
    "order",
    "right",
    "picture",
    "takehome",
    "place",
    "when",
    "displeased",
    "skipped",
    "acknowledged",
)
"""Remarks on the routine that have an answer each, first of all the first."""
OF_US = ("about_us", "privacy", "differ")
"""Remarks of the program itself and of its articles, which are answered as intents are."""
_LAST_WORDS = frozenset({"goodbye", "thanks", "out_of_scope"})


def plan(knowledge: Knowledge, before: State, state: State, event: Event, evaluation: Evaluation) -> tuple[Act, ...]:
    """The acts of the reply to `event`, which led from `before` to `state`."""
    if event["type"] == "restart":
        return (Act("opening"),)
    if state.handover:
        return handed_over(knowledge, before, state, event)
    acts = [Act("care", rule) for rule in scope_rules(knowledge, event)]
    if before.handover:
        anothers = FOR_OTHER in event.get("remarks", ())
        lifted = Act("say", "handover_lifted_crisis" if before.crisis else "handover_lifted")
        acts.append(Act("for_other", before.handover_rule or "") if anothers else lifted)
    acts += what_ifs(knowledge, event)
    if checks_in := _checks_in(before, event):
        acts.append(Act("say", "checkin_worse" if state.worse else "checkin_again"))
    if waiting := state.waiting(knowledge):
        return (*acts, *heard(knowledge, before, state), *_asked_first(before, state, event, waiting))
    if led := _led_by_tap(state, event):
        return (*acts, led)
    if checks_in:
        return (*acts, *_checkin(knowledge, before, state))
    of_complaint = event.get("slots", {}).keys() - {"minutes"}
    if of_complaint and state.present() and before.open in SCREENS and not told(before, state):
        acts.append(Act("heard"))  # "no, the right one"
    return (*acts, *_answered(knowledge, before, state, event, evaluation, begun=tuple(acts)))


def _answered(
    knowledge: Knowledge, before: State, state: State, event: Event, evaluation: Evaluation, *, begun: tuple[Act, ...]
) -> tuple[Act, ...]:
    """What a message wants, and then where the talk goes on; `begun` is what the reply says already."""
    intent = _intent(before, state, event)
    more = complains(before, state) or care(knowledge, before, state)
    limited = before.equipment != state.equipment  # "can I do these sitting?"
    wished = event.get("wishes") and (before.open in FURTHER or limited)
    remarked = () if more or wished or intent in OF_US else _remarked(before, event, evaluation, intent)
    if state.worse and (remarked or intent in ("ask_how", "ask_dose")):
        return (Act("say", "checkin_stop"), Act("ask", "next" if "gate" in state.passed else "gate"))
    if remarked:
        agreed = remarked[0].about == ACKNOWLEDGED  # "ok, tonight" wants no further question
        onward = (None if agreed else _once_more(before, state, intent, answered=True)) or "next"
        return remarked if remarked[-1].kind == "ask" else (*remarked, Act("ask", onward))
    acts: list[Act] = []
    if intent in SIDE and not (intent == "medical_advice" and begun):
        screening = intent == "ask_why" and before.open in ("gate", "fit", "safety")
        acts.append(Act("say", "gate_why") if screening else Act("answer", intent))
        if intent in _LAST_WORDS and not news(before, state):
            return tuple(acts)
        if intent == "progress" and before.routine_shown and "fit" in before.passed and not complains(before, state):
            return (*acts, *heard(knowledge, before, state), Act("ask", "checkin"))
    if state.checking:
        return (*acts, *_checkin(knowledge, before, state, intent))
    if any(act.kind == "what_if" for act in begun) and not state.present():
        return (*acts, Act("say", "opening_question"))
    return (*acts, *_onward(knowledge, before, state, evaluation, intent, answered=bool(acts or begun)))


def _led_by_tap(state: State, event: Event) -> Act | None:
    """What follows at once from an answer that was chosen."""
    question = event["question"] if event["type"] == "chose" else None
    if question == "consent" and not told(State(), state):
        return Act("say", "opening_question")
    return Act("ask", "clarify") if question == "confirm" else None


def _intent(before: State, state: State, event: Event) -> str:
    """What the message wants, or what the option that was chosen stands for."""
    intent: str = event.get("intent", "")
    if event["type"] == "chose" and event["question"] == "next":
        intent = {"why": "ask_why", "sources": "ask_sources", "differ": "differ"}.get(next(iter(event["ids"]), ""), "")
    remarks = event.get("remarks", ())
    if before.open in SCREENS and ASIDE in remarks:
        return ASIDE
    if before.open in SCREENS and PUZZLED in remarks and intent == "help":
        return "ask_why"
    if intent == "out_of_scope" and before.open in ("gate", "fit", "safety"):
        return "unclear"
    if "disagreements" in event.get("topics", ()):
        intent = "differ"
    if WANTS in remarks and not state.present() and intent in ("unclear", "report", "ask_how", "preference"):
        return WANTS
    ours = next((remark for remark in OF_US if remark in remarks), "")
    if ours and not told(before, state) and before.signs == state.signs:
        intent = ours
    if (
        intent in _OF_THE_ROUTINE
        and before.open not in ("gate", "fit", "safety")
        and not before.routine_shown
        and told(before, state)
    ):
        intent = ""  # "how long should I do for my stiff hips" is first of all a complaint
    return intent


def _asked_first(before: State, state: State, event: Event, about: str) -> tuple[Act, ...]:
    """The one question that comes before anything else; where it is put again, with the reason. It also tells what a
    line of a screen means.
    """
    again = before.open == "safety" and before.open_about == about
    reason = (Act("say", "safety_still"),) if again else ()
    line = before.open in SCREENS and ASKS in event.get("remarks", ())
    wording = "safety_past" if state.signs[about] == "past" else "safety_line" if line else "safety"
    return (*reason, Act("ask", "safety", {"about": about, "wording": wording}))


def _onward(
    knowledge: Knowledge, before: State, state: State, evaluation: Evaluation, intent: str, *, answered: bool
) -> tuple[Act, ...]:
    """Where the talk goes from here: to the gate, to fit, to the routine, or back to the question that is open."""
    acts = list(heard(knowledge, before, state))
    if not state.present() and (state.uncovered or not state.holding()):
        acts += care(knowledge, before, state)
        if "other_person" in state.symptoms.values():
            return (*acts, Act("say", "others"))
        if acts:
            return (*acts, Act("say", "tell_more"))
        if before.open == "safety":
            return (Act("say", "safety_answered"),)
        if state.uncovered and not answered:
            return (Act("say", "nothing_for_it"),)
        return () if answered else (_clarify(before, intent),)
    if "gate" not in state.passed:
        return (
            *acts,
            *_screened_again(knowledge, before, state, "gate", intent, answered=answered),
            Act("ask", "gate"),
        )
    if state.worse:
        return (*acts, *care(knowledge, before, state), Act("say", "checkin_stop"), Act("ask", "next"))
    if evaluation.level == "clinician_first":
        shown = _routine(knowledge, before, state, evaluation, intent, answered=answered)
        return (*acts, *care(knowledge, before, state), *shown, Act("ask", "next"))
    if "fit" not in state.passed:
        acts += care(knowledge, before, state)
        acts += _floor(knowledge, before, state, evaluation, noted=not (acts or answered))
        acts += _screened_again(knowledge, before, state, "fit", intent, answered=answered)
        return (*acts, Act("ask", "fit"))
    acts += care(knowledge, before, state)
    acts += _routine(knowledge, before, state, evaluation, intent, answered=answered)
    further = _once_more(before, state, intent, answered=answered) or worth_asking(knowledge, state, evaluation)
    return (*acts, Act("ask", further or "next"))


def _floor(
    knowledge: Knowledge, before: State, state: State, evaluation: Evaluation, *, noted: bool
) -> tuple[Act, ...]:
    """The safe floor before fit is answered, unless it stands on the screen as it is; then what is new is `noted`."""
    if not same(on_screen(knowledge, before), routine_of(knowledge, state, evaluation)):
        return (Act("floor"),)
    return (Act("say", "noted"),) if noted and news(before, state) else ()


def _clarify(before: State, intent: str) -> Act:
    """Which complaint it is; not twice in the same words."""
    if intent == WANTS:
        return Act("ask", "clarify", {"wording": "clarify_wants"})
    return Act("ask", "clarify", {"wording": "clarify_unclear_2"} if before.open == "clarify" else {})


def _once_more(before: State, state: State, intent: str, *, answered: bool) -> str | None:
    """The question of minutes or equipment, once more where it was answered with another, or with what nobody
    understands.
    """
    if before.open not in FURTHER or before.open == before.doubted or news(before, state):
        return None
    return before.open if answered or intent in ("unclear", "affirm") else None


def _screened_again(
    knowledge: Knowledge, before: State, state: State, screen: str, intent: str, *, answered: bool
) -> list[Act]:
    """Why the same screen stands there again after a message in words that answered nothing of it."""
    if before.open == screen == before.doubted and state.doubted is None:
        return [Act("say", "gate_sure")]
    if before.open != screen or answered or not intent or news(before, state):
        return []
    if before.signs != state.signs or intent == ASIDE:
        return [Act("say", "gate_left")]
    return [Act("say", "gate_which" if intent == "affirm" else "gate_again")]


def _checks_in(before: State, event: Event) -> bool:
    """Whether a message tells how it went, by a tap or in words."""
    return event.get("question") == "checkin" or how_it_went(before, remarks_on(before, event))


def _checkin(knowledge: Knowledge, before: State, state: State, intent: str = "") -> tuple[Act, ...]:
    """After it was told how it went: the danger signs, and only then advice or a word of thanks."""
    acts = list(heard(knowledge, before, state))
    if "gate" not in state.passed:
        again = _screened_again(knowledge, before, state, "gate", intent, answered=False)
        return (*acts, *again, Act("ask", "gate"))
    acts += care(knowledge, before, state)
    if level(state, knowledge) == "clinician_first":
        return (*acts, Act("say", "checkin_stop"), Act("ask", "next"))
    return (*acts, Act("say", "checkin_thanks"), Act("ask", "next"))


def _routine(
    knowledge: Knowledge, before: State, state: State, evaluation: Evaluation, intent: str, *, answered: bool
) -> list[Act]:
    """The routine, unless it stands on the screen as it is; then only that it does, where nothing else was said."""
    as_before = level(before, knowledge) == evaluation.level or evaluation.level != "clinician_first"
    if as_before and same(on_screen(knowledge, before), routine_of(knowledge, state, evaluation)):
        unclear = intent == "unclear" and not news(before, state)
        fits = before.open in ("minutes", "equipment") and intent in ("", "deny", "preference")
        said = "routine_fits" if fits and not unclear else "unclear_after" if unclear else "routine_stands"
        return [] if answered else [Act("say", said)]
    return [_shown(evaluation)]


def _shown(evaluation: Evaluation) -> Act:
    return Act("floor" if evaluation.level == "clinician_first" else "routine")


def _remarked(before: State, event: Event, evaluation: Evaluation, intent: str) -> tuple[Act, ...]:
    """The answer to what was said of the routine on the screen; none where nothing was."""
    remarks = remarks_on(before, event)
    if AGAIN in remarks or not event.keys().isdisjoint(("declined", "restored", "most")):
        return (_shown(evaluation),)
    if ANOTHER in remarks:
        return (Act("say", "another_none"),)
    if WITHOUT in remarks and event["practices"]:
        return (Act("say", "left_out_already"),)
    if FEWER in remarks:
        return (Act("say", "fewest"),)
    if DID in remarks:
        return (Act("ask", "checkin"),)
    if GEAR in remarks and "equipment" in before.asked:
        return (Act("answer", GEAR), Act("ask", before.open if before.open in FURTHER else "next"))
    for remark in _REMARKED:
        if remark in remarks and not (remark == ACKNOWLEDGED and YES in remarks and before.open in FURTHER):
            return (Act("answer", remark),)
    if intent in ("affirm", "deny") and stands(before) and before.open == "next":
        return (Act("answer", "acknowledged"),)
    if WITHOUT in remarks and intent in ("", "unclear", "report", "preference") and not event.get("wishes"):
        return (Act("say", "which_practice"),)
    asks = MAY in remarks and (intent not in SIDE or intent == "out_of_scope")
    return (Act("answer", MAY),) if asks else ()
