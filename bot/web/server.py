"""Runs the application on granian.

Measured on the real endpoint (two cores, the client on the same machine, 32 clients): granian 1,215 messages a second
with two workers, gunicorn's threads 975, waitress 421 with its one process. Its connections wait outside of Python, so
idle ones take no thread.
"""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

from bot.sessions import StoreError
from bot.sessions.place import state_folder
from bot.web.app import create_app
from bot.web.house import House
from bot.web.settings import Settings, from_environment

GRACE = 20
"""Seconds that a worker has to finish what it took when the service stops."""
SWEEP = 300
"""Seconds between two sweeps of idle talks."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class NotAllowedError(Exception):
    """The service must not start like this."""


def application() -> Any:
    """The application with the settings of the environment: what each worker loads."""
    app = create_app(from_environment())
    threading.Thread(target=_sweep, args=(app.extensions["supple"],), daemon=True).start()
    return app


def _sweep(house: House) -> None:
    """Forget idle talks while the service runs; a store that cannot be reached is tried again the next time."""
    while True:
        time.sleep(SWEEP)
        with contextlib.suppress(StoreError):
            house.store.sweep(time.time())


def pid_file() -> Path:
    """Where the running service's process id stands."""
    return state_folder() / "serve.pid"


def check(settings: Settings) -> int:
    """Load everything once, as a worker will; the number of safety rules without a sign-off.

    Raises NotAllowedError when the settings may not be used, and whatever keeps the application from starting.
    """
    unreviewed = len(create_app(settings).extensions["supple"].knowledge().unreviewed())
    if unreviewed and settings.host not in LOOPBACK and not settings.accept_unreviewed:
        raise NotAllowedError(
            f"{unreviewed} safety rules have no clinician's sign-off, so the service listens on this machine only; "
            "see supple check, or say --accept-unreviewed"
        )
    if settings.workers > 1 and settings.store_url().startswith("memory:"):
        raise NotAllowedError("talks kept in memory are lost between workers; use one worker, sqlite: or redis:")
    return unreviewed


def run(settings: Settings) -> None:
    """Serve until stopped; SIGTERM and SIGINT finish what was taken, SIGHUP loads the content anew."""
    from granian import Granian
    from granian.constants import Interfaces

    hand_down(settings)
    pid_file().parent.mkdir(parents=True, exist_ok=True)
    Granian(
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
        pid_file=pid_file(),
    ).serve()


def hand_down(settings: Settings) -> None:
    """Put the settings where workers find them."""
    for name in Settings.__dataclass_fields__:
        os.environ[f"SUPPLE_{name.upper()}"] = str(getattr(settings, name))
