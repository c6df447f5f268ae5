"""Sessions: where talks are kept between messages."""

from bot.sessions.memory import IDLE, MemoryStore
from bot.sessions.store import Event, SessionStore, StoreError, Talk

__all__ = ["IDLE", "Event", "MemoryStore", "SessionStore", "StoreError", "Talk"]
