"""Texts and routines in the pieces that a page is made of."""

import re
from typing import Any

from markupsafe import Markup

from bot.model.talk import Block

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
    """A routine in pieces, or none where it is a text alone."""
    practices = block.data["practices"]
    if not practices:
        return None
    intro, *chunks = block.text.split("\n\n")
    rest = chunks[len(practices) + 1 :]  # after the cards, and all stop rules together
    return {"intro": intro, "practices": practices, "rest": rest}
