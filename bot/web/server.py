"""Runs the application on granian.

Measured on the real endpoint (two cores, the client on the same machine, 32 clients): granian 1,215 messages a second
with two workers, gunicorn's threads 975, waitress 421 with its one process. Its connections wait outside of Python, so
idle ones take no thread.
"""

import contextlib
import fcntl
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.model.site import DEMO
from bot.service.sites import build_services, refusal
from bot.sessions import MemoryStore, open_store
from bot.sessions.place import state_folder
from bot.sessions.sweeping import keep_sweeping
from bot.web.app import create_app
from bot.web.metrics import keep_counting
from bot.web.settings import Settings, from_environment

GRACE = 20
"""Seconds that a worker has to finish what it took when the service stops."""


class NotAllowedError(Exception):
    """The service must not start like this."""


def application() -> Any:
    """The application with the settings of the environment: what each worker loads."""
    if server := multiprocessing.parent_process():  # asked of the system now, it might be gone already
        for number in (signal.SIGTERM, signal.SIGINT):  # the server's handler, which is inherited, would not stop it
            signal.signal(number, signal.SIG_DFL)
        threading.Thread(target=_leave_with, args=(server.pid,), daemon=True).start()
    app = create_app(from_environment())
    house = app.extensions["supple"]
    keep_sweeping(house.store)
    keep_counting(house.counts, house.store)
    return app


def _leave_with(parent: int | None) -> None:
    """Stop when the process that started this one was killed: left alone, a worker would keep the port for good."""
    while True:
        time.sleep(0.2)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def pid_file() -> Path:
    """Where the running service's process id stands."""
    return state_folder() / "serve.pid"


def check(settings: Settings) -> list[str]:
    """Load all content once, as a worker will; what the operator should know before it starts.

    Raises NotAllowedError when the settings may not be used, and whatever keeps the application from starting.
    """
    open_store(settings.store_url())
    services = build_services(MemoryStore(), sites=settings.sites, country=settings.country, cache=settings.cache)
    knowledge = services[DEMO].knowledge
    if refused := refusal(knowledge, settings.host, accepted=settings.accept_unreviewed):
        raise NotAllowedError(refused)
    if settings.workers > 1 and settings.store_url().startswith("memory:"):
        raise NotAllowedError("talks kept in memory are lost between workers; use one worker, sqlite: or redis:")
    unreviewed = len(knowledge.unreviewed())
    told = [f"{unreviewed} safety rules have no clinician's sign-off"] if unreviewed else []
    told += [
        f'site "{id_}" forgets a talk after {settings.idle_minutes} idle minutes, not {service.site.retention_minutes}:'
        " SUPPLE_IDLE_MINUTES is less"
        for id_, service in services.items()
        if (service.site.retention_minutes or 0) > settings.idle_minutes
    ]
    return told


def check_store(settings: Settings) -> None:
    """Raise StoreError where talks cannot be kept now."""
    open_store(settings.store_url()).check()


def check_port(settings: Settings) -> None:
    """Raise NotAllowedError where the port cannot be had.

    Workers share it among themselves, and would share it with whoever has it too. Those of a server that was killed
    leave within a second.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    until = time.monotonic() + 2
    while True:
        try:
            socket.create_server((settings.host, settings.port), family=family).close()
            return
        except OSError as error:
            if time.monotonic() > until:
                where = f"{settings.host}:{settings.port}"
                raise NotAllowedError(f"cannot listen on {where}: {os.strerror(error.errno or 0)}") from None
            time.sleep(0.1)


def run(settings: Settings) -> None:
    """Serve until stopped; SIGTERM and SIGINT finish what was taken, SIGHUP loads the content anew."""
    from granian import Granian
    from granian.constants import Interfaces

    class Server(Granian):  # type: ignore[misc, valid-type] # which class it is depends on the interpreter
        """Goes on with the content that it has when the new one has faults."""

        def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
            """Begin new workers, unless they could not start."""
            try:
                check(settings)
            except Exception as error:
                print(f"supple: not reloaded: {error}", file=sys.stderr, flush=True)
            else:
                super().signal_handler_reload(*args, **kwargs)

    hand_down(settings)
    with _pid_kept():
        Server(
            "bot.web.server:application",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=settings.threads,
            workers_kill_timeout=GRACE,
            respawn_failed_workers=True,
            websockets=False,
        ).serve()


@contextlib.contextmanager
def _pid_kept() -> Iterator[None]:
    """Keep this process's id while it serves, in a file that it holds a lock on: a killed server's file has none."""
    with contextlib.ExitStack() as kept:
        try:
            pid_file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = kept.enter_context(pid_file().open("a", encoding="ascii"))
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not passed on to workers
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            kept.callback(pid_file().unlink, missing_ok=True)
        except OSError as error:
            why = "another service runs here" if isinstance(error, BlockingIOError) else error.strerror
            print(f"supple: {pid_file()}: {why}; supple reload will not find this service", file=sys.stderr)
        yield


def running() -> int:
    """Process id of the service that runs here; raises ProcessLookupError where none does."""
    try:
        with pid_file().open("r+", encoding="ascii") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return int(file.read())
    except (OSError, ValueError):
        pass
    raise ProcessLookupError


def hand_down(settings: Settings) -> None:
    """Put the settings where workers find them."""
    for name in Settings.__dataclass_fields__:
        os.environ[f"SUPPLE_{name.upper()}"] = str(getattr(settings, name))
