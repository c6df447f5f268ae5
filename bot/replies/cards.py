"""The routine block."""

from typing import Any

from bot.engine.evaluation import Suggestion
from bot.engine.routine import Routine, disagreements_for, reasons
from bot.knowledge import Knowledge
from bot.knowledge.claim_index import Fired
from bot.model.talk import Block
from bot.model.words import Practice
from bot.replies.trace import dissent, left_out, why_line
from bot.replies.wording import Wording, listed, shown_as

REASONS = 1
"""Facts named as the reason of one practice; the trace names them all."""


def routine_block(knowledge: Knowledge, wording: Wording, routine: Routine, kind: str) -> Block:
    """The routine; its text is the first view: what to do and what to mind, the rest behind Why.

    `kind` is the text that introduces it: `routine`, `floor` or `floor_first`.
    """
    lines = [wording.text(kind)]
    for number, suggestion in enumerate(routine.practices, start=1):
        lines.append(_card_text(knowledge, wording, suggestion, number, routine.floor_only))
    done = [knowledge.practices[suggestion.practice] for suggestion in routine.practices]
    stops = [practice.stop_if for practice in done if practice.form == "steps"] or [
        practice.stop_if for practice in done
    ]
    lines.append("\n" + listed(stops, " "))
    named = routine.also_named
    if not routine.practices:
        lines = [wording.text("routine_none")]
    elif len(done) < 2 and named and not routine.floor_only:
        lines.append("\n" + wording.text("also_named", count=len(named)))
    data: dict[str, Any] = {
        "minutes": list(routine.minutes) if routine.minutes else None,
        "practices": [_entry(knowledge, wording, suggestion, routine.floor_only) for suggestion in routine.practices],
        "also_named": [_entry(knowledge, wording, suggestion, floor=False) for suggestion in routine.also_named],
        "disagreements": list(routine.disagreements),
        "blocked": blocked_entries(routine),
        "left_out": left_out(knowledge, wording, routine),
        "dissent": [dissent(wording, knowledge.disagreements[id_]) for id_ in routine.disagreements],
        "handout": _handout(routine, kind) if routine.practices else None,
    }
    return Block("routine", "\n".join(lines), data)


def _handout(routine: Routine, kind: str) -> dict[str, Any]:
    """What a client sends back, ids only, to get this routine as a sheet: with it come the cautions of this person."""
    cautions = {caution for suggestion in routine.practices for caution in suggestion.cautions}
    practices = [suggestion.practice for suggestion in routine.practices]
    return {"kind": kind, "practices": practices, "cautions": sorted(cautions)}


def because(knowledge: Knowledge, wording: Wording, suggestion: Suggestion) -> str:
    """Why a practice is shown, in one sentence."""
    best = suggestion.claims[0]
    facts = [knowledge.label(fact) for fact in reasons(suggestion)[:REASONS]]
    if not facts:
        return wording.text("because_ours" if best.claim.kind == "ours" else "because_everyone")
    said = wording.text("because", facts=listed(facts))
    return f"{said} {wording.text('because_ours')}" if best.claim.kind == "ours" else said


def _card_text(knowledge: Knowledge, wording: Wording, suggestion: Suggestion, number: int, floor: bool) -> str:
    practice = knowledge.practices[suggestion.practice]
    title, steps = shown_as(practice, floor=floor)
    about = [_reason(knowledge, wording, suggestion), *([practice.setup] if practice.setup else [])]
    if floor and practice.safe_floor:
        about = about[:1]
    lines = [f"\n{number}. {title}", "   " + " ".join(about), *(f"   - {step}" for step in steps)]
    if minding := " ".join(
        filter(None, (amount(wording, practice, floor=floor), _care(knowledge, wording, suggestion)))
    ):
        lines.append(f"   {minding}")
    return "\n".join(lines)


def _reason(knowledge: Knowledge, wording: Wording, suggestion: Suggestion) -> str:
    """Why it is shown, and that its author sells it."""
    sold = [wording.text("sold")] if knowledge.practices[suggestion.practice].commercial else []
    return " ".join([because(knowledge, wording, suggestion), *sold])


def amount(wording: Wording, practice: Practice, *, floor: bool) -> str:
    """How much, or that the article gives no number; empty where there is nothing to measure."""
    return "" if practice.phase == "refer" or (floor and practice.safe_floor) else wording.dose(practice)


def _care(knowledge: Knowledge, wording: Wording, suggestion: Suggestion) -> str:
    cautions = [knowledge.cautions[caution].text for caution in suggestion.cautions]
    return wording.text("care", cautions=" ".join(cautions)) if cautions else ""


def _entry(knowledge: Knowledge, wording: Wording, suggestion: Suggestion, floor: bool) -> dict[str, Any]:
    practice = knowledge.practices[suggestion.practice]
    title, steps = shown_as(practice, floor=floor)
    whole = not (floor and practice.safe_floor)  # set-up and dose are of the practice, not of its safe form
    differ = disagreements_for(knowledge, practice.id)
    return {
        "id": practice.id,
        "title": title,
        "phase": practice.phase,
        "setup": practice.setup if whole else None,
        "steps": list(steps),
        "dose": _dose(practice) if whole else None,
        "cautions": list(suggestion.cautions),
        "stop_if": practice.stop_if,
        "drawing": practice.id if practice.drawing else None,
        "drawing_text": practice.drawing,
        "sides": practice.sides,
        "claims": [_claim(fired) for fired in suggestion.claims],
        "disagreements": list(differ),
        "commercial": practice.commercial,
        "because": _reason(knowledge, wording, suggestion),
        "amount": amount(wording, practice, floor=floor),
        "care": _care(knowledge, wording, suggestion),
        "why": [why_line(knowledge, wording, suggestion, fired) for fired in suggestion.claims],
        "dissent": [dissent(wording, knowledge.disagreements[id_]) for id_ in differ],
    }


def blocked_entries(routine: Routine) -> list[dict[str, Any]]:
    """What was stopped, what stopped it, and what the same articles offer instead."""
    return [
        {"id": stopped.practice, "by": list(stopped.blocked_by), "instead": routine.instead.get(stopped.practice)}
        for stopped in routine.blocked
    ]


def _dose(practice: Practice) -> dict[str, Any] | None:
    """Only the keys that the article states."""
    if practice.dose is None:
        return None
    dose = practice.dose
    stated = {
        "hold_s": dose.hold_s,
        "reps": list(dose.reps) if dose.reps else None,
        "minutes": list(dose.minutes) if dose.minutes else None,
        "frequency": dose.frequency,
    }
    return {key: value for key, value in stated.items() if value is not None}


def _claim(fired: Fired) -> dict[str, Any]:
    claim = fired.claim
    return {"source": claim.source, "kind": claim.kind, "place": claim.place(), "because": list(fired.because)}
