"""Which claims fire, which practices they support, and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.facts import Facts
from bot.knowledge import Knowledge
from bot.knowledge.claim_index import Fired, Matches
from bot.model.claims import CautionScope
from bot.model.words import LEVELS, PHASES, Level, hands_over

DIRECT, IMPLIED, OURS = range(3)
"""How well a practice is supported: by a claim that ties it to what was said, by an implied or general one, by ours."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A practice that at least one claim suggests."""

    practice: str
    claims: tuple[Fired, ...]
    """What suggests it, best first."""
    cautions: tuple[str, ...]
    """Cautions that apply, in the order of their ids."""
    blocked_by: tuple[str, ...]
    """Cautions and safety rules that keep it out."""

    tier: int
    """DIRECT, IMPLIED or OURS, whichever is the best of its claims."""
    sources: int
    """Number of articles that suggest it."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of one run of the engine."""

    matches: Matches
    """Claims that fired, nearly fired, or were excluded."""
    suggestions: Mapping[str, Suggestion]
    """By practice, in the order of choice."""
    level: Level
    """Highest level of the conditions that hold."""


def tier(fired: Fired) -> int:
    """How directly a claim supports its practices."""
    if fired.claim.kind == "ours":
        return OURS
    return DIRECT if fired.claim.kind == "explicit" and not fired.claim.everyone() else IMPLIED


def evaluate(knowledge: Knowledge, facts: Facts) -> Evaluation:
    """Match the claims once, and gather what they suggest."""
    matches = knowledge.index.match(facts.ids())
    by_practice: dict[str, list[Fired]] = {}
    for fired in matches.fired:
        for practice in fired.claim.practices:
            by_practice.setdefault(practice, []).append(fired)
    suggestions = {
        practice: _suggestion(knowledge, practice, claims, facts) for practice, claims in by_practice.items()
    }
    ranked = sorted(suggestions.values(), key=lambda suggestion: rank(knowledge, suggestion, facts))
    suggestions = {suggestion.practice: suggestion for suggestion in ranked}
    return Evaluation(matches, suggestions, max(facts.conditions.values(), key=LEVELS.index, default="none"))


def _suggestion(knowledge: Knowledge, practice: str, claims: list[Fired], facts: Facts) -> Suggestion:
    best_first = tuple(sorted(claims, key=lambda fired: (tier(fired), fired.claim.id)))
    return Suggestion(
        practice,
        best_first,
        cautions_for(knowledge, practice, facts),
        blocks_for(knowledge, practice, facts),
        tier=tier(best_first[0]),
        sources=len({fired.claim.source for fired in claims} - {"ours"}),
    )


def rank(knowledge: Knowledge, suggestion: Suggestion, facts: Facts) -> tuple[int, int, int, int, int, int, str]:
    """Order of choice: directness, what the person prefers, more articles, steps, not sold, calmer, id."""
    practice = knowledge.practices[suggestion.practice]
    preferred = (
        "moving" if "prefers_movement" in facts.contexts else "still" if "prefers_stillness" in facts.contexts else None
    )
    return (
        suggestion.tier,
        int(preferred is not None and practice.manner != preferred),
        -suggestion.sources,
        int(practice.form != "steps"),
        int(practice.commercial),
        PHASES.index(practice.phase),
        practice.id,
    )


def cautions_for(knowledge: Knowledge, practice: str, facts: Facts) -> tuple[str, ...]:
    """Cautions that apply to a practice, for this person."""
    return tuple(sorted({caution for caution, _ in _held(knowledge, practice, facts)}))


def blocks_for(knowledge: Knowledge, practice: str, facts: Facts) -> tuple[str, ...]:
    """Cautions and safety rules that keep a practice out of the routine, sorted."""
    by = {caution for caution, scope in _held(knowledge, practice, facts) if scope.effect == "block"}
    is_floor = knowledge.practices[practice].safe_floor is not None
    for rule, level in facts.conditions.items():
        # At clinician_first only the safe floor stays; above it a hand-over ends the turn before a routine is made.
        if (
            hands_over(level)
            or (level == "clinician_first" and not is_floor)
            or (level == "caution" and practice in knowledge.safety[rule].blocks)
        ):
            by.add(rule)
    return tuple(sorted(by))


def _held(knowledge: Knowledge, practice: str, facts: Facts) -> list[tuple[str, CautionScope]]:
    """Cautions of a practice that apply, each with how far it goes."""
    ids, scopes = facts.ids(), knowledge.scopes.get(practice, ())
    return [(caution, scope) for caution, scope in scopes if scope.holds(ids, facts.areas, facts.conditions)]
