"""The sheet as plain text, to copy."""

from bot.handout.sheet import Item, Reference, Sheet
from bot.handout.words import Words, on_day
from bot.replies.wording import listed


def plain(sheet: Sheet, words: Words) -> str:
    """The whole sheet, without the grid to tick."""
    clinic = [sheet.clinic, *([words["phone"].format(phone=sheet.phone)] if sheet.phone else ())]
    head = [words["title"], ", ".join(clinic), words["made_on"].format(day=on_day(sheet.day))]
    warning = [words["warning"], f"{words['worse']} {sheet.disclaimer}", *sheet.lines]
    items = [_item(number, item) for number, item in enumerate(sheet.items, start=1)]
    sources = [words["sources"], *(f"- {_reference(reference, words)}" for reference in sheet.references)]
    foot = [*([words["unreviewed"]] if sheet.unreviewed else ()), words["version"].format(version=sheet.version)]
    return "\n\n".join("\n".join(lines) for lines in (head, warning, [sheet.intro], *items, sources, foot)) + "\n"


def _item(number: int, item: Item) -> list[str]:
    lines = [f"{number}. {item.title}", *item.notes, *(f"- {step}" for step in item.steps)]
    return [*lines, *filter(None, (item.amount, item.care)), item.stop]


def _reference(reference: Reference, words: Words) -> str:
    places = "; ".join(f"[{listed(map(str, numbers))}] {place}" for numbers, place in reference.places)
    return f"{words['reference'].format(title=reference.title, author=reference.author)}: {places}."
