"""A store in Redis: for several machines, and for Valkey and others that speak its protocol."""

import contextlib
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection
from redis.retry import Retry

from bot.sessions.idle import IDLE, Idles
from bot.sessions.store import KEPT_DAYS, Event, StoreError, Talk

CONNECT, ANSWER = 0.5, 1.0
"""Seconds to wait for a connection, and for each answer."""
REST = 1.0
"""Seconds in which nobody asks after Redis did not answer in time."""

_BEGIN = """
local site, now, idle, anew = unpack(ARGV)
if anew == '0' then
  local kept = redis.call('HMGET', KEYS[1], 'site', 'touched')
  if kept[1] == site and now - kept[2] <= idle / 1000 then return end
end
local version = redis.call('HGET', KEYS[1], 'version')
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
version = version and version + 1 or 0
redis.call('HSET', KEYS[1], 'version', version, 'site', site, 'touched', now, 'idle', idle)
redis.call('PEXPIRE', KEYS[1], idle)
"""
_APPEND = """
local version, snapshot, touched, idle, message, reset = unpack(ARGV, 1, 6)
if redis.call('HGET', KEYS[1], 'version') ~= version then return 0 end
if reset == '1' then redis.call('DEL', KEYS[2], KEYS[3]) end
if message ~= '' and #ARGV > 6 then redis.call('HSET', KEYS[3], message, redis.call('LLEN', KEYS[2])) end
for place = 7, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[place]) end
redis.call('HSET', KEYS[1], 'version', version + 1, 'snapshot', snapshot, 'touched', touched)
idle = redis.call('HGET', KEYS[1], 'idle') or idle -- talks begun before it was kept have none
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, idle) end
return 1
"""
_TAKE = """
local limit, window, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'start', 'count')
local start, count = tonumber(kept[1] or now), tonumber(kept[2] or 0)
if now - start >= window then start, count = now, 0 end
if count >= limit then return string.format('%.17g', start + window - now) end
redis.call('HSET', KEYS[1], 'start', string.format('%.17g', start), 'count', count + 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(window * 1000))
return '0'
"""
_REASONS: tuple[tuple[type[redis.RedisError], str], ...] = (
    (redis.TimeoutError, "Redis does not answer in time"),
    (redis.AuthenticationError, "Redis refuses the password"),
    (redis.BusyLoadingError, "Redis is still loading"),
    (redis.ConnectionError, "Redis cannot be reached"),
    (redis.ReadOnlyError, "this Redis is a read-only copy"),
    (redis.OutOfMemoryError, "Redis is full"),
    (redis.RedisError, "Redis refuses the command"),
)


class RedisStore:
    """Keeps talks in Redis, which forgets the idle ones by itself; all keys of a talk lie on one node of a cluster."""

    def __init__(self, url: str, *, idle: float = IDLE) -> None:
        self._idles = Idles(idle)
        self._rests_until = 0.0
        # Any: redis-py types each answer for its synchronous and asynchronous clients at once.
        self._redis: Any = redis.Redis.from_url(
            url,
            decode_responses=True,
            protocol=2,  # the third one begins with a question of its own, another second to wait
            socket_connect_timeout=CONNECT,
            socket_timeout=ANSWER,
            # None are needed: a connection that broke while it lay idle is replaced before anything is sent. And an
            # append that is sent again after an answer was lost could be applied twice.
            retry=Retry(NoBackoff(), 0),
            **_unnamed(),
        )

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Raise what Redis or the way to it fails with as StoreError.

        When Redis did not answer in time, nobody asks for a moment: else all who wait for a thread would each wait out
        the time in turn.
        """
        if time.monotonic() < self._rests_until:
            raise StoreError("Redis does not answer in time")
        try:
            yield
        except redis.RedisError as error:
            if isinstance(error, redis.TimeoutError):
                self._rests_until = time.monotonic() + REST
            raise StoreError(next(reason for kind, reason in _REASONS if isinstance(error, kind))) from error

    def limit(self, site: str, idle: float) -> None:
        """From now on talks of a site are gone after so many idle seconds, where the store's own time-out is longer."""
        self._idles.limit(site, idle)

    def idle(self, site: str) -> float:
        """Seconds after which an idle talk of a site is gone."""
        return self._idles.of(site)

    def begin(self, session: str, site: str, now: float, *, anew: bool = True) -> None:
        """Begin a talk of a site: `anew` forgets what there was under this id, else one that goes on is left alone."""
        with self._asking():
            self._run(_BEGIN, _keys(session), site, repr(now), _lifetime(self.idle(site)), int(anew))

    def read(self, session: str, site: str, now: float, message: str | None = None) -> Talk | None:
        """The talk; none where it is unknown, idle for too long, or another site's."""
        talk, _, messages = _keys(session)
        with self._asking(), self._redis.pipeline(transaction=False) as both:
            both.hmget(talk, "site", "touched", "version", "snapshot")
            if message:
                both.hget(messages, message)
            (kept_site, touched, version, snapshot), *seen = both.execute()
        if version is None or kept_site != site or now - float(touched) > self._idles.of(site):
            return None
        known = int(seen[0]) if seen and seen[0] is not None else None
        return Talk(int(version), snapshot, known)

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
        lines = map(json.dumps, events)
        head = (version, snapshot, repr(now), _lifetime(self._idles.longest), message or "", int(reset))
        with self._asking():
            return bool(self._run(_APPEND, _keys(session), *head, *lines))

    def events(self, session: str) -> list[Event]:
        """Events of a talk, oldest first; none for an unknown session."""
        with self._asking():
            return [json.loads(line) for line in self._redis.lrange(_keys(session)[1], 0, -1)]

    def forget(self, session: str) -> bool:
        """Remove a talk; whether there was one."""
        with self._asking():
            return bool(self._redis.delete(*_keys(session)))

    def sweep(self, now: float) -> int:
        """Nothing to do: keys of idle talks expire."""
        return 0

    def take(self, key: str, limit: int, window: float, now: float) -> float:
        """Count one use of `key`; 0.0 while it is within `limit` uses in `window` seconds, else seconds to wait."""
        with self._asking():
            return float(self._run(_TAKE, [f"supple:uses:{_hashed(key)}"], limit, repr(window), repr(now)))

    def count(self, day: str, counts: Mapping[str, int]) -> None:
        """Add to the counts of a day; Redis forgets them by itself."""
        key = f"supple:counts:{day}"
        with self._asking():
            pipe = self._redis.pipeline()
            for name, number in counts.items():
                pipe.hincrby(key, name, number)
            pipe.expire(key, KEPT_DAYS * 86400)
            pipe.execute()

    def counted(self, days: Sequence[str]) -> dict[str, int]:
        """Counts of these days together."""
        total: Counter[str] = Counter()
        with self._asking():
            for day in days:
                kept: Any = self._redis.hgetall(f"supple:counts:{day}")
                total.update({name: int(number) for name, number in kept.items()})
        return dict(total)

    def check(self) -> None:
        """Raise StoreError where Redis cannot be written; one that only answers is not enough."""
        with self._asking():
            self._redis.set("supple:check", 1, px=1000)

    def close(self) -> None:
        """Close the connections; the next use opens them again."""
        self._redis.close()

    def _run(self, script: str, keys: Sequence[str], *args: object) -> Any:
        """Run a script, by its hash where Redis knows it."""
        begun = time.monotonic()
        try:
            return self._redis.evalsha(_digest(script), len(keys), *keys, *args)
        except redis.exceptions.NoScriptError:
            if time.monotonic() - begun > CONNECT:  # a second slow answer would take too long
                raise redis.TimeoutError from None
            return self._redis.eval(script, len(keys), *keys, *args)


def _lifetime(idle: float) -> int:
    """Milliseconds that the keys of a talk live after its last change."""
    return max(1, round(idle * 1000))


def _keys(session: str) -> list[str]:
    """The talk, its events, and where its messages stand among them."""
    hashed = _hashed(session)
    return [f"supple:{{{hashed}}}:{part}" for part in ("talk", "events", "messages")]


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(script: str) -> str:
    """The name that Redis gives to a script."""
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


def _unnamed() -> dict[str, None]:
    """Settings that spare telling Redis the client's name, which takes two answers before the first command."""
    if "driver_info" in signature(AbstractConnection.__init__).parameters:
        return {"driver_info": None}
    return {"lib_name": None, "lib_version": None}  # redis-py before 7.2
