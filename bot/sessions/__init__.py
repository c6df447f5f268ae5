"""Sessions: where the events of a talk are kept between messages."""

from bot.sessions.memory import MemoryStore
from bot.sessions.store import SessionStore

__all__ = ["MemoryStore", "SessionStore"]
