"""`supple serve` and what goes with it: `reload`, `report`, `embed`."""

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from bot.cli import start
from bot.content.problems import ContentError
from bot.sessions import StoreError
from bot.sessions.sqlite_file import DamagedError
from bot.web.settings import SettingError, Settings, from_environment

RANGES = {"port": (1, 65535), "workers": (1, 64), "threads": (1, 64), "idle_minutes": (1, 525600)}
"""Least and most of settings that are numbers, where not any will do."""


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
    start.model(start.knowledge(), start.progress)  # trained before the workers start, so that they find it
    try:
        for warning in server.check(settings):
            click.echo(f"supple: {warning}", err=True)
        try:
            server.check_store(settings)
        except StoreError as error:
            if only_check or isinstance(error, DamagedError):
                raise
            click.echo(f"supple: {error}; messages are refused until that is over", err=True)
        if only_check:
            click.echo("ready to serve")
            return
        server.check_port(settings)
    except (ContentError, StoreError, server.NotAllowedError, SettingError, ValueError) as error:
        start.fail(str(error))
        raise
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
        os.kill(server.running(), signal.SIGHUP)
    except (ProcessLookupError, PermissionError):
        start.fail("no service of yours runs here")
    click.echo("reloading")


@click.command()
@click.option("--store", envvar="SUPPLE_STORE", help="Where talks are kept; the service's by default.")
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True, help="How many days back.")
def report(*, store: str | None, days: int) -> None:
    """A week of the service on one page: counts only, small ones hidden."""
    from bot.web import metrics

    named = metrics.last_days(time.time(), days)
    click.echo(metrics.report(named, start.kept(lambda: start.store(store).counted(named))))


@click.command()
@click.option("--site", required=True, metavar="ID", help="The clinic.")
@click.option("--sites", envvar="SUPPLE_SITES", help="Folder of site files; without it only the demo site is there.")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="The service as browsers reach it.")
def embed(*, site: str, sites: str | None, base: str) -> None:
    """The lines that a clinic pastes into its pages, with the hash that its browsers check."""
    from bot.content.load import load
    from bot.content.problems import did_you_mean
    from bot.content.sites import load_sites
    from bot.web.embed import snippet

    try:
        known = load_sites(Path(sites) if sites else None, load(cache=start.usable_cache())[0])
    except ContentError as error:
        start.fail(str(error))
        raise
    if site not in known:
        start.fail(f'unknown site "{site}"{did_you_mean(site, known)}; --sites names the folder of site files')
    if not re.fullmatch(r"https?://[^\s/?#\"'<>]+/?", base):
        start.fail(f'--base "{base}" must be an http:// or https:// address of its own, without a path', 2)
    if not known[site].origins:
        click.echo(f'supple: site "{site}" lists no origins, so no page of another server may use it', err=True)
    click.echo(snippet(known[site], base.rstrip("/")), nl=False)


def _settings(given: dict[str, Any]) -> Settings:
    # A flag that is 0 is given; one that is False is not.
    flags = {name: value for name, value in given.items() if value is not None and value is not False}
    try:
        settings = from_environment({**flags, "cache": str(start.usable_cache() or "")})
        for name, (least, most) in RANGES.items():
            if not least <= (value := getattr(settings, name)) <= most:
                raise SettingError(f"SUPPLE_{name.upper()} must be {least} to {most}, not {value}")
    except SettingError as error:
        start.fail(str(error), 2)
        raise
    return settings
