"""What answering looks things up in, built from claims and cautions."""

from collections.abc import Mapping

from bot.knowledge.claim_index import ClaimIndex
from bot.model.claims import Caution, CautionScope, Claim
from bot.model.words import Symptom


def index_of(claims: Mapping[str, Claim], symptoms: Mapping[str, Symptom]) -> ClaimIndex:
    """Claims that suggest something, by the facts that fire them."""
    return ClaimIndex(
        [claim for claim in claims.values() if claim.kind not in ("explains", "against")],
        unhelped=frozenset(symptom.id for symptom in symptoms.values() if symptom.no_practice),
    )


def scopes_of(cautions: Mapping[str, Caution]) -> dict[str, tuple[tuple[str, CautionScope], ...]]:
    """By practice: the cautions that may apply, and where."""
    by_practice: dict[str, list[tuple[str, CautionScope]]] = {}
    for caution in cautions.values():
        for scope in caution.applies:
            for practice in scope.practices:
                by_practice.setdefault(practice, []).append((caution.id, scope))
    return {practice: tuple(found) for practice, found in by_practice.items()}


def explaining_of(claims: Mapping[str, Claim]) -> dict[str, tuple[str, ...]]:
    """By topic, symptom, context or practice: the claims that explain it."""
    by_subject: dict[str, list[str]] = {}
    for claim in claims.values():
        if claim.kind == "explains":
            for subject in claim.about:
                by_subject.setdefault(subject, []).append(claim.id)
    return {subject: tuple(found) for subject, found in by_subject.items()}
