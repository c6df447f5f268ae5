"""The service's figures, in one run on one machine: `make bench-serve` prints them as a table."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.sessions.sqlite import SqliteStore

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


def measure() -> None:
    print("\n| what | figure | target |\n|---|---|---|")
    home = Path(tempfile.mkdtemp())
    try:
        with serving(home) as (port, pid, start):
            row("start to ready, trained, 2 workers", f"{start:.2f} s", f"<= 1.0 (Rasa {RASA['start']})")
            load(port, 4, 2)
            _, p50, p95, _ = load(port, 1, 5)
            one = p50
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
        bare(sqlite)
        many(home, one)
        if shutil.which("redis-server"):
            redis(home, sqlite)
        with serving(home, "--workers", "1", cpus="0") as (port, pid, _):
            _, p50, p95, bad = load(port, 20, 6)
            row("one core, one worker, 20 clients, p95", f"{p95:.1f} ms, {bad} bad", "<= 60")
    finally:
        shutil.rmtree(home)


def bare(ours: float) -> None:
    """What the same server does with an application that only echoes: the share that is left to us."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bare", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(port):
            time.sleep(0.05)
        rate, _, _, _ = load(port, 32, 6)
        row("a bare Flask endpoint on the same server", f"{rate:.0f}/s; ours is {ours / rate:.0%} of it", "stated")
    finally:
        server.terminate()
        server.wait()


def many(home: Path, empty: float) -> None:
    """A store that holds 100,000 talks."""
    store = SqliteStore(home / "many.db")
    event = {"type": "said", "intent": "report", "symptoms": {"tight_hips": "present"}, "contexts": {}, "safety": {}}
    now = time.time()
    for number in range(100_000):
        store.begin(f"demo.{number}", "demo", now)
        store.append(f"demo.{number}", 0, [event], "{}", now)
    store.close()
    with serving(home, "--store", f"sqlite:{home / 'many.db'}") as (port, _, start):
        load(port, 4, 2)
        _, p50, _, _ = load(port, 1, 5)
        row(
            "100,000 talks: one client, p50; start",
            f"{p50 / empty:.2f} times; {start:.2f} s",
            "<= 1.2 times; no slower",
        )


def answers(port: int) -> bool:
    try:
        return Client(port).get("/readyz") == 200
    except OSError:
        return False


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
