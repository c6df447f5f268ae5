"""The knowledge as a clinic shows it: without the practices and articles that it hides.

Only what is suggested and told goes. Safety rules stay as they are, and so does a caution that a hidden article
states: it is about the practice, whoever said it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.knowledge.compiled import Knowledge
from bot.knowledge.indexes import explaining_of, index_of, scopes_of
from bot.model.claims import Caution, Claim, Disagreement
from bot.model.pattern import fold, parse
from bot.model.site import Hidden
from bot.model.words import Passage, Practice

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Gone:
    """What is not there any more."""

    practices: frozenset[str]
    sources: frozenset[str]
    names: re.Pattern[str] | None
    """Finds a hidden practice named in a text."""

    def ids(self, practices: Iterable[str]) -> tuple[str, ...]:
        """Those that are still there."""
        return tuple(id_ for id_ in practices if id_ not in self.practices)

    def passages(self, passages: Iterable[Passage]) -> tuple[Passage, ...]:
        """Those in articles that are still there."""
        return tuple(passage for passage in passages if passage.source not in self.sources)

    def named_in(self, text: str | None) -> bool:
        """Whether a text names a hidden practice."""
        return bool(text and self.names and self.names.search(fold(text).replace("-", " ")))


def without(knowledge: Knowledge, hide: Hidden) -> Knowledge:
    """The same knowledge without the hidden practices and sources.

    With them goes what they alone held up: a practice that no claim suggests or no article describes any more, a
    claim about nothing. The safe floor always stays.
    """
    if not hide.practices and not hide.sources:
        return knowledge
    gone = _gone(knowledge, hide)
    claims = _kept(knowledge.claims, _claim, gone)
    cautions = _kept(knowledge.cautions, _caution, gone)
    worded = knowledge.phrases.practices
    return replace(
        knowledge,
        key=f"{knowledge.key}-{_digest(hide)}",
        practices={id_: _practice(entry, gone) for id_, entry in knowledge.practices.items() if gone.ids([id_])},
        cautions=cautions,
        disagreements=_kept(knowledge.disagreements, _disagreement, gone),
        sources={id_: source for id_, source in knowledge.sources.items() if id_ not in gone.sources},
        claims=claims,
        # A reader made from this knowledge does not hear of what it could not tell about.
        phrases=replace(knowledge.phrases, practices={id_: worded[id_] for id_ in gone.ids(worded)}),
        index=index_of(claims, knowledge.symptoms),
        scopes=scopes_of(cautions),
        explaining=explaining_of(claims),
    )


def _kept(entries: Mapping[str, T], keep: Callable[[T, _Gone], T | None], gone: _Gone) -> dict[str, T]:
    """What is left of each entry, where anything is."""
    left = {id_: keep(entry, gone) for id_, entry in entries.items()}
    return {id_: entry for id_, entry in left.items() if entry is not None}


def _digest(hide: Hidden) -> str:
    ids = [sorted(set(hide.practices)), sorted(set(hide.sources))]
    return hashlib.sha256(json.dumps(ids).encode()).hexdigest()[:12]


def _gone(knowledge: Knowledge, hide: Hidden) -> _Gone:
    """What is hidden, with the practices that are left without a claim or a description."""
    floor = set(knowledge.floor_practices())
    named, sources = frozenset(hide.practices) - floor, frozenset(hide.sources)
    suggested = {
        practice
        for claim in knowledge.claims.values()
        if claim.source not in sources and claim.kind not in ("explains", "against")
        for practice in claim.practices
    }
    described = {
        practice.id
        for practice in knowledge.practices.values()
        if any(passage.source not in sources for passage in practice.described)
    }
    left = knowledge.practices.keys() - floor - (suggested & described)
    return _Gone(named | left, sources, _names(knowledge, named))


def _names(knowledge: Knowledge, practices: Iterable[str]) -> re.Pattern[str] | None:
    """The titles of practices, and the plain ones among the ways in which people name them."""
    found = set()
    for id_ in practices:
        if id_ in knowledge.practices:
            found.add(r"\W+".join(re.findall(r"\w+", fold(knowledge.practices[id_].title))))
        book = knowledge.phrases.practices.get(id_)
        for pattern in map(parse, book.phrases if book else ()):
            needed = [element for element in pattern if not element.optional]
            if all(element.kind == "words" for element in needed):
                found.add(r"\W+".join(_either(element.words, element.prefixes) for element in needed))
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(found))})(?!\w)") if found else None


def _either(words: Iterable[str], prefixes: Iterable[str]) -> str:
    options = [re.escape(word) for word in sorted(words)] + [rf"{re.escape(prefix)}\w*" for prefix in prefixes]
    return f"(?:{'|'.join(options)})"


def _claim(claim: Claim, gone: _Gone) -> Claim | None:
    """The claim as far as it is about what is still there."""
    practices, about = gone.ids(claim.practices), gone.ids(claim.about)
    if claim.source in gone.sources or (claim.practices and not practices) or (claim.about and not about):
        return None
    if practices == claim.practices and about == claim.about:
        return claim
    told = not gone.named_in(claim.says)
    if claim.kind == "explains" and not told:
        return None
    return replace(
        claim,
        practices=practices,
        about=about,
        says=claim.says if told else "",  # what it says of the others cannot be cut out; its place still tells
        caveat=None if gone.named_in(claim.caveat) else claim.caveat,
    )


def _caution(caution: Caution, gone: _Gone) -> Caution | None:
    applies = tuple(
        replace(scope, practices=practices) for scope in caution.applies if (practices := gone.ids(scope.practices))
    )
    passage = caution.passage if caution.passage and gone.passages([caution.passage]) else None
    return replace(caution, applies=applies, passage=passage) if applies else None


def _practice(practice: Practice, gone: _Gone) -> Practice:
    dose_stays = practice.dose_passage is None or gone.passages([practice.dose_passage])
    return replace(
        practice,
        described=gone.passages(practice.described),
        dose=practice.dose if dose_stays else None,  # no number without its place
        dose_passage=practice.dose_passage if dose_stays else None,
        effect=None if gone.named_in(practice.effect) else practice.effect,
    )


def _disagreement(entry: Disagreement, gone: _Gone) -> Disagreement | None:
    """The question with the answers that can still be heard; none where nobody differs, or nothing shows it."""
    sides = tuple(
        replace(side, passages=passages)
        for side in entry.sides
        if (passages := gone.passages(side.passages))
        # An answer of several articles is about more than what one of them names.
        and (len({passage.source for passage in side.passages}) > 1 or not gone.named_in(side.says))
    )
    practices = gone.ids(entry.practices)
    # Without practices a question would count as one about every routine, so only one that was so stays so.
    whole = entry.whole_routine and bool(practices or not entry.practices)
    if not sides or not (whole or practices or entry.symptoms):
        return None
    if len(sides) == 1 and not entry.single_source and len({passage.source for passage in sides[0].passages}) > 1:
        return None  # several articles of one mind: neither a dispute nor the word of one article
    return replace(
        entry,
        sides=sides,
        practices=practices,
        whole_routine=whole,
        single_source=entry.single_source or len(sides) == 1,
    )
