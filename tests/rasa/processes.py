"""Runs one program, bounded in time, and tells what it took."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 20.0
"""Seconds between two words about how far it is."""


class ProgramError(Exception):
    """Why a program did not do what it should, in one line."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a program took, from its start to its end."""

    wall: float
    """Seconds that passed."""
    cpu: float
    """Seconds of computing, all threads together."""
    peak: float
    """Most resident memory at any time, MiB."""


def run(
    command: Sequence[str],
    log: Path,
    *,
    what: str,
    minutes: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Usage:
    """Run to the end, output to `log`; raises ProgramError when it fails or takes too long."""
    began = said = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env, cwd=cwd, start_new_session=True)
        try:
            while True:
                # Not Popen's own wait: the kernel's account of this one process comes with it.
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                passed = time.monotonic() - began
                if pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    break
                if passed > minutes * 60:
                    raise ProgramError(f"{what} took more than {minutes:g} minutes and was stopped")
                if time.monotonic() - said > EVERY:
                    said = time.monotonic()
                    print(f"  {what}: {_minutes(passed)}{_epochs(log)}", file=sys.stderr, flush=True)
                time.sleep(0.1)
        finally:
            if process.returncode is None:
                _stop(process)
    if process.returncode:
        raise ProgramError(f"{what} failed ({process.returncode}): {_last_line(log)}")
    return Usage(passed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: its session is its own."""
    for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def _minutes(seconds: float) -> str:
    return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"


def _epochs(log: Path) -> str:
    """How far the bar of the epochs in the log has come, where there is one."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        bars = re.findall(rb"Epochs:.*?(\d+/\d+) \[", file.read())
    return f", epoch {bars[-1].decode()}" if bars else ""


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
