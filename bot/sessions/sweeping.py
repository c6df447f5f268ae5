"""Idle talks are forgotten while a server runs, whether anybody writes or not."""

import contextlib
import threading
import time

from bot.sessions.store import SessionStore, StoreError

EVERY = 300
"""Seconds between two sweeps."""


def keep_sweeping(store: SessionStore) -> None:
    """Sweep from now on, as long as this process lives."""
    threading.Thread(target=_sweep, args=(store,), daemon=True).start()


def _sweep(store: SessionStore) -> None:
    """A store that cannot be reached is tried again the next time."""
    while True:
        time.sleep(EVERY)
        with contextlib.suppress(StoreError):
            store.sweep(time.time())
