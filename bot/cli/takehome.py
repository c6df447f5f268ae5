"""`supple ask --handout FILE`: a routine as a sheet for print, a calendar file, or plain text."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.cli import start
from bot.handout.page import page
from bot.handout.plain import plain
from bot.handout.reminder import Reminder, calendar, reminder_of
from bot.handout.sheet import HandoutError, chosen_of, make_sheet
from bot.model.talk import Reply
from bot.model.words import hands_over
from bot.service import Service

OUTPUTS = (".html", ".ics", ".txt")


def check(file: Path, days: str, clock: str) -> Reminder:
    """What can be said of the options before anything is answered; wrong use where they cannot be used."""
    if file.suffix not in OUTPUTS:
        raise click.BadParameter(f"{file.name} must end in {', '.join(OUTPUTS)}", param_hint="--handout")
    if not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.parent}", param_hint="--handout")
    try:
        return reminder_of([day.strip() for day in days.split(",")], clock)
    except HandoutError as error:
        wanted = {"days": "must be days such as mon,wed,fri", "time": "must be hours and minutes, such as 18:30"}
        raise click.BadParameter(wanted[str(error)], param_hint=f"--{error}") from None


def write(file: Path, service: Service, reply: Reply, reminder: Reminder) -> None:
    """Write the routine of a reply; stops with one line where there is none."""
    if hands_over(reply.level):
        start.fail("no sheet: this needs a person before any exercise; what to do stands above")
    fields = _fields(reply)
    if fields is None:
        start.fail("no sheet: this reply has no routine; --gate none answers the safety questions")
        return
    now = datetime.now().astimezone()
    words = service.knowledge.widget.handout
    sheet = make_sheet(service.knowledge, service.wording, service.site, chosen_of(fields), day=now.date())
    match file.suffix:
        case ".html":
            made = page(sheet, words).encode()
        case ".txt":
            made = plain(sheet, words).encode()
        case _:
            made = calendar(reminder, words, today=now.date(), stamp=now.astimezone(UTC))
    try:
        file.write_bytes(made)
    except OSError as error:
        start.fail(f"cannot write {file}: {error.strerror}")
    click.echo(f"supple: wrote {file}", err=True)


def _fields(reply: Reply) -> dict[str, Any] | None:
    """What the last routine of a reply names for its sheet."""
    found = [block.data["handout"] for block in reply.blocks if block.type == "routine"]
    return found[-1] if found else None
