"""The routine block."""

from typing import Any

from bot.engine.evaluation import Suggestion
from bot.engine.routine import Routine, disagreements_for
from bot.knowledge import Knowledge
from bot.knowledge.claim_index import Fired
from bot.model.talk import Block
from bot.model.words import Practice
from bot.replies.wording import Wording, listed

REASONS = 1
"""Facts named as the reason of one practice; the trace names them all."""


def routine_block(knowledge: Knowledge, wording: Wording, routine: Routine, intro: str) -> Block:
    """The routine; its text is the first view: what to do and what to mind, the rest behind Why."""
    lines = [intro]
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
        "practices": [_entry(knowledge, suggestion, routine.floor_only) for suggestion in routine.practices],
        "also_named": [_entry(knowledge, suggestion, floor=False) for suggestion in routine.also_named],
        "disagreements": list(routine.disagreements),
        "blocked": blocked_entries(routine),
    }
    return Block("routine", "\n".join(lines), data)


def because(knowledge: Knowledge, wording: Wording, suggestion: Suggestion) -> str:
    """Why a practice is shown, in one sentence."""
    best = suggestion.claims[0]
    facts = list(dict.fromkeys(knowledge.label(fact) for fired in suggestion.claims for fact in fired.because))[
        :REASONS
    ]
    if not facts:
        return wording.text("because_ours" if best.claim.kind == "ours" else "because_everyone")
    said = wording.text("because", facts=listed(facts))
    return f"{said} {wording.text('because_ours')}" if best.claim.kind == "ours" else said


def _card_text(knowledge: Knowledge, wording: Wording, suggestion: Suggestion, number: int, floor: bool) -> str:
    practice = knowledge.practices[suggestion.practice]
    title, steps = shown_as(practice, floor=floor)
    lines = [f"\n{number}. {title}"]
    about = [because(knowledge, wording, suggestion)]
    if practice.commercial:
        about.append(wording.text("sold"))
    if practice.setup and not (floor and practice.safe_floor):
        about.append(practice.setup)
    lines.append("   " + " ".join(about))
    lines.extend(f"   - {step}" for step in steps)
    minding = []
    if practice.phase != "refer" and not (floor and practice.safe_floor):
        minding.append(wording.dose(practice))
    cautions = [knowledge.cautions[caution].text for caution in suggestion.cautions]
    if cautions:
        minding.append(wording.text("care", cautions=" ".join(cautions)))
    if minding:
        lines.append("   " + " ".join(minding))
    return "\n".join(lines)


def shown_as(practice: Practice, *, floor: bool) -> tuple[str, tuple[str, ...]]:
    """Title and steps; where only the safe floor may be shown, in that form."""
    if floor and practice.safe_floor:
        return practice.safe_floor.title, practice.safe_floor.steps
    return practice.title, practice.steps


def _entry(knowledge: Knowledge, suggestion: Suggestion, floor: bool) -> dict[str, Any]:
    practice = knowledge.practices[suggestion.practice]
    title, steps = shown_as(practice, floor=floor)
    return {
        "id": practice.id,
        "title": title,
        "phase": practice.phase,
        "setup": practice.setup,
        "steps": list(steps),
        "dose": _dose(practice),
        "cautions": list(suggestion.cautions),
        "stop_if": practice.stop_if,
        "drawing": None,
        "claims": [_claim(fired) for fired in suggestion.claims],
        "disagreements": list(disagreements_for(knowledge, practice.id)),
        "commercial": practice.commercial,
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
