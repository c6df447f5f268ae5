"""A service under test and a lean load client: raw sockets, keep-alive, bounded in time, on loopback only."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

TALK = ["my lower back hurts after sitting all day", "none", "none", "why?", "also my jaw is tight", "thanks"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(home: Path, *flags: str, cpus: str | None = None) -> Iterator[tuple[int, int, float]]:
    """A running service: its port, process id, and seconds from start to ready."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "bot",
        "serve",
        "--port",
        str(port),
        "--session-rate",
        "0",
        "--address-rate",
        "0",
        *flags,
    ]
    if cpus:
        command = ["taskset", "-c", cpus, *command]
    began = time.perf_counter()
    log = (home / f"log-{port}").open("wb")
    process = subprocess.Popen(command, env={**os.environ, "SUPPLE_HOME": str(home)}, stdout=log, stderr=log)
    try:
        while not ready(port):
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise RuntimeError((home / f"log-{port}").read_text())
            time.sleep(0.02)
        yield port, process.pid, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=25)
        process.kill()
        log.close()


def ready(port: int) -> bool:
    try:
        return Client(port).get("/readyz") == 200
    except OSError:
        return False


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def get(self, path: str) -> int:
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: l\r\n\r\n".encode())
        return self._answer()[0]

    def say(self, sender: str, text: str) -> tuple[int, bytes]:
        body = json.dumps({"sender": sender, "message": text}).encode()
        head = (
            "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        return self._answer()

    def _answer(self) -> tuple[int, bytes]:
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        while len(body) < length:
            body += self._more()
        self._rest = body[length:]
        return int(head[9:12]), body[:length]

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise OSError("closed")
        return part


def load(port: int, clients: int, seconds: float) -> tuple[float, float, float, int]:
    """Messages a second, p50 and p95 in ms, and answers that were not 200."""
    times: list[float] = []
    bad = 0
    lock = threading.Lock()
    end = time.perf_counter() + seconds

    def talk(number: int) -> None:
        nonlocal bad
        client, mine, wrong, turn, sender = Client(port), [], 0, 0, ""
        while time.perf_counter() < end:
            if turn % len(TALK) == 0:
                sender = f"{number}-{turn}-{time.monotonic_ns()}"
            began = time.perf_counter()
            status, _ = client.say(sender, TALK[turn % len(TALK)])
            mine.append(time.perf_counter() - began)
            wrong += status != 200
            turn += 1
        with lock:
            times.extend(mine)
            bad += wrong

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    times.sort()
    return len(times) / taken, times[len(times) // 2] * 1e3, times[int(len(times) * 0.95)] * 1e3, bad


def memory(pid: int) -> list[tuple[int, int]]:
    """RSS and PSS in MiB of a process's children, largest first."""
    found = []
    for child in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split():
        fields = Path(f"/proc/{child}/smaps_rollup").read_text().split("\n")
        sizes = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in fields if line.endswith("kB")}
        found.append((sizes["Rss"], sizes["Pss"]))
    return sorted(found, reverse=True)
