"""Why a practice is there or left out, and where the articles differ, a sentence each."""

from bot.engine.evaluation import Suggestion
from bot.engine.routine import Routine
from bot.knowledge import Knowledge
from bot.knowledge.claim_index import Fired
from bot.model.claims import Disagreement
from bot.replies.wording import Wording, capital, listed, shown_as


def why_line(knowledge: Knowledge, wording: Wording, suggestion: Suggestion, fired: Fired) -> str:
    """Which words led to a practice, by which article at which place."""
    claim, title = fired.claim, knowledge.practices[suggestion.practice].title
    says = f"{claim.says} {claim.caveat}" if claim.caveat else claim.says
    if claim.kind == "ours":
        return wording.text("why_ours", title=title, says=says)
    source = knowledge.sources[claim.source].title
    if not fired.because:
        return wording.text("why_everyone", title=title, source=source, place=claim.place(), says=says)
    facts = listed(knowledge.label(fact) for fact in fired.because)
    verb = wording.text("suggests" if claim.kind == "explicit" else "implies")
    return wording.text("why_fact", title=title, facts=facts, source=source, verb=verb, place=claim.place(), says=says)


def left_out(knowledge: Knowledge, wording: Wording, routine: Routine) -> list[str]:
    """What was stopped, by reason: one rule may stop many practices; and what is gentler in the same articles."""
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for suggestion in routine.blocked:
        by_reason.setdefault(suggestion.blocked_by, []).append(suggestion.practice)
    lines = []
    for reasons, practices in by_reason.items():
        titles = listed(knowledge.practices[id_].title for id_ in practices)
        reason = " ".join(_reason(knowledge, by) for by in reasons)
        line = wording.text("why_blocked", titles=titles, reason=reason)
        others = [knowledge.practices[other] for id_ in practices if (other := routine.instead.get(id_))]
        if others:
            gentler = listed(shown_as(other, floor=routine.floor_only)[0] for other in others)
            line += " " + wording.text("why_instead", titles=gentler)
        lines.append(line)
    return lines


def _reason(knowledge: Knowledge, by: str) -> str:
    if by in knowledge.cautions:
        return knowledge.cautions[by].text
    rule = knowledge.safety[by]
    return f"{capital(rule.why_first or rule.label)}."


def dissent(wording: Wording, entry: Disagreement) -> str:
    """The sides of a question on which articles differ."""
    key = "dissent_single" if entry.single_source else "dissent"
    sides = " ".join(side.says for side in entry.sides)
    return wording.text(key, question=entry.question, sides=sides)
