"""Texts and routines in the pieces that a page is made of."""

import re
from typing import Any

from markupsafe import Markup

from bot.model.talk import Block

_TITLE = re.compile(r"\d+\. ")
_NUMBER = re.compile(r"^([^:]*: \D{0,6}?)(\+?\d[\d -]*\d)(.*)$", re.DOTALL)


def parts(text: str) -> list[tuple[str, list[str]]]:
    """A text as paragraphs and lists: `("p", [line])` or `("ul", [line, …])`."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        kind = "ul" if line.startswith("- ") else "p"
        line = line.removeprefix("- ")
        if kind == "ul" and found and found[-1][0] == "ul":
            found[-1][1].append(line)
        else:
            found.append((kind, [line]))
    return found


def dialled(line: str) -> Markup:
    """A help line whose number can be tapped."""
    match = _NUMBER.match(line)
    if not match:
        return Markup("{}").format(line)
    digits = re.sub(r"[ -]", "", match[2])
    return Markup('{}<a href="tel:{}">{}</a>{}').format(match[1], digits, match[2], match[3])


def articles(block: Block) -> dict[str, Any] | None:
    """A routine in pieces, words as in its text and structure as in its data; none where the two do not fit."""
    intro, *chunks = block.text.split("\n\n")
    practices = block.data["practices"]
    cards, rest = chunks[: len(practices)], chunks[len(practices) + 1 :]  # between them all stop rules together
    if not practices or len(cards) < len(practices) or not all(map(_TITLE.match, cards)):
        return None
    return {"intro": intro, "practices": list(map(_article, cards, practices)), "rest": rest}


def _article(card: str, practice: dict[str, Any]) -> dict[str, Any]:
    lines = [line.strip() for line in card.split("\n")[1:] if not line.strip().startswith("- ")]
    because, setup = lines[0], practice["setup"] or ""
    if setup and because.endswith(setup):
        because = because.removesuffix(setup).strip()
    else:
        setup = ""  # of the whole practice, where only its safe form is shown
    return {**practice, "because": because, "setup": setup, "minding": " ".join(lines[1:])}
