"""Limits on messages by talk and on requests by address, counted in the store, so that they hold across workers."""

import hashlib
import hmac
import math
import time

from flask import request

from bot.sessions import SessionStore
from bot.web.errors import ApiError


class Rates:
    """Counts, and refuses what is too much."""

    def __init__(self, store: SessionStore, *, by_session: int, by_address: int, secret: bytes) -> None:
        self._store, self._by_session, self._by_address = store, by_session, by_address
        self._secret = secret

    def address(self) -> None:
        """Count a request of this address; raises ApiError when there were too many."""
        if self._by_address:
            self._take(f"a:{self._hashed(request.remote_addr or '')}", self._by_address)

    def session(self, session: str) -> None:
        """Count a message of this talk; raises ApiError when there were too many."""
        if self._by_session:
            self._take(f"s:{session}", self._by_session)

    def _take(self, key: str, limit: int) -> None:
        wait = self._store.take(key, limit, 60.0, time.time())
        if wait > 0:
            raise ApiError(
                "too_many", "Too many messages; please wait a little.", 429, {"Retry-After": str(math.ceil(wait))}
            )

    def _hashed(self, address: str) -> str:
        """An address as a keyed hash whose key changes daily: it limits, and tells nothing tomorrow."""
        day = int(time.time() // 86400)
        return hmac.new(self._secret, f"{day}:{address}".encode(), hashlib.sha256).hexdigest()[:32]
