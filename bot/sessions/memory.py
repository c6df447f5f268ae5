"""A store for one process: the terminal's, and the tests'."""

import json
from collections.abc import Sequence

from bot.sessions.store import Event


class MemoryStore:
    """Keeps talks in memory, as JSON, so that what could not be kept on disk cannot be kept here either."""

    def __init__(self) -> None:
        self._talks: dict[str, list[str]] = {}

    def load(self, session: str) -> list[Event]:
        """Events of a talk, oldest first; none for an unknown session."""
        return [json.loads(line) for line in self._talks.get(session, ())]

    def append(self, session: str, events: Sequence[Event]) -> None:
        """Add events to a talk."""
        self._talks.setdefault(session, []).extend(json.dumps(event) for event in events)

    def forget(self, session: str) -> None:
        """Remove a talk; unknown sessions are already forgotten."""
        self._talks.pop(session, None)
