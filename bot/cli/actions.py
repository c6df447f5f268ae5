"""`supple actions`."""

import os

import click

from bot.cli import start
from bot.content.problems import ContentError
from bot.service.sites import refusal
from bot.sessions import StoreError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=5055, show_default=True, help="Port to listen on.")
@click.option("--store", help="Where talks are kept: sqlite:PATH, redis://…, or memory:. [SUPPLE_STORE]")
@click.option("--country", help="Whose help lines to show: GB, US, … [SUPPLE_COUNTRY]")
@click.option("--sites", help="Folder of site files. [SUPPLE_SITES]")
@click.option("--site", help="The site whose assistant this is; demo by default. [SUPPLE_SITE]")
@click.option(
    "--accept-unreviewed",
    is_flag=True,
    envvar="SUPPLE_ACCEPT_UNREVIEWED",
    help="Listen beyond this machine though safety rules wait for a clinician's sign-off.",
)
def actions(*, host: str, port: int, accept_unreviewed: bool, **given: str | None) -> None:
    """Serve the actions that a Rasa assistant calls."""
    from bot.actions import server
    from bot.actions.start import assistant

    os.environ.update({f"SUPPLE_{name.upper()}": value for name, value in given.items() if value})
    try:
        if refused := refusal(assistant().service.knowledge, host, accepted=accept_unreviewed):
            start.fail(refused)
        click.echo(f"supple: actions on http://{host}:{port}/webhook (Ctrl-C stops them)", err=True)
        server.run(host, port)
    except (ContentError, StoreError, OSError, ValueError, server.PortError) as error:
        start.fail(str(error))
