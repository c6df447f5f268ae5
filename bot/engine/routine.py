"""The routine: two to four practices, chosen from what was suggested and put in the order of their phases."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.engine.evaluation import OURS, Evaluation, Suggestion, blocks_for
from bot.engine.facts import Facts
from bot.knowledge import Knowledge
from bot.model.words import PHASES, Practice

SIZE = 3
"""Practices in a routine, beside those that send to a person first."""
MOST = 4
"""Practices in a routine at the very most."""


@dataclass(frozen=True, slots=True)
class Routine:
    """What is shown."""

    practices: tuple[Suggestion, ...]
    """In the order in which they are done."""
    also_named: tuple[Suggestion, ...]
    """What articles only name or sell, best first."""
    blocked: tuple[Suggestion, ...]
    """What was suggested and stopped, by id."""
    instead: Mapping[str, str]
    """By what was stopped: a gentler practice of the same articles, where there is one."""
    disagreements: tuple[str, ...]
    """Questions about the routine as a whole on which the articles differ."""
    minutes: tuple[int, int] | None
    """Fewest and most minutes, summed from the doses that state any; none where no dose does."""
    floor_only: bool
    """Whether only the safe floor may be shown."""


def compose(knowledge: Knowledge, evaluation: Evaluation, facts: Facts, *, floor_only: bool = False) -> Routine:
    """Choose and order; `floor_only` before the fit question and at `clinician_first`."""
    held_back = evaluation.level == "clinician_first"
    early, floor_only = floor_only and not held_back, floor_only or held_back
    ranked = list(evaluation.suggestions.values())
    blocked = [suggestion for suggestion in ranked if suggestion.blocked_by]
    usable = [s for s in ranked if not s.blocked_by and fits(knowledge.practices[s.practice], facts)]
    if floor_only:
        usable = [suggestion for suggestion in usable if knowledge.practices[suggestion.practice].safe_floor]
    doable = [suggestion for suggestion in usable if knowledge.practices[suggestion.practice].doable()]
    named = [suggestion for suggestion in usable if not knowledge.practices[suggestion.practice].doable()]
    # With a clinician first, everything on the safe floor that fits is little enough to show, and asking belongs to it.
    chosen = doable[:MOST] if held_back else _choose(knowledge, doable, fill=not early) or _only_named(knowledge, named)
    if not held_back:
        chosen = _with_one_for(facts.wanted, chosen[: facts.most], doable, most=facts.most or SIZE)
    order = {practice: number for number, practice in enumerate(evaluation.suggestions)}
    in_order = sorted(chosen, key=lambda suggestion: (_phase(knowledge, suggestion), order[suggestion.practice]))
    return Routine(
        practices=tuple(in_order),
        also_named=tuple(suggestion for suggestion in named if suggestion not in chosen),
        blocked=tuple(sorted(blocked, key=lambda suggestion: suggestion.practice)),
        instead={
            stopped.practice: other
            for stopped in blocked
            if (other := gentler(knowledge, stopped.practice, facts, floor_only=floor_only))
        },
        disagreements=_of_the_whole(knowledge, in_order, facts),
        minutes=_minutes(knowledge, in_order),
        floor_only=floor_only,
    )


def fits(practice: Practice, facts: Facts) -> bool:
    """Whether the person has the time and the equipment for a practice, can take its postures, and wants it."""
    if practice.id in facts.declined or (practice.only_with and practice.only_with not in facts.contexts):
        return False
    if (
        facts.minutes is not None
        and practice.dose
        and practice.dose.minutes
        and practice.dose.minutes[0] > facts.minutes
    ):
        return False
    if any(f"no_{posture}" in facts.equipment for posture in practice.postures):
        return False
    return set(practice.needs) <= facts.equipment


def reasons(suggestion: Suggestion) -> tuple[str, ...]:
    """The facts for which a practice is suggested, of its best claim first."""
    return tuple(dict.fromkeys(fact for fired in suggestion.claims for fact in fired.because))


def gentler(knowledge: Knowledge, practice: str, facts: Facts, *, floor_only: bool) -> str | None:
    """What the same articles offer instead of a practice that is stopped; none where nothing of theirs fits."""
    offered = (knowledge.practices[id_] for id_ in knowledge.practices[practice].gentler if id_ in knowledge.practices)
    for other in offered:
        if fits(other, facts) and not blocks_for(knowledge, other.id, facts) and (other.safe_floor or not floor_only):
            return other.id
    return None


def disagreements_for(knowledge: Knowledge, practice: str) -> tuple[str, ...]:
    """Disagreements that are shown with a practice."""
    return tuple(
        entry.id
        for entry in knowledge.disagreements.values()
        if practice in entry.practices and not entry.whole_routine
    )


def _choose(knowledge: Knowledge, ranked: list[Suggestion], *, fill: bool) -> list[Suggestion]:
    """The best few. Sending to a person first does not use up the places of what can be done."""
    first = [suggestion for suggestion in ranked if _phase(knowledge, suggestion) == 0 and _sends_first(suggestion)]
    others = [suggestion for suggestion in ranked if suggestion not in first and not _is_general(suggestion)]
    chosen = first[:2] + others[: min(SIZE, MOST - len(first[:2]))]
    if fill and len(chosen) < 2:
        chosen += [suggestion for suggestion in ranked if suggestion not in chosen][: 2 - len(chosen)]
    return chosen


def _with_one_for(
    wanted: AbstractSet[str], chosen: list[Suggestion], ranked: list[Suggestion], *, most: int
) -> list[Suggestion]:
    """What was chosen, with the best practice for what is wanted in the place of the last, where none is for it."""
    for_it = [suggestion for suggestion in ranked if not wanted.isdisjoint(reasons(suggestion))]
    if not for_it or any(suggestion in chosen for suggestion in for_it):
        return chosen
    return [*(chosen[:-1] if len(chosen) >= min(SIZE, most) else chosen), for_it[0]]


def _sends_first(suggestion: Suggestion) -> bool:
    """Whether an article, or we for this very symptom, say that a person should look at it."""
    return any(fired.because and (fired.claim.kind in ("explicit", "ours")) for fired in suggestion.claims)


def _is_general(suggestion: Suggestion) -> bool:
    """Advice of ours for anyone, which stands in a routine only where too little else does."""
    return suggestion.tier == OURS and not any(fired.because for fired in suggestion.claims)


def _only_named(knowledge: Knowledge, named: list[Suggestion]) -> list[Suggestion]:
    """Where nothing can be done: what is named, with at most one thing that is sold."""
    sold = [suggestion for suggestion in named if knowledge.practices[suggestion.practice].commercial]
    free = [suggestion for suggestion in named if not knowledge.practices[suggestion.practice].commercial]
    return (free + sold[:1])[:SIZE]


def _phase(knowledge: Knowledge, suggestion: Suggestion) -> int:
    return PHASES.index(knowledge.practices[suggestion.practice].phase)


def _of_the_whole(knowledge: Knowledge, chosen: Iterable[Suggestion], facts: Facts) -> tuple[str, ...]:
    """Questions on the whole: those tied to no practice or symptom always, the others where one of theirs is there."""
    practices = {suggestion.practice for suggestion in chosen}
    if not practices:
        return ()
    return tuple(
        entry.id
        for entry in knowledge.disagreements.values()
        if (entry.whole_routine and (not entry.practices or practices.intersection(entry.practices)))
        or facts.ids().intersection(entry.symptoms)
    )


def _minutes(knowledge: Knowledge, chosen: Iterable[Suggestion]) -> tuple[int, int] | None:
    stated = [
        dose.minutes
        for suggestion in chosen
        if (dose := knowledge.practices[suggestion.practice].dose) and dose.minutes
    ]
    return (sum(span[0] for span in stated), sum(span[-1] for span in stated)) if stated else None
