"""The service as it is deployed, in real processes on loopback, and talks that go on whatever happens to them.

Every talk sends the same messages. So what it must have been answered, and what must be kept of it, is what a service
in this process answers and keeps, where nothing ever fails.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from bot.service import Message, Service
from bot.service.rasa import without_words

from tests.conftest import ROOT

OPENING: list[dict[str, Any]] = [
    {"text": "my lower back hurts after sitting all day"},
    {"choose": ["none"], "question": "gate"},
    {"choose": ["none"], "question": "fit"},
]
ROUND: list[dict[str, Any]] = [
    {"text": "why?"},
    {"text": "also my jaw is tight"},
    {"text": "actually no back pain"},
    {"text": "my hips are tight"},
    {"text": "which articles?"},
    {"text": "my lower back hurts too"},
    {"text": "thanks"},
]
PATIENCE = 30.0
"""Seconds that a talk tries to get an answer to a message."""


os.environ["PATH"] += ":/usr/sbin:/sbin"  # where Debian keeps nginx and ip, and where not everyone looks


def needs(*programs: str) -> None:
    """Skip where a program is missing; in continuous integration that is a failure."""
    if missing := [program for program in programs if not shutil.which(program)]:
        reason = f"{', '.join(missing)} is not installed (apt-get install nginx redis-server util-linux iproute2)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def message(number: int) -> dict[str, Any]:
    """What every talk says as its message of this number."""
    return OPENING[number] if number < len(OPENING) else ROUND[(number - len(OPENING)) % len(ROUND)]


class Undisturbed:
    """The talk as it goes where nothing fails: its replies, and what is kept of it after so many messages."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._replies: list[Any] = []
        self._kept: list[int] = [0]
        service.open("undisturbed")

    def reply(self, number: int) -> Any:
        self._reach(number + 1)
        return self._replies[number]

    def events(self, count: int) -> list[dict[str, Any]]:
        self._reach(count)
        return self._service.store.events("undisturbed")[: self._kept[count]]

    def _reach(self, count: int) -> None:
        with self._lock:
            for number in range(len(self._replies), count):
                sent = message(number)
                chosen = tuple(sent["choose"]) if "choose" in sent else None
                said = Message(text=sent.get("text"), choose=chosen, question=sent.get("question"))
                reply = without_words(self._service.handle("undisturbed", said))
                self._replies.append(json.loads(json.dumps(reply.to_json())))
                self._kept.append(len(self._service.store.events("undisturbed")))


class Program:
    """A process that is started, killed, stopped and started again, each time by its id."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        ready: Callable[[], bool],
        *,
        cwd: Path | None = None,
        patience: float = 60,
        **env: str,
    ) -> None:
        """`patience` is how many seconds it may take to start."""
        self._command, self._log, self._ready, self._env = command, log, ready, env
        self._cwd, self._patience = cwd, patience
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def launch(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._env},
                cwd=self._cwd,
            )
        return self

    def start(self) -> Self:
        """Start, and wait until it answers."""
        return self.launch().wait()

    def wait(self) -> Self:
        """Wait until it answers."""
        end = time.monotonic() + self._patience
        while not self._ready():
            assert self._process is not None
            assert self._process.poll() is None, self.told()
            assert time.monotonic() < end, self.told()
            time.sleep(0.02)
        return self

    def workers(self) -> list[int]:
        return sorted(map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()))

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self, *, with_workers: bool = False) -> None:
        assert self._process is not None
        workers = self.workers() if with_workers else []
        self._process.kill()
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=25)

    def finish(self, seconds: float) -> str:
        """Wait until it has ended by itself, and well; what it told."""
        assert self._process is not None
        assert self._process.wait(timeout=seconds) == 0, self.told()
        return self.told()

    def told(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def end(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(timeout=25)
        except subprocess.TimeoutExpired:
            self.kill(with_workers=True)


def supple(home: Path, *flags: str, port: int, within: Sequence[str] = ()) -> Program:
    """`supple serve`, with no limits on rates; it is up when it answers, ready or not."""
    home.mkdir(exist_ok=True)
    command = [*within, sys.executable, "-m", "bot", "serve", "--port", str(port), "--country", "GB"]
    limits = ["--session-rate", "0", "--address-rate", "0"]
    # Its log stands beside the folder: on a full disk it could not be read.
    log = home.parent / f"supple-{port}.log"
    return Program([*command, *limits, *flags], log, lambda: answers(port), SUPPLE_HOME=str(home))


def redis(folder: Path, port: int) -> Program:
    folder.mkdir(exist_ok=True)
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    keep = ["--appendonly", "yes", "--appendfsync", "always"]  # as in compose.yml
    return Program([*command, *keep], folder / "log", lambda: pongs(port))


def nginx(folder: Path, port: int, replicas: Sequence[int]) -> Program:
    """nginx with the file that is deployed; only addresses and the folder of what it writes are others."""
    folder.mkdir(exist_ok=True)
    text = (ROOT / "bot" / "deploy" / "nginx.conf").read_text("utf-8")
    for number, replica in enumerate(replicas, 1):
        text = text.replace(f"supple{number}:8000", f"127.0.0.1:{replica}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(text, "utf-8")
    main = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
    command = ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", main]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=10)
    assert tested.returncode == 0, tested.stderr
    return Program(command, folder / "log", lambda: answers(port))


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz").status == 200
    except (OSError, http.client.HTTPException):
        return False


def pongs(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(100) == b"+PONG\r\n"
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any
    seconds: float


def get(port: int, path: str, session: str | None = None) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        return exchange(connection, "GET", path, session)


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, session: str | None, data: object = None
) -> Answer:
    began = time.monotonic()
    headers = {"Content-Type": "application/json"} | ({"X-Supple-Session": session} if session else {})
    connection.request(method, path, json.dumps(data) if data is not None else None, headers)
    response = connection.getresponse()
    raw = response.read()
    is_json = response.headers.get_content_type() == "application/json"
    fields = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, fields, json.loads(raw) if is_json else raw, time.monotonic() - began)


class Talk:
    """One client: it sends message after message, each with its id, until it is acknowledged."""

    def __init__(self, port: int, undisturbed: Undisturbed, *, keep_alive: bool = True) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._undisturbed, self._keep_alive = undisturbed, keep_alive
        self.session: str | None = None
        self.acknowledged = 0
        self.refused: list[str] = []
        """What came instead of an acknowledgement, in words."""
        self.wrong: list[str] = []
        """What should never come."""

    def __del__(self) -> None:
        self._connection.close()

    def begin(self) -> Self:
        answer = exchange(self._connection, "POST", "/api/v1/sessions", None, {})
        assert answer.status == 201, answer
        self.session = answer.body["session"]
        return self

    def say(self) -> Answer:
        """Send the next message once."""
        sent = {**message(self.acknowledged), "id": f"message-{self.acknowledged}"}
        try:
            answer = exchange(self._connection, "POST", "/api/v1/messages", self.session, sent)
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        if not self._keep_alive:
            self._connection.close()
        if answer.status == 200:
            if answer.body != self._undisturbed.reply(self.acknowledged):
                self.wrong.append(f"another reply to message {self.acknowledged}")
            self.acknowledged += 1
        return answer

    def insist(self) -> None:
        """Send the next message until it is acknowledged."""
        end, before = time.monotonic() + PATIENCE, self.acknowledged
        while self.acknowledged == before:
            try:
                answer = self.say()
                if answer.status in (502, 503, 504):
                    self.refused.append(str(answer.status))
                elif answer.status != 200:
                    self.wrong.append(f"{answer.status} {answer.body}")
                    return
            except (OSError, http.client.HTTPException) as error:
                self.refused.append(type(error).__name__)
            if self.acknowledged == before:
                if time.monotonic() > end:
                    self.wrong.append(f"no answer to message {before} in {PATIENCE} s")
                    return
                time.sleep(0.05)

    def kept(self, port: int | None = None) -> list[dict[str, Any]]:
        """The events that the export shows."""
        answer = get(port or self._connection.port, "/api/v1/export", self.session)
        assert answer.status == 200, answer
        events: list[dict[str, Any]] = answer.body["events"]
        return events

    def assert_whole(self) -> None:
        """Each acknowledged message is kept exactly once and in order, and nothing else."""
        assert self.wrong == []
        assert self.kept() == self._undisturbed.events(self.acknowledged)


class Crowd:
    """Talks that go on at once until they are told to stop."""

    def __init__(self, port: int, undisturbed: Undisturbed, *, size: int = 6, keep_alive: bool = True) -> None:
        self.talks = [Talk(port, undisturbed, keep_alive=keep_alive).begin() for _ in range(size)]
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=(talk,)) for talk in self.talks]

    def _go_on(self, talk: Talk) -> None:
        while not self._stopped.wait(0.01) and not talk.wrong:
            talk.insist()

    @contextlib.contextmanager
    def talking(self) -> Iterator[Self]:
        for thread in self._threads:
            thread.start()
        try:
            self.all_go_on()
            yield self
            self.all_go_on()
        finally:
            self._stopped.set()
            for thread in self._threads:
                thread.join()

    def all_go_on(self, by: int = 4) -> None:
        """Every talk gets some more answers."""
        before = [talk.acknowledged for talk in self.talks]
        until(
            lambda: all(
                talk.acknowledged >= count + by or talk.wrong for talk, count in zip(self.talks, before, strict=True)
            ),
            PATIENCE,
            "every talk goes on",
        )

    def refused(self) -> list[str]:
        return [word for talk in self.talks for word in talk.refused]

    def assert_whole(self) -> None:
        for talk in self.talks:
            talk.assert_whole()


def assert_sound(file: Path) -> None:
    """SQLite finds nothing wrong in a file."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
