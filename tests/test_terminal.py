"""The conversation in a real terminal: colour, wrapping, and leaving cleanly."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

import pytest
from bot.service import Service


@pytest.fixture(autouse=True)
def _trained(service: Service) -> None:
    """The model is there."""


def talk(*typed: bytes, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Type each text once the prompt stands; exit status, and all that the terminal showed."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=lambda: _take_terminal(follower),
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "70", "LINES": "40", **(env or {})},
    )
    os.close(follower)
    shown = b""
    for text in typed:
        shown += _until_prompt(leader)
        os.write(leader, text)
    shown += _rest(leader)
    os.close(leader)
    return process.wait(timeout=20), shown.decode("utf-8", "replace")


def _take_terminal(follower: int) -> None:
    """So that Ctrl-C reaches the process, even where the tests themselves were started in the background."""
    fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _until_prompt(leader: int) -> bytes:
    got, end = b"", time.monotonic() + 20
    while time.monotonic() < end:
        if select.select([leader], [], [], 0.1)[0]:
            got += os.read(leader, 65536)
        elif got.rstrip().endswith(b">"):
            return got
    raise AssertionError(got)


def _rest(leader: int) -> bytes:
    got = b""
    while select.select([leader], [], [], 20)[0]:  # it ends by itself; a busy machine may take its time
        try:
            part = os.read(leader, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        got += part
    return got


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_by_a_key_is_clean(key: bytes) -> None:
    status, shown = talk(b"my hips are tight\n", key)

    assert status == 0
    assert "Traceback" not in shown
    assert "Goodbye" in shown


def test_bye_ends_the_talk() -> None:
    status, shown = talk(b"bye\n")

    assert status == 0
    assert "go gently" in shown


def test_quit_leaves_even_where_something_grave_still_stands() -> None:
    status, shown = talk(b"my poo is black like tar\n", b"quit\n")

    assert status == 0
    assert "go gently" in shown


def test_a_terminal_gets_colour_and_its_own_width() -> None:
    _, shown = talk(b"my hips are tight\n", b"none\n", b"none\n", b"bye\n")

    assert "\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= 71


def test_no_color_is_respected() -> None:
    _, shown = talk(b"my hips are tight\n", b"bye\n", env={"NO_COLOR": "1"})

    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)
