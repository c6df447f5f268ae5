"""A turn while a hand-over is in force."""

from bot.dialogue.acts import Act, scope_rules, told
from bot.dialogue.questions import COUNTRY
from bot.dialogue.standing import ASKS, CALLED, EXPLAINS, FOR_OTHER, NO, YES
from bot.dialogue.state import CRISIS, Event, State
from bot.knowledge import Knowledge
from bot.model.words import LEVELS

_IN_A_HANDOVER = frozenset({"thanks", "goodbye", "ask_human"})
"""Intents that get their answer even then; in a crisis a mere politeness gets a kind word instead."""
NUMBERS = "numbers"
"""The remark that asks which number to call; also what is said where a country was chosen."""
_SAID = (FOR_OTHER, "cannot_call", "no_way", "waiting", CALLED, NUMBERS, "practise", "drive")
"""Remarks that have an answer there, the first of them all first: what the person has done, cannot do, or waits for."""
_OF_A_ROUTINE = frozenset({"ask_how", "ask_dose", "ask_why", "ask_sources", "preference"})
"""Questions that nobody they call would answer."""
_SAID_OF = {
    "body": ("seen", "delay", "what_now", ASKS, YES),
    "crisis": ("company", "secret", "safe_now", "what_now", ASKS, YES, NO),
}
"""Those of a lane."""


def handed_over(knowledge: Knowledge, before: State, state: State, event: Event) -> tuple[Act, ...]:
    """The card of what is new, one a lane at most; else a kind word that keeps the number on the screen."""
    tap = next(iter(event["ids"]), "") if event["type"] == "chose" and event["question"] == "handover" else ""
    if tap == COUNTRY:
        return (Act("ask", COUNTRY),)
    acts = [Act("care", rule) for rule in scope_rules(knowledge, event)]
    begins = state.crisis is not None and state.crisis != before.crisis and not tap
    body = _new_alarm(knowledge, before, state)
    if begins:
        acts.append(Act("crisis"))
    if body:
        acts.append(Act("handover", body, {"other": state.signs[body] == "other_person"}))
    explained = not body and _is_explained(before, state, event)
    if not begins and (state.crisis or not body):
        answered = event.get("intent") in _IN_A_HANDOVER and (not state.crisis or event["intent"] == "ask_human")
        if answered:
            acts.append(Act("answer", event["intent"]))
        said = "" if answered else NUMBERS if event.get("question") == COUNTRY else _said(state, event)
        acts.append(Act("still", extra={"tap": tap, "told": told(before, state), "said": said}))
    if explained:  # the number stays, and so does the hand-over until the answer
        return (*acts, Act("ask", "safety", {"about": state.handover_rule, "wording": "safety_sure"}))
    if not tap and (doubt := _graver_doubt(knowledge, before, state)):
        wording = "safety" if doubt == CRISIS else "safety_graver"
        return (*acts, Act("ask", "safety", {"about": doubt, "wording": wording}))
    return (*acts, Act("ask", "handover", {"tap": tap}))


def _is_explained(before: State, state: State, event: Event) -> bool:
    """Whether a message tells how a sign of the body came about, or what was meant: "it was the rug, I tripped"."""
    if state.crisis or before.open != "handover" or state.signs.get(state.handover_rule or "") != "present":
        return False
    return EXPLAINS in event.get("remarks", ()) and not _said(state, event) and not event["safety"]


def _said(state: State, event: Event) -> str:
    """The remark that is answered; none where none has an answer. Whoever asks where to call has not called."""
    remarks = set(event.get("remarks", ()))
    if ASKS in remarks:
        remarks -= {CALLED, ASKS} if event["intent"] in _OF_A_ROUTINE else {CALLED}
    ours = (*_SAID, *_SAID_OF["crisis" if state.crisis else "body"])
    return next((remark for remark in ours if remark in remarks), "")


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
