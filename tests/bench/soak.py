"""The service under a steady load for SOAK_MINUTES (30): `make soak`. Its memory must not grow.

It fails where the last third of the time takes over 5 % more than the first third, once it is warm.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.bench.serving import load, memory, serving

CLIENTS = 8
WARM = 20.0
"""Seconds before memory is looked at: what is loaded at the first use is no growth."""
MOST = 1.05
"""Times the first third that the last third may take."""


def watched(port: int, pid: int, seconds: float) -> tuple[list[int], tuple[float, float, float, int]]:
    """RSS of all workers in MiB, once a second, while clients talk; and what `load` tells."""
    told: list[tuple[float, float, float, int]] = []
    talking = threading.Thread(target=lambda: told.append(load(port, CLIENTS, WARM + seconds)))
    talking.start()
    time.sleep(WARM)
    sizes: list[int] = []
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        sizes.append(sum(rss for rss, _ in memory(pid)))
        if len(sizes) % 60 == 1:
            print(f"{passed / 60:4.0f} min  {sizes[-1]} MiB", flush=True)
        time.sleep(1)
    talking.join()
    return sizes, told[0]


def main() -> int:
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as (port, pid, _):
        sizes, (rate, _, p95, bad) = watched(port, pid, minutes * 60)
    third = len(sizes) // 3
    first, last = statistics.mean(sizes[:third]), statistics.mean(sizes[-third:])
    print(f"{rate:.0f} messages/s, p95 {p95:.1f} ms, {bad} not answered with 200")
    print(f"memory: first third {first:.1f} MiB, last third {last:.1f} MiB, {last / first - 1:+.1%} (at most +5 %)")
    return int(bad > 0 or last > MOST * first)


if __name__ == "__main__":
    sys.exit(main())
