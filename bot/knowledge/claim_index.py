"""Claims by the facts that fire them: an inverted index with counters.

A fact touches only the claims that name it, so an evaluation costs as much as what matches, however many claims
there are. The counters are the explanation too: a claim one fact short is nearly fired, and says which fact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.claims import Claim


@dataclass(frozen=True, slots=True)
class Fired:
    """A claim that holds."""

    claim: Claim
    because: tuple[str, ...]
    """Facts that made it hold, sorted; none for a claim meant for anyone."""


@dataclass(frozen=True, slots=True)
class NearlyFired:
    """A claim that one more fact would fire."""

    claim: Claim
    because: tuple[str, ...]
    """Facts that count towards it, sorted."""
    missing: tuple[str, ...]
    """Facts any one of which would fire it, sorted."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A claim that would hold but for facts in its `none_of`."""

    claim: Claim
    by: tuple[str, ...]
    """Those facts, sorted."""


@dataclass(frozen=True, slots=True)
class Matches:
    """All claims that a set of facts touches, each list in the order of the claims."""

    fired: tuple[Fired, ...]
    nearly: tuple[NearlyFired, ...]
    excluded: tuple[Excluded, ...]


class ClaimIndex:
    """Immutable index over claims."""

    def __init__(self, claims: Sequence[Claim], *, unhelped: frozenset[str] = frozenset()) -> None:
        """`unhelped` are symptoms for which claims meant for anyone do not count."""
        self._claims = tuple(claims)
        self._conditions = tuple(claim.condition() for claim in claims)
        self._unhelped = unhelped
        self._for_anyone = tuple(i for i, claim in enumerate(claims) if claim.everyone())
        self._all: dict[str, list[int]] = {}
        self._any: dict[str, list[int]] = {}
        self._none: dict[str, list[int]] = {}
        for number, condition in enumerate(self._conditions):
            for postings, facts in (
                (self._all, condition.all_of),
                (self._any, condition.any_of),
                (self._none, condition.none_of),
            ):
                for fact in facts:
                    postings.setdefault(fact, []).append(number)

    def match(self, facts: Iterable[str]) -> Matches:
        """Match every claim that these facts touch."""
        wanted: dict[int, list[str]] = {}
        some: dict[int, list[str]] = {}
        against: dict[int, list[str]] = {}
        present = sorted(set(facts))
        for fact in present:
            for postings, counters in ((self._all, wanted), (self._any, some), (self._none, against)):
                for number in postings.get(fact, ()):
                    counters.setdefault(number, []).append(fact)
        touched = wanted.keys() | some.keys()
        if set(present) - self._unhelped:  # an answer for anyone would pass over what no article has a practice for
            touched |= set(self._for_anyone)
        fired, nearly, excluded = [], [], []
        for number in sorted(touched):
            claim, condition = self._claims[number], self._conditions[number]
            have, any_have = wanted.get(number, []), some.get(number, [])
            because = tuple(sorted({*have, *any_have}))
            lacking = len(condition.all_of) - len(have)
            any_lacking = bool(condition.any_of) and not any_have
            if lacking + any_lacking > 1:
                continue
            if lacking or any_lacking:
                missing = condition.all_of - set(have) if lacking else condition.any_of
                if because and number not in against:
                    nearly.append(NearlyFired(claim, because, tuple(sorted(missing))))
            elif number in against:
                excluded.append(Excluded(claim, tuple(against[number])))
            else:
                fired.append(Fired(claim, because))
        return Matches(tuple(fired), tuple(nearly), tuple(excluded))
