"""A store in one SQLite file: for one machine, with as many processes and threads as it has."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.sessions.idle import IDLE, Idles
from bot.sessions.sqlite_file import LAYOUT, DamagedError, SqliteFile, start_anew
from bot.sessions.store import KEPT_DAYS, Event, StoreError, Talk

__all__ = ["DamagedError", "SqliteStore", "start_anew"]

_AT_ONCE = 200
"""Talks that a sweep removes before it lets others write."""
_CLEAN, _STAINED = 0, 1
"""Kept in the file's header: whether copies of what was removed may still stand in it."""
_READ = """
SELECT version, snapshot, (SELECT seq FROM events WHERE session = :session AND message = :message) FROM talks
WHERE session = :session AND site = :site AND NOT :now - touched > :idle
"""


class SqliteStore:
    """Keeps talks in a file that only its owner can read, ids as hashes, so that a copy of it opens no talk."""

    def __init__(self, path: Path, *, idle: float = IDLE) -> None:
        self._idles = Idles(idle)
        self._file, self.path = SqliteFile(path), path

    def limit(self, site: str, idle: float) -> None:
        """From now on talks of a site are gone after so many idle seconds, where the store's own time-out is longer."""
        self._idles.limit(site, idle)

    def idle(self, site: str) -> float:
        """Seconds after which an idle talk of a site is gone."""
        return self._idles.of(site)

    def begin(self, session: str, site: str, now: float, *, anew: bool = True) -> None:
        """Begin a talk of a site: `anew` forgets what there was under this id, else one that goes on is left alone."""
        key = _hashed(session)
        asked = {"session": key, "site": site, "now": now, "idle": self.idle(site), "message": None}
        with self._file.change() as db:
            if not anew and db.execute(_READ, asked).fetchone():
                return
            _drop_events(db, key)
            # The version goes on, so that a change made from the earlier talk does not fit the new one.
            db.execute(
                "INSERT INTO talks VALUES (?, ?, ?, 0, NULL) ON CONFLICT (session) DO UPDATE SET "
                "site = excluded.site, touched = excluded.touched, version = version + 1, snapshot = NULL",
                (key, site, now),
            )

    def read(self, session: str, site: str, now: float, message: str | None = None) -> Talk | None:
        """The talk; none where it is unknown, idle for too long, or another site's."""
        idle = self._idles.of(site)
        asked = {"session": _hashed(session), "site": site, "now": now, "idle": idle, "message": message or None}
        with self._file.use() as db:
            row = db.execute(_READ, asked).fetchone()
        return Talk(*row) if row else None

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
        key = _hashed(session)
        with self._file.change() as db:
            changed = db.execute(
                "UPDATE talks SET version = version + 1, snapshot = ?, touched = ? WHERE session = ? AND version = ?",
                (snapshot, now, key, version),
            )
            if changed.rowcount == 0:
                return False
            if reset:
                _drop_events(db, key)
            (start,) = db.execute("SELECT ifnull(max(seq) + 1, 0) FROM events WHERE session = ?", (key,)).fetchone()
            # The first event of a message carries its id.
            db.executemany(
                "INSERT INTO events VALUES (?, ?, ?, ?)",
                [
                    (key, start + place, (message or None) if place == 0 else None, json.dumps(event))
                    for place, event in enumerate(events)
                ],
            )
        return True

    def events(self, session: str) -> list[Event]:
        """Events of a talk, oldest first; none for an unknown session."""
        with self._file.use() as db:
            rows = db.execute("SELECT json FROM events WHERE session = ? ORDER BY seq", (_hashed(session),)).fetchall()
        return [json.loads(line) for (line,) in rows]

    def forget(self, session: str) -> bool:
        """Remove a talk; whether there was one."""
        with self._file.change() as db:
            found = _remove(db, [_hashed(session)]) == 1
        if found:
            # The talk is gone; what could not be scrubbed now is marked, and the next sweep does it.
            with contextlib.suppress(StoreError):
                self._scrub()
        return found

    def sweep(self, now: float) -> int:
        """Remove talks that were idle for too long; how many."""
        limits = [(None, self._idles.longest), *self._idles.shorter.copy().items()]
        count = sum(self._remove_idle(site, now, idle) for site, idle in limits)
        with self._file.change() as db:
            db.execute("DELETE FROM uses WHERE ends <= ?", (now,))
        self._scrub()
        return count

    def _remove_idle(self, site: str | None, now: float, idle: float) -> int:
        """Of one site, or of all."""
        old = "SELECT session FROM talks WHERE ifnull(site = ?, 1) AND ? - touched > ? LIMIT ?"
        count = 0
        while True:
            with self._file.change() as db:
                keys = [key for (key,) in db.execute(old, (site, now, idle, _AT_ONCE))]
                count += _remove(db, keys)
            if len(keys) < _AT_ONCE:
                return count

    def take(self, key: str, limit: int, window: float, now: float) -> float:
        """Count one use of `key`; 0.0 while it is within `limit` uses in `window` seconds, else seconds to wait."""
        hashed = _hashed(key)
        with self._file.change() as db:
            row = db.execute("SELECT start, count FROM uses WHERE key = ?", (hashed,)).fetchone()
            start, count = row or (now, 0)
            if now - start >= window:
                start, count = now, 0
            if count >= limit:
                return float(start + window - now)
            db.execute("REPLACE INTO uses VALUES (?, ?, ?, ?)", (hashed, start, start + window, count + 1))
        return 0.0

    def count(self, day: str, counts: Mapping[str, int]) -> None:
        """Add to the counts of a day; those of long ago go."""
        with self._file.change() as db:
            db.executemany(
                "INSERT INTO counts VALUES (?, ?, ?) "
                "ON CONFLICT (day, name) DO UPDATE SET number = number + excluded.number",
                [(day, name, number) for name, number in counts.items()],
            )
            db.execute("DELETE FROM counts WHERE day < date(?, ?)", (day, f"-{KEPT_DAYS} days"))

    def counted(self, days: Sequence[str]) -> dict[str, int]:
        """Counts of these days together."""
        marks = ", ".join("?" for _ in days)
        with self._file.use() as db:
            return dict(db.execute(f"SELECT name, sum(number) FROM counts WHERE day IN ({marks}) GROUP BY name", days))  # noqa: S608

    def check(self) -> None:
        """Raise StoreError where the file cannot be written."""
        with self._file.change() as db:
            db.execute(f"PRAGMA user_version = {LAYOUT}")  # writes a page, and changes nothing

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._file.close()

    def _scrub(self) -> None:
        """Leave no byte of what was removed.

        secure_delete clears what it frees, but where pages were split or joined, copies stay in their gaps; only a
        rewritten file has none. The log still holds the pages as they were, so it is emptied.
        """
        with self._file.use() as db:
            if db.execute("PRAGMA application_id").fetchone() == (_CLEAN,):
                return
            try:
                db.execute("VACUUM")
                db.execute(f"PRAGMA application_id = {_CLEAN}")
            finally:
                (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                db.execute(f"PRAGMA application_id = {_STAINED}")


def _remove(db: sqlite3.Connection, keys: Sequence[bytes]) -> int:
    """Remove talks; how many there were."""
    count = 0
    for key in keys:
        _drop_events(db, key)
        count += db.execute("DELETE FROM talks WHERE session = ?", (key,)).rowcount
    if count:
        db.execute(f"PRAGMA application_id = {_STAINED}")
    return count


def _drop_events(db: sqlite3.Connection, key: bytes) -> None:
    if db.execute("DELETE FROM events WHERE session = ?", (key,)).rowcount:
        db.execute(f"PRAGMA application_id = {_STAINED}")


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
