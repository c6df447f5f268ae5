"""Every step from a message to its reply, as text: what `supple explain` prints."""

from collections.abc import Sequence
from typing import Any

from bot.dialogue.questions import SCREENS
from bot.engine.routine import compose
from bot.model.talk import Reply
from bot.service import Service, Turn


def explained(service: Service, turns: Sequence[Turn], reply: Reply) -> str:
    """Every step from the words to the reply, and why."""
    last, known = turns[-1], service.knowledge
    reading = turns[0].reading
    lines: list[str] = []
    if reading:
        lines += ["1. Understood", f"   intent: {reading.intent}"]
        lines += [_finding("symptom", finding, reading.text) for finding in reading.symptoms]
        lines += [_finding("context", finding, reading.text) for finding in reading.contexts]
        lines += [f'   uncovered {item.area}: {item.status}, from "{item.text}"' for item in reading.uncovered]
        lines += [f"   slot {name}: {value}" for name, value in reading.slots.to_json().items()]
        lines += [f"   guess, not sure enough: {guess}" for guess in reading.guesses]
        lines += ["2. Safety", *(_safety(finding, reading.text) for finding in reading.safety)]
    conditions = last.state.conditions(known)
    lines.append(f"   level: {reply.level}; holding: {', '.join(conditions) or 'nothing'}")
    lines.append(
        f"   screens passed: {', '.join(screen for screen in SCREENS if screen in last.state.passed) or 'none'}"
    )
    lines.append("3. Claims")
    for fired in last.evaluation.matches.fired:
        because = ", ".join(fired.because) or "anyone"
        lines.append(f"   fired {fired.claim.id} ({fired.claim.kind}; {because}) -> {', '.join(fired.claim.practices)}")
    for near in last.evaluation.matches.nearly:
        lines.append(f"   nearly {near.claim.id}: needs {' or '.join(near.missing)}")
    for excluded in last.evaluation.matches.excluded:
        lines.append(f"   excluded {excluded.claim.id}: by {', '.join(excluded.by)}")
    lines.append("4. Practices")
    routine = compose(known, last.evaluation, last.state.facts(known), floor_only="fit" not in last.state.passed)
    tiers = ("direct", "implied", "ours")
    for suggestion in last.evaluation.suggestions.values():
        place = _place(suggestion.practice, routine)
        blocked = f", blocked by {', '.join(suggestion.blocked_by)}" if suggestion.blocked_by else ""
        cautions = f", cautions {', '.join(suggestion.cautions)}" if suggestion.cautions else ""
        lines.append(f"   {suggestion.practice}: {tiers[suggestion.tier]}, {place}{blocked}{cautions}")
    lines += ["5. Acts", *(f"   {act.kind} {act.about}".rstrip() for act in last.acts)]
    return "\n".join(lines)


def _place(practice: str, routine: Any) -> str:
    for name in ("practices", "also_named", "blocked"):
        if any(suggestion.practice == practice for suggestion in getattr(routine, name)):
            return {"practices": "in the routine", "also_named": "also named", "blocked": "stopped"}[name]
    return "not chosen"


def _finding(kind: str, finding: Any, text: str) -> str:
    words = f', from "{text[slice(*finding.span)]}"' if finding.span else ""
    if finding.drivers:
        words += f" ({', '.join(f'{word} {weight:+.1f}' for word, weight in finding.drivers)})"
    return f"   {kind} {finding.id}: {finding.status}, {finding.via} {finding.confidence:.2f}{words}"


def _safety(finding: Any, text: str) -> str:
    words = f', from "{text[slice(*finding.span)]}"' if finding.span else ""
    return f"   {finding.id} ({finding.level}, {finding.lane}): {finding.status}{words}"
