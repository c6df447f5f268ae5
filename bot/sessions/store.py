"""What a session store does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Event = dict[str, Any]

KEPT_DAYS = 60
"""Days for which counts are kept."""


class StoreError(Exception):
    """The store cannot be reached or written; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as it is kept."""

    version: int
    """Grows with every change; a change is accepted only on the version that it was made from."""
    snapshot: str | None
    """The state after the last event, as JSON; none where only events are kept."""
    seen: int | None = None
    """Where the message asked about stands among the talk's events; none where it is new."""


class SessionStore(Protocol):
    """Keeps talks by session id; events and snapshots hold ids, never typed text.

    `now` is in seconds since the epoch; a talk idle for longer than the time-out of the store, or of its site, is gone.
    Every method raises StoreError where the store cannot be reached.
    """

    def limit(self, site: str, idle: float) -> None:
        """From now on talks of a site are gone after so many idle seconds, where the store's own time-out is longer."""

    def idle(self, site: str) -> float:
        """Seconds after which an idle talk of a site is gone."""

    def begin(self, session: str, site: str, now: float, *, anew: bool = True) -> None:
        """Begin a talk of a site: `anew` forgets what there was under this id, else one that goes on is left alone."""

    def read(self, session: str, site: str, now: float, message: str | None = None) -> Talk | None:
        """The talk; none where it is unknown, idle for too long, or another site's. `message` is looked up in it."""

    def append(
        self,
        session: str,
        version: int,
        events: Sequence[Event],
        snapshot: str,
        now: float,
        *,
        message: str | None = None,
        reset: bool = False,
    ) -> bool:
        """Add events, unless the talk has changed since `version`; `reset` forgets the earlier ones first."""

    def events(self, session: str) -> list[Event]:
        """Events of a talk, oldest first; none for an unknown session."""

    def forget(self, session: str) -> bool:
        """Remove a talk; whether there was one."""

    def sweep(self, now: float) -> int:
        """Remove talks that were idle for too long; how many."""

    def take(self, key: str, limit: int, window: float, now: float) -> float:
        """Count one use of `key`; 0.0 while it is within `limit` uses in `window` seconds, else seconds to wait."""

    def count(self, day: str, counts: Mapping[str, int]) -> None:
        """Add to the counts of a day; they are kept for KEPT_DAYS."""

    def counted(self, days: Sequence[str]) -> dict[str, int]:
        """Counts of these days together."""

    def check(self) -> None:
        """Raise StoreError where the store cannot be used."""
