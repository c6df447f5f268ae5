"""What a session store does."""

from collections.abc import Sequence
from typing import Any, Protocol

Event = dict[str, Any]


class SessionStore(Protocol):
    """Keeps the events of talks by session id; events hold ids, never typed text."""

    def load(self, session: str) -> list[Event]:
        """Events of a talk, oldest first; none for an unknown session."""

    def append(self, session: str, events: Sequence[Event]) -> None:
        """Add events to a talk."""

    def forget(self, session: str) -> None:
        """Remove a talk; unknown sessions are already forgotten."""
