"""Replies as a terminal shows them."""

import re
from collections.abc import Iterator
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.model.talk import Block, Reply

WIDEST = 88
"""Columns; longer lines are hard to read."""

_LEVELS = {
    "emergency": ("EMERGENCY: get help now", "bold red"),
    "same_day": ("Today: get this looked at", "bold yellow"),
    "clinician_first": ("A clinician first", "bold yellow"),
    "caution": ("Take care", "bold cyan"),
}
_TITLE = re.compile(r"\d+\. ")


def console(*, stderr: bool = False) -> Console:
    """A console that respects NO_COLOR, dumb terminals and pipes."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if made.width > WIDEST or not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, width=WIDEST)
    return made


def show(out: Console, reply: Reply) -> None:
    """Print a reply."""
    for block in reply.blocks:
        out.print(_block(block))
        out.print()


def open_choices(reply: Reply) -> dict[str, Any] | None:
    """The question that numbers answer: the last one put, other than the one that only confirms."""
    asked = [block.data for block in reply.blocks if block.type == "choices" and block.data["question"] != "confirm"]
    return asked[-1] if asked else None


def all_choices(reply: Reply) -> Iterator[tuple[str, dict[str, str]]]:
    """Every option of a reply with its question."""
    for block in reply.blocks:
        if block.type == "choices":
            for option in block.data["options"]:
                yield block.data["question"], option


def _block(block: Block) -> RenderableType:
    match block.type:
        case "choices":
            return _choices(block)
        case "care_card":
            word, style = _LEVELS[block.data["level"]]
            return Panel(Text(block.text), title=Text(word, style=style), title_align="left", border_style=style)
        case "routine":
            return Panel(_routine(block.text), border_style="green", title_align="left")
        case "disclaimer":
            return Text(block.text, style="dim")
        case "note":
            return Panel(Text(block.text), border_style="dim")
    return Text(block.text)


def _choices(block: Block) -> RenderableType:
    options = block.data["options"]
    if block.data["question"] == "confirm":
        return Text.assemble(block.text, ("  (c: " + options[0]["label"] + ")", "dim"))
    lines = [Text(block.text, style="bold")]
    lines += [Text(f"  {number}  {option['label']}") for number, option in enumerate(options, start=1)]
    if block.data["multiple"]:
        lines.append(Text("  Type a number, or several: 1, 3", style="dim"))
    return Group(*lines)


def _routine(text: str) -> RenderableType:
    parts: list[RenderableType] = []
    for line in text.split("\n"):
        if _TITLE.match(line):
            parts.append(Text(line, style="bold green"))
        elif line.startswith("   - "):
            parts.append(Padding(Text("• " + line[5:]), (0, 0, 0, 5)))
        elif line.startswith("   "):
            parts.append(Padding(Text(line.strip()), (0, 0, 0, 3)))
        else:
            parts.append(Text(line))
    return Group(*parts)
