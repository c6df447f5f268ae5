"""`supple sessions`: talks that the service keeps."""

import json
from typing import Any

import click

from bot.cli import start
from bot.model.site import DEMO
from bot.service.rasa import DOORS, session_of
from bot.sessions import StoreError


@click.group()
def sessions() -> None:
    """Talks that the service keeps."""


_store = click.option("--store", envvar="SUPPLE_STORE", help="Where talks are kept; the service's by default.")


def _of_a_talk(command: Any) -> Any:
    """Options that name a talk: its id, or the sender of Rasa's REST channel or of a Rasa assistant."""
    for option in (
        _store,
        click.option("--site", default=DEMO, show_default=True, help="The sender's site."),
        click.option("--sender", help="In place of an ID: who wrote over Rasa's REST channel or to a Rasa assistant."),
        click.argument("id_", metavar="[ID]", required=False),
    ):
        command = option(command)
    return command


def _ids(id_: str | None, sender: str | None, site: str) -> list[str]:
    if (id_ is None) == (sender is None):
        raise click.UsageError("name the talk by its ID, or by --sender")
    return [id_] if id_ is not None else [session_of(site, door, sender or "") for door in DOORS]


@sessions.command()
@_of_a_talk
def forget(*, id_: str | None, sender: str | None, site: str, store: str | None) -> None:
    """Remove a talk for good."""
    ids = _ids(id_, sender, site)
    found = start.kept(lambda: [start.store(store).forget(talk) for talk in ids])
    if not any(found):
        start.fail("there is no such talk, or it is already forgotten")
    click.echo("forgotten")


@sessions.command()
@_of_a_talk
def export(*, id_: str | None, sender: str | None, site: str, store: str | None) -> None:
    """Write what is kept of a talk, as JSON."""
    ids = _ids(id_, sender, site)
    events = start.kept(lambda: [event for talk in ids for event in start.store(store).events(talk)])
    if not events:
        start.fail("there is no such talk")
    click.echo(json.dumps({"events": events}, ensure_ascii=False, indent=2))


@sessions.command()
@_store
def start_anew(*, store: str | None) -> None:
    """Move a damaged SQLite file aside and begin a new one; a service that runs goes on with it."""
    from bot.sessions.sqlite import DamagedError, SqliteStore, start_anew

    damaged = start.kept(lambda: start.store(store))
    if not isinstance(damaged, SqliteStore):
        start.fail("only an SQLite file can be begun anew")
    else:
        try:
            damaged.check()
        except DamagedError:
            aside = start.kept(lambda: start_anew(damaged.path))
            click.echo(f"the old file is now {aside}; it holds talks, so remove it when you no longer need it")
        except StoreError as error:
            start.fail(str(error))
        else:
            start.fail("it is not damaged, so it stays as it is")
