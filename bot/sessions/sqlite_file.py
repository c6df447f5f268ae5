"""A SQLite file of talks: its connections, its tables, and what its errors mean."""

import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from bot.sessions.store import StoreError

WAIT = 1.5
"""Seconds to wait for others that write."""
LAYOUT = 1
"""Number of the tables' layout, kept in the file."""

_TABLES = """
CREATE TABLE IF NOT EXISTS talks (
    session BLOB PRIMARY KEY, site TEXT NOT NULL, touched REAL NOT NULL, version INTEGER NOT NULL, snapshot TEXT
);
CREATE TABLE IF NOT EXISTS events (
    session BLOB NOT NULL, seq INTEGER NOT NULL, message TEXT, json TEXT NOT NULL, PRIMARY KEY (session, seq)
);
CREATE UNIQUE INDEX IF NOT EXISTS seen ON events (session, message) WHERE message IS NOT NULL;
CREATE TABLE IF NOT EXISTS uses (
    key BLOB PRIMARY KEY, start REAL NOT NULL, ends REAL NOT NULL, count INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (
    day TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (day, name)
);
"""
_REASONS = {
    sqlite3.SQLITE_BUSY: "others keep it busy",
    sqlite3.SQLITE_LOCKED: "others keep it busy",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it cannot be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
}
_SUFFIXES = ("-wal", "-shm", "")


class DamagedError(StoreError):
    """The file is damaged; it is kept as it is until `start_anew` moves it aside."""


class SqliteFile:
    """Lends each thread its own connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @contextlib.contextmanager
    def use(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; what goes wrong with it is raised as StoreError."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = _Held(self._path)
        try:
            with held.lock:
                yield held.connection()
        except sqlite3.Error as error:
            raise _meant(error, self._path) from error

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """The same within one writing transaction: all of it is kept, or nothing."""
        with self.use() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk ends it by itself
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections of all threads; the next use opens anew."""
        with _OPENING:
            mine = [held for held in _HELD if held.path == self._path]
        for held in mine:
            with held.lock:
                held.close()


class _Held:
    """One thread's connection, opened when it is first needed and again when the file was replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        with _OPENING:
            _HELD.add(self)

    def connection(self) -> sqlite3.Connection:
        # Without this, what is written after the file was moved aside or removed would go where nobody looks.
        if self._open is None or _identity(self.path) != self._file:
            self.close()  # leaves the new file's log alone: SQLite sees that its own file has moved
            self._open = _connect(self.path)
            self._file = _identity(self.path)
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def __del__(self) -> None:
        self.close()


_OPENING = threading.Lock()
_HELD: weakref.WeakSet[_Held] = weakref.WeakSet()


def start_anew(path: Path) -> Path:
    """Move a damaged file aside and begin a new one; where the old one is now. Servers that run go on with the new."""
    number = 1
    while any(Path(f"{path}.damaged-{number}{suffix}").exists() for suffix in _SUFFIXES):
        number += 1
    aside = Path(f"{path}.damaged-{number}")
    # The log goes first: beside a new file it would be taken for the new file's own.
    for suffix in _SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    with SqliteFile(path).use():
        return aside


def _connect(path: Path) -> sqlite3.Connection:
    """An open connection. SQLite does not wait when two first starts prepare one file, so this does."""
    until = time.monotonic() + WAIT
    while True:
        try:
            return _prepared(path)
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        except OSError as error:
            raise StoreError(f"{path}: it cannot be created ({error.strerror})") from error


def _prepared(path: Path) -> sqlite3.Connection:
    with _OPENING:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # An existing file is not opened here: closing it would drop the locks that other threads hold on it.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=0.1, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")  # nothing of a talk gets into other files
            _lay_out(connection, path)
            connection.execute(f"PRAGMA busy_timeout = {round(WAIT * 1000)}")
        except BaseException:
            connection.close()
            raise
        return connection


def _lay_out(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none yet."""
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout > LAYOUT:
        raise StoreError(f"{path}: a newer version of Supple made it")
    if layout < LAYOUT:
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {LAYOUT}; COMMIT;")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary error code."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _meant(error: sqlite3.Error, path: Path) -> StoreError:
    code = _code(error)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedError(f"{path}: it is damaged and kept as it is; supple sessions start-anew begins a new one")
    return StoreError(f"{path}: {_REASONS.get(code, 'it cannot be used')}")


def _before_fork() -> None:
    """Close what no thread uses right now.

    SQLite believes in a child that it holds the locks its parent took, and the kernel does not agree; with nothing
    open across the fork, there is nothing to believe.
    """
    _OPENING.acquire()
    for held in list(_HELD):
        if held.lock.acquire(blocking=False):
            held.close()
            held.lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_OPENING.release, after_in_child=_OPENING.release)
