"""The service's figures, in one run on one machine: `make bench-serve` prints them as a table."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from tests.bench.serving import Client, free_port, load, memory, serving

RASA = {"p50": 16.9, "p95": 24.6, "rate": 64, "turns": 4.6, "start": 28.6, "rss": 1405}
"""Rasa 3.6.21 as measured for the project's baseline, on a machine of this kind."""


def row(what: str, figure: str, target: str) -> None:
    print(f"| {what} | {figure} | {target} |", flush=True)


def turns(port: int) -> tuple[float, float]:
    """p50 in ms of the first ten and of the turns 191-200 of some long conversations."""
    first, last = [], []
    for talk in range(6):
        client, sender = Client(port), f"long-{talk}-{time.monotonic_ns()}"
        for turn in range(200):
            began = time.perf_counter()
            client.say(sender, ("my hips are tight", "none", "none")[turn] if turn < 3 else "why?")
            taken = (time.perf_counter() - began) * 1e3
            (first if 3 <= turn < 13 else last if turn >= 190 else []).append(taken)
    return statistics.median(first), statistics.median(last)


def test_the_service(capsys: object) -> None:
    with capsys.disabled():  # type: ignore[attr-defined]
        measure()


def measure() -> None:
    print("\n| what | figure | target |\n|---|---|---|")
    home = Path(tempfile.mkdtemp())
    try:
        with serving(home) as (port, pid, start):
            row("start to ready, trained, 2 workers", f"{start:.2f} s", f"<= 1.0 (Rasa {RASA['start']})")
            load(port, 4, 2)
            _, p50, p95, _ = load(port, 1, 5)
            row(
                "one client, p50 / p95", f"{p50:.2f} / {p95:.2f} ms", f"<= 1.5 / 4 (Rasa {RASA['p50']} / {RASA['p95']})"
            )
            rate, p50, p95, bad = load(port, 32, 8)
            row(
                "32 clients, SQLite",
                f"{rate:.0f}/s, p50 {p50:.1f}, p95 {p95:.1f} ms, {bad} bad",
                f">= {20 * RASA['rate']:.0f}",
            )
            first, last = turns(port)
            row("turn 200 against the first", f"{last / first:.2f} times", f"<= 1.3 (Rasa {RASA['turns']})")
            row(
                "memory of workers, RSS and PSS",
                str(memory(pid)) + " MiB",
                f"<= 130, further <= 70 PSS (Rasa {RASA['rss']})",
            )
        sqlite = rate
        if shutil.which("redis-server"):
            redis(home, sqlite)
        with serving(home, "--workers", "1", cpus="0") as (port, pid, _):
            _, p50, p95, bad = load(port, 20, 6)
            row("one core, one worker, 20 clients, p95", f"{p95:.1f} ms, {bad} bad", "<= 60")
    finally:
        shutil.rmtree(home)


def redis(home: Path, sqlite: float) -> None:
    port = free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)],
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(0.5)
        with serving(home, "--store", f"redis://127.0.0.1:{port}/0") as (web, _, _):
            load(web, 4, 2)
            rate, _, p95, bad = load(web, 32, 8)
            row(
                "32 clients, Redis",
                f"{rate:.0f}/s ({rate / sqlite:.0%} of SQLite), p95 {p95:.1f} ms, {bad} bad",
                ">= 60 %",
            )
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    print(json.dumps({"cpus": os.cpu_count()}))
    measure()
