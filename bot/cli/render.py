"""Replies as a terminal shows them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.model.talk import Block, Reply

WIDEST = 88
"""Columns; longer lines are hard to read."""

_STYLES = {
    "emergency": "bold red",
    "same_day": "bold yellow",
    "clinician_first": "bold yellow",
    "caution": "bold cyan",
    "none": "bold",
}
"""By level."""
_TITLE = re.compile(r"\d+\. ")


def console() -> Console:
    """A console that respects NO_COLOR, dumb terminals and pipes."""
    made = Console(highlight=False, soft_wrap=False)
    if made.width > WIDEST or not made.is_terminal:
        made = Console(highlight=False, width=WIDEST)
    return made


def show(out: Console, reply: Reply, words: Mapping[str, str]) -> None:
    """Print a reply; `words` are those beside the replies, as the widget has them."""
    for block in reply.blocks:
        out.print(_block(block, words))
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


def _block(block: Block, words: Mapping[str, str]) -> RenderableType:
    match block.type:
        case "choices":
            return _choices(block)
        case "care_card":
            level = block.data["level"]
            title = Text(words[f"level_{level}"], style=_STYLES[level])
            return Panel(Text(block.text), title=title, title_align="left", border_style=_STYLES[level])
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
