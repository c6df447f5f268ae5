"""A store for one process: the terminal's, and the tests'."""

import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.sessions.idle import IDLE, Idles
from bot.sessions.store import Event, Talk


@dataclass(slots=True)
class _Kept:
    site: str
    touched: float
    version: int = 0
    snapshot: str | None = None
    events: list[str] = field(default_factory=list)
    messages: dict[str, int] = field(default_factory=dict)


class MemoryStore:
    """Keeps talks in memory, as JSON, so that what could not be kept on disk cannot be kept here either."""

    def __init__(self, *, idle: float = IDLE) -> None:
        self._idles = Idles(idle)
        self._lock = threading.Lock()
        """Held while something is looked up and changed: a server has several threads."""
        self._talks: dict[str, _Kept] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._uses: dict[str, tuple[float, float, int]] = {}
        """By key: begin and end of its window, and uses within."""

    def limit(self, site: str, idle: float) -> None:
        """From now on talks of a site are gone after so many idle seconds, where the store's own time-out is longer."""
        self._idles.limit(site, idle)

    def idle(self, site: str) -> float:
        """Seconds after which an idle talk of a site is gone."""
        return self._idles.of(site)

    def begin(self, session: str, site: str, now: float, *, anew: bool = True) -> None:
        """Begin a talk of a site: `anew` forgets what there was under this id, else one that goes on is left alone."""
        # The version goes on, so that a change made from the earlier talk does not fit the new one.
        with self._lock:
            if not anew and self.read(session, site, now):
                return
            before = self._talks.get(session)
            self._talks[session] = _Kept(site, now, version=before.version + 1 if before else 0)

    def read(self, session: str, site: str, now: float, message: str | None = None) -> Talk | None:
        """The talk; none where it is unknown, idle for too long, or another site's."""
        kept = self._talks.get(session)
        if kept is None or kept.site != site or now - kept.touched > self._idles.of(site):
            return None
        return Talk(kept.version, kept.snapshot, kept.messages.get(message) if message else None)

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
        """Add events, unless the talk has changed since `version`."""
        with self._lock:
            kept = self._talks.get(session)
            if kept is None or kept.version != version:
                return False
            if reset:
                kept.events.clear()
                kept.messages.clear()
            if message:
                kept.messages[message] = len(kept.events)
            kept.events.extend(json.dumps(event) for event in events)
            kept.version, kept.snapshot, kept.touched = version + 1, snapshot, now
            return True

    def events(self, session: str) -> list[Event]:
        """Events of a talk, oldest first; none for an unknown session."""
        kept = self._talks.get(session)
        return [json.loads(line) for line in kept.events] if kept else []

    def forget(self, session: str) -> bool:
        """Remove a talk; whether there was one."""
        return self._talks.pop(session, None) is not None

    def sweep(self, now: float) -> int:
        """Remove talks that were idle for too long; how many."""
        talks = self._talks.copy().items()
        idle = [session for session, kept in talks if now - kept.touched > self._idles.of(kept.site)]
        for session in idle:
            self._talks.pop(session, None)
        for key in [key for key, (_, end, _) in self._uses.copy().items() if now >= end]:
            self._uses.pop(key, None)
        return len(idle)

    def take(self, key: str, limit: int, window: float, now: float) -> float:
        """Count one use of `key`; 0.0 while it is within `limit` uses in `window` seconds, else seconds to wait."""
        with self._lock:
            start, _, uses = self._uses.get(key, (now, now, 0))
            if now - start >= window:
                start, uses = now, 0
            if uses >= limit:
                return start + window - now
            self._uses[key] = (start, start + window, uses + 1)
            return 0.0

    def count(self, day: str, counts: Mapping[str, int]) -> None:
        """Add to the counts of a day."""
        with self._lock:
            self._counts.setdefault(day, Counter()).update(counts)

    def counted(self, days: Sequence[str]) -> dict[str, int]:
        """Counts of these days together."""
        return dict(sum((self._counts.get(day, Counter()) for day in days), Counter()))

    def check(self) -> None:
        """Memory is always there."""
