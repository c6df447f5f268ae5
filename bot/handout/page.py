"""The sheet as a page: a template, and one style sheet for screen and print."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.content.files import DRAWINGS
from bot.handout.sheet import MOST, Sheet
from bot.handout.words import WEEK, Words, on_day

_INK = re.compile(r"#[0-9a-f]{6}")
_PAGES = Environment(
    loader=PackageLoader("bot.handout"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def page(sheet: Sheet, words: Words, *, style: str = "", script: str = "") -> str:
    """The whole page; `style` and `script` are addresses, and without them it stands by itself."""
    return _PAGES.get_template("sheet.html").render(
        sheet=sheet,
        items=sheet.items,
        most=MOST,
        words=words,
        made_on=words["made_on"].format(day=on_day(sheet.day)),
        week=WEEK,
        drawings=drawings(),
        style=style,
        script=script,
        inline="" if style else stylesheet(),
    )


def stylesheet() -> str:
    """The sheet's styles."""
    return files("bot.handout").joinpath("templates", "sheet.css").read_text("utf-8")


@cache
def drawings() -> Mapping[str, str]:
    """The line drawings that the widget shows too, by practice, in the greys of a black printer."""
    return {file.stem: _INK.sub(_grey, file.read_text("utf-8").strip()) for file in DRAWINGS.glob("*.svg")}


def _grey(ink: re.Match[str]) -> str:
    red, green, blue = (int(ink[0][at : at + 2], 16) for at in (1, 3, 5))
    return "#" + f"{round(0.299 * red + 0.587 * green + 0.114 * blue):02x}" * 3
