"""Options that commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.dialogue.state import NONE
from bot.handout.words import WEEK
from bot.model.words import EQUIPMENT

F = TypeVar("F", bound=Callable[..., Any])


class _Ids(click.ParamType):  # type: ignore[type-arg] # generic only in newer click
    """Ids separated by commas."""

    name = "none|ID…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())


def once_options(command: F) -> F:
    """Options of commands that answer one message."""
    for option in (
        click.option("--country", envvar="SUPPLE_COUNTRY", metavar="CODE", help="Whose help lines to show: GB, US, …"),
        click.option(
            "--equipment",
            multiple=True,
            type=click.Choice([*EQUIPMENT, NONE]),
            help="What is at hand, or cannot be done; may be given several times.",
        ),
        click.option("--minutes", type=click.IntRange(min=1), help="How many minutes there are."),
        click.option(
            "--gate",
            type=_Ids(),
            multiple=True,
            help="Answer the safety questions: none, or the rules that are there. Without it the talk stops at them.",
        ),
    ):
        command = option(command)
    return command


def handout_options(command: F) -> F:
    """Options of a routine to take home."""
    for option in (
        click.option("--time", "clock", default="18:00", show_default=True, help="Time of the calendar file."),
        click.option(
            "--days", default=",".join(WEEK), help="Days of the calendar file, such as mon,wed,fri. Default: every day."
        ),
        click.option(
            "--handout",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Also write the routine to take home: FILE.html to print, FILE.ics for a calendar, or FILE.txt.",
        ),
    ):
        command = option(command)
    return command
