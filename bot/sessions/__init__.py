"""Sessions: where talks are kept between messages."""

import re
from pathlib import Path

from bot.sessions.idle import IDLE
from bot.sessions.memory import MemoryStore
from bot.sessions.store import Event, SessionStore, StoreError, Talk

__all__ = ["IDLE", "Event", "MemoryStore", "SessionStore", "StoreError", "Talk", "open_store"]


def open_store(url: str, *, idle: float = IDLE, there: bool = False) -> SessionStore:
    """The store that `url` names: `memory:`, `sqlite:/path`, a bare path, or `redis://host:port/0`.

    Nothing is opened yet. Raises ValueError on any other scheme, and where a file must be `there` and is not.
    """
    scheme, rest = match.groups() if (match := re.fullmatch(r"([A-Za-z][\w+.-]*):(.*)", url)) else ("sqlite", url)
    # What a store needs is imported where it is used: the terminal starts without SQLite and Redis.
    match scheme.lower():
        case "memory":
            return MemoryStore(idle=idle)
        case "sqlite" if rest:
            from bot.sessions.sqlite import SqliteStore

            path = Path(rest).expanduser()
            if there and not path.exists():
                raise ValueError(f"no talks are kept in {path}")
            return SqliteStore(path, idle=idle)
        case "redis" | "rediss":
            from bot.sessions.redis import RedisStore

            return RedisStore(url, idle=idle)
    # The rest of the address stays unsaid: it may hold a password.
    raise ValueError(f"no store is called '{scheme}:'; there are memory:, sqlite:/path and redis://host:port/0")
