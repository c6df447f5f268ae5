"""A turn while a hand-over is in force."""

from bot.dialogue.acts import Act, scope_rules, told
from bot.dialogue.questions import COUNTRY
from bot.dialogue.standing import DONE, FOR_OTHER
from bot.dialogue.state import CRISIS, Event, State
from bot.knowledge import Knowledge
from bot.model.words import LEVELS

_IN_A_HANDOVER = frozenset({"thanks", "goodbye", "ask_about", "ask_effect", "ask_human"})
"""Intents that get their answer even then."""


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
    if not begins and (state.crisis or not body):
        if event.get("intent") in _IN_A_HANDOVER:
            acts.append(Act("answer", event["intent"], {"handover": True}))
        remarks = event.get("remarks", ())
        said = next((remark for remark in (FOR_OTHER, *DONE) if remark in remarks), "")
        acts.append(Act("still", extra={"tap": tap, "told": told(before, state), "said": said}))
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
