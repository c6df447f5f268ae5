"""The sheet: everything that stands on a routine's page, made anew from ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any, Literal, get_args

from bot.knowledge import Knowledge
from bot.model.claims import place
from bot.model.site import Site
from bot.model.words import Passage, Practice
from bot.replies.cards import amount
from bot.replies.wording import Wording, shown_as

Kind = Literal["routine", "floor", "floor_first"]
"""Which routine it was: the whole one, the safe floor before the last questions, or until a clinician has looked."""
MOST = 4
"""Practices of a routine, and of one side of paper."""
VERSION = 15
"""Characters of the content's digest that are printed: `en-` and twelve more."""


class HandoutError(ValueError):
    """Nothing can be made of what was asked for; its text is why: `unknown`, `nothing`, `days` or `time`."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to make a sheet of: ids that a reply showed, and nothing else."""

    kind: Kind
    """Which routine it was."""
    practices: tuple[str, ...]
    """Its practices, in order."""
    cautions: tuple[str, ...] | None
    """Cautions that stood on its cards; where nobody says, all that may stand there count."""


@dataclass(frozen=True, slots=True)
class Item:
    """One practice on the sheet."""

    id: str
    title: str
    notes: tuple[str, ...]
    """What there is to know before the steps: the setup, that it is sold, or that there are no steps."""
    steps: tuple[str, ...]
    amount: str
    """How much, or that the article gives no number; empty where there is nothing to measure."""
    care: str
    """Its cautions, in one line."""
    stop: str
    drawing: str
    """What its line drawing shows, in words; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One article, and where in it the practices of the sheet stand."""

    title: str
    author: str
    places: tuple[tuple[tuple[int, ...], str], ...]
    """Each place, after the numbers that the practices have on the sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the outputs show."""

    clinic: str
    phone: str | None
    intro: str
    items: tuple[Item, ...]
    disclaimer: str
    lines: tuple[str, ...]
    """Help lines of the country."""
    references: tuple[Reference, ...]
    unreviewed: bool
    """Whether safety rules wait for a clinician's sign-off."""
    day: date
    version: str
    """Of the program and of its content."""


def chosen_of(fields: dict[str, Any]) -> Chosen:
    """What the `handout` of a routine block names; raises HandoutError.

    Fields that are left out count as the more careful answer: safe forms only, and every caution that may apply.
    """
    kind: Any = fields.get("kind") or "floor_first"
    practices, cautions = fields["practices"], fields.get("cautions")
    if kind not in get_args(Kind) or len(set(practices)) != len(practices) or len(practices) > MOST:
        raise HandoutError("unknown")
    if not practices:
        raise HandoutError("nothing")
    return Chosen(kind, tuple(practices), None if cautions is None else tuple(cautions))


def make_sheet(knowledge: Knowledge, wording: Wording, site: Site, chosen: Chosen, *, day: date) -> Sheet:
    """The sheet of these practices; raises HandoutError for ids that this site's knowledge does not have."""
    named, cautions = set(chosen.practices), set(chosen.cautions or ())
    if not (named <= knowledge.practices.keys() and cautions <= knowledge.cautions.keys()):
        raise HandoutError("unknown")
    practices = [knowledge.practices[id_] for id_ in chosen.practices]
    floor = chosen.kind != "routine"
    if floor and not all(practice.safe_floor for practice in practices):
        raise HandoutError("unknown")
    return Sheet(
        clinic=site.name,
        phone=site.phone,
        intro=wording.text(chosen.kind),
        items=tuple(_item(knowledge, wording, practice, chosen, floor) for practice in practices),
        disclaimer=wording.text("disclaimer"),
        lines=tuple(wording.help_lines(("emergency", "urgent"))),
        references=_references(knowledge, practices),
        unreviewed=bool(knowledge.unreviewed()),
        day=day,
        version=_version(knowledge),
    )


def _version(knowledge: Knowledge) -> str:
    """Version of the program, and of the content that it answers from."""
    return f"{version('supple-bot')}, content {knowledge.key[:VERSION]}"


def _item(knowledge: Knowledge, wording: Wording, practice: Practice, chosen: Chosen, floor: bool) -> Item:
    title, steps = shown_as(practice, floor=floor)
    notes = [
        None if floor else practice.setup,
        wording.text("sold") if practice.commercial else None,
        None if steps else wording.text("how_named", title=title),
    ]
    cautions = [knowledge.cautions[id_].text for id_ in _cautions(knowledge, practice.id, chosen)]
    return Item(
        id=practice.id,
        title=title,
        notes=tuple(filter(None, notes)),
        steps=steps,
        amount=amount(wording, practice, floor=floor),
        care=wording.text("care", cautions=" ".join(cautions)) if cautions else "",
        stop=practice.stop_if,
        drawing=practice.drawing or "",
    )


def _cautions(knowledge: Knowledge, practice: str, chosen: Chosen) -> list[str]:
    """Those that always apply, and those that stood on the card, so that no form can leave a standing one out."""
    shown = chosen.cautions
    return sorted(
        {
            id_
            for id_, scope in knowledge.scopes.get(practice, ())
            if scope.effect == "warn" and (scope.for_everyone() or shown is None or id_ in shown)
        }
    )


def _references(knowledge: Knowledge, practices: Sequence[Practice]) -> tuple[Reference, ...]:
    """Where the articles describe these practices; a dose stands there too, or its place is named beside."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, practice in enumerate(practices, start=1):
        dose = practice.dose_passage
        apart = [dose] if dose and not any(_holds(passage, dose) for passage in practice.described) else []
        for passage in (*practice.described, *apart):
            numbers.setdefault((passage.source, place(passage.section, passage.lines)), []).append(number)
    return tuple(
        Reference(source.title, source.author, places)
        for source in sorted(knowledge.sources.values(), key=lambda source: source.code)
        if (places := tuple((tuple(of), where) for (id_, where), of in numbers.items() if id_ == source.id))
    )


def _holds(passage: Passage, other: Passage) -> bool:
    first, last = passage.lines[0], passage.lines[-1]
    return passage.source == other.source and first <= other.lines[0] and other.lines[-1] <= last
