"""What every command needs: where things are kept, the knowledge, and the service."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from bot.content.files import NoContentError, cache_folder
from bot.content.problems import ContentError
from bot.knowledge import Knowledge, load_knowledge
from bot.service import Service
from bot.sessions import MemoryStore, SessionStore, StoreError, open_store
from bot.sessions.place import default_url
from bot.understand.model import Model
from bot.understand.models import ensure_model
from bot.understand.reader import Reader

T = TypeVar("T")


def fail(message: str, code: int = 1) -> None:
    """Say what is wrong in one line, and stop."""
    click.echo(f"supple: {message}", err=True)
    sys.exit(code)


def progress(message: str) -> None:
    """Tell how long work goes on."""
    click.echo(f"supple: {message} ...", err=True)


def knowledge() -> Knowledge:
    """The compiled knowledge; stops with every problem when the content has faults."""
    try:
        return load_knowledge(cache=usable_cache())
    except ContentError as error:
        click.echo("\n".join(map(str, error.problems)), err=True)
        sys.exit(1)
    except NoContentError as error:
        fail(str(error))
        raise


def reader(known: Knowledge) -> Reader:
    """The reader with its classifier; trains it first where that has not been done."""
    return Reader(known, model(known, progress))


def model(known: Knowledge, report: Callable[[str], None], *, force: bool = False) -> Model | None:
    """The trained model; none, with a word about it, where it cannot be kept."""
    try:
        return ensure_model(cache_folder(), known, progress=report, force=force)
    except OSError as error:
        report(f"cannot keep the trained reader in {cache_folder()} ({error.strerror}); reading by phrases only")
        return None


def keep(trained: Model, known: Knowledge, report: Callable[[str], None]) -> list[Path]:
    """Keep a trained model beside the texts, and the networks, taught anew where they are behind; what was written.
    Stops where nothing can be.
    """
    from bot.content.files import find_root
    from bot.content.load import load_dangers, load_examples
    from bot.understand import models, networks
    from bot.understand.teaching import teach

    root = find_root()
    try:
        written = [models.keep(trained, known, root)]
        if networks.behind(root) or not networks.load_networks([root]):
            written += networks.write(root, teach(load_examples(), load_dangers(), known, report))
    except OSError as error:
        fail(f"cannot keep what was learned in {root} ({error.strerror})")
    return written


def service(country: str | None = None) -> Service:
    """A service for one talk in this process."""
    known = knowledge()
    try:
        return Service(known, reader(known), MemoryStore(), country=country)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--country") from None


def usable_cache() -> Path | None:
    """The folder of the cache, where it can be written."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def store(url: str | None) -> SessionStore:
    """The store under this address, by default the service's SQLite file; raises ValueError where no file is there."""
    return open_store(url or default_url(), there=True)


def kept(ask: Callable[[], T]) -> T:
    """Ask the store; stops with one line when it cannot be reached."""
    try:
        return ask()
    except (StoreError, ValueError) as error:
        fail(str(error))
        raise
