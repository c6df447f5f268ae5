"""Counts of what the service does: by day, in the shared store, so that they hold across workers and machines.

Counted in memory and handed to the store every few seconds; a killed worker loses seconds of counts, never a message.
Of crisis and abuse turns only the level is counted.
"""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.util import Finalize

from bot.service import Turn
from bot.sessions import SessionStore
from bot.sessions.store import StoreError

EVERY = 5
"""Seconds between two hand-overs to the store."""
HIDDEN = 10
"""Smaller counts are not told: a rare event on a quiet day could point to a person."""
BUCKETS = (1, 2, 5, 10, 20, 50, 100, 500)
"""Upper bounds of latency buckets, in milliseconds."""


class Counts:
    """Counts of one process, until they are handed over."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def turn(self, turn: Turn, milliseconds: float) -> None:
        """Count one answered message."""
        names = ["turns", f"level/{turn.reply.level}", *_what(turn)]
        names += [f"latency/{bound}" for bound in BUCKETS if milliseconds <= bound]
        with self._lock:
            self._counts.update(names)

    def hand_over(self, store: SessionStore, now: float) -> None:
        """Give the counts to the store; they are kept here where it cannot take them."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        if not taken:
            return
        try:
            store.count(day(now), taken)
        except BaseException:
            with self._lock:
                self._counts.update(taken)
            raise


def keep_counting(counts: Counts, store: SessionStore) -> None:
    """Hand the counts over from now on, as long as this process lives, and once more when it ends."""

    def hand_over() -> None:
        with contextlib.suppress(StoreError):  # tried again the next time
            counts.hand_over(store, time.time())

    def again_and_again() -> None:
        while True:
            time.sleep(EVERY)
            hand_over()

    threading.Thread(target=again_and_again, daemon=True).start()
    Finalize(None, hand_over, exitpriority=0)  # not atexit, which a worker of a server does not come to


def _what(turn: Turn) -> Iterator[str]:
    if turn.changed and turn.state.open != turn.before.open:
        if turn.before.open and turn.event["type"] != "restart":
            yield f"answered/{turn.before.open}"
        if turn.state.open:
            yield f"asked/{turn.state.open}"
    if turn.reading and any(finding.status == "uncertain" for finding in turn.reading.safety):
        yield "uncertain"
    if turn.state.handover and not turn.before.handover:
        yield f"handover/{turn.state.handover}"
        if turn.state.handover_rule:
            yield f"rule/{turn.state.handover_rule}"
    if any(block.type == "routine" for block in turn.reply.blocks):
        yield "routines"


def day(now: float) -> str:
    """The day of a moment, UTC."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")


def last_days(now: float, number: int = 7) -> list[str]:
    """The last days, oldest first, today among them."""
    today = datetime.fromtimestamp(now, UTC)
    return [(today - timedelta(days=back)).strftime("%Y-%m-%d") for back in reversed(range(number))]


def exposition(counts: Mapping[str, int]) -> str:
    """The counts as Prometheus text; small ones of a rule or step are left out.

    A gauge: the days that are summed move on, so it falls.
    """
    lines = ["# TYPE supple_total gauge"]
    for name, number in sorted(counts.items()):
        kind, _, what = name.partition("/")
        if number >= HIDDEN or not what or kind == "latency":
            lines.append(f'supple_total{{kind="{kind}",what="{what}"}} {number}')
    return "\n".join(lines) + "\n"


def report(days: Sequence[str], counts: Mapping[str, int]) -> str:
    """A week on one page, for the clinic."""

    def told(number: int) -> str:
        return str(number) if number == 0 or number >= HIDDEN else f"fewer than {HIDDEN}"

    lines = [f"Supple, {days[0]} to {days[-1]}", ""]
    for label, name in (
        ("messages answered", "turns"),
        ("routines shown", "routines"),
        ("hand-overs, emergency", "handover/emergency"),
        ("hand-overs, same day", "handover/same_day"),
        ("asked about a doubt", "uncertain"),
    ):
        lines.append(f"{label:23}{told(counts.get(name, 0))}")
    rules = {name[5:]: number for name, number in counts.items() if name.startswith("rule/") and number >= HIDDEN}
    if rules:
        lines += ["", "hand-overs by rule (crisis and abuse are not counted by rule)"]
        lines += [f"  {rules[rule]:6} {rule}" for rule in sorted(rules, key=lambda rule: (-rules[rule], rule))]
    lines += ["", "where talks stop: questions put and not answered"]
    for question in sorted(name[6:] for name in counts if name.startswith("asked/")):
        put = counts[f"asked/{question}"]
        stopped = max(put - counts.get(f"answered/{question}", 0), 0)
        lines.append(f"  {question:12} {told(stopped)} of {told(put)}")
    return "\n".join(lines)
