"""Why a practice is there or left out, and where the articles differ, a sentence each."""

from bot.engine.evaluation import Suggestion
from bot.engine.routine import Routine
from bot.knowledge import Knowledge
from bot.knowledge.claim_index import Fired
from bot.model.claims import Disagreement
from bot.replies.wording import Wording, capital, listed


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
    """What was stopped, by reason: one rule may stop many practices."""
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for suggestion in routine.blocked:
        by_reason.setdefault(suggestion.blocked_by, []).append(knowledge.practices[suggestion.practice].title)
    return [
        wording.text("why_blocked", titles=listed(titles), reason=" ".join(_reason(knowledge, by) for by in reasons))
        for reasons, titles in by_reason.items()
    ]


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
