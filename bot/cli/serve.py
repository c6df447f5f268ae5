"""`supple serve` and `supple reload`."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import click

from bot.cli import start
from bot.content.problems import ContentError
from bot.sessions import StoreError
from bot.web.settings import SettingError, Settings, from_environment


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A flag for every setting but those that only the environment should hold."""
    for item in reversed(fields(Settings)):
        if item.name in ("cache", "secret"):
            continue
        variable, text = f"SUPPLE_{item.name.upper()}", item.metadata["help"]
        default = "" if item.default in ("", False) else f" Default: {item.default}."
        command = click.option(
            f"--{item.name.replace('_', '-')}",
            item.name,
            default=None,
            help=f"{text}{default} [{variable}]",
            **({"is_flag": True} if item.type is bool else {"type": item.type}),
        )(command)
    return command


@click.command()
@setting_options
@click.option("--check", "only_check", is_flag=True, help="Load everything, say whether it would start, and exit.")
def serve(*, only_check: bool, **given: Any) -> None:
    """Serve the chat endpoint, the API and the pages."""
    from bot.web import server

    settings = _settings(given)
    start.model(start.progress)  # trained before the workers start, so that they find it
    try:
        unreviewed = server.check(settings)
    except (ContentError, StoreError, server.NotAllowedError, SettingError, ValueError) as error:
        start.fail(str(error))
        raise
    if unreviewed:
        click.echo(f"supple: {unreviewed} safety rules have no clinician's sign-off", err=True)
    if only_check:
        click.echo("ready to serve")
        return
    click.echo(f"supple: http://{settings.host}:{settings.port} (Ctrl-C stops it)", err=True)
    server.run(settings)


@click.command()
def reload() -> None:
    """Load the content anew in the running service; refused when it has faults, and the old one stays."""
    from bot.author.check import check_all
    from bot.web import server

    errors = [problem for problem in check_all() if not problem.warning]
    for problem in errors:
        click.echo(str(problem))
    if errors:
        start.fail("not reloaded: the service goes on with the content that it has")
    try:
        os.kill(int(server.pid_file().read_text("ascii")), signal.SIGHUP)
    except (OSError, ValueError):
        start.fail("no service runs here")
    click.echo("reloading")


def _settings(given: dict[str, Any]) -> Settings:
    flags = {name: value for name, value in given.items() if value is not None and value is not False}
    try:
        return from_environment({**flags, "cache": os.environ.get("SUPPLE_CACHE") or str(start.cache_folder())})
    except SettingError as error:
        click.echo(f"supple: {error}", err=True)
        sys.exit(2)
