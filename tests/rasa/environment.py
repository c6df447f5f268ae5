"""Rasa's own Python 3.10 environment, made once, beside the project's and apart from it."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.rasa.processes import ProgramError, run

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv-rasa"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
ROOM = 5
"""GB that must be free: 2.7 stay, the rest is what pip unpacks on the way."""
PATIENCE = 45
"""Minutes that the set-up may take; about two where the network is good."""


def rasa_python() -> Path:
    """The interpreter that has Rasa; sets it up first where that has not been done."""
    stamp, wanted = FOLDER / ".ready", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    python = FOLDER / "bin" / "python"
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    base = python_310()
    if shutil.disk_usage(ROOT).free < ROOM * 10**9:
        raise ProgramError(f"Rasa's environment takes {ROOM} GB while it is made, and {ROOT} has less left")
    print(f"Setting up {FOLDER.name} with Rasa (2.7 GB, some minutes, once) ...", flush=True)
    log = FOLDER / "set-up.log"
    # A set-up that stopped half way left no stamp; it starts again from nothing.
    subprocess.run([base, "-m", "venv", "--clear", FOLDER], check=True, timeout=900)
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    run([*map(str, pip), "--requirement", str(REQUIREMENTS)], log, what="installing Rasa", minutes=PATIENCE)
    stamp.write_text(wanted)
    return python


def python_310() -> Path:
    """A Python 3.10 that runs and can make environments."""
    for candidate in _candidates():
        # A shim of pyenv stands on PATH for versions that are not switched on, and only fails.
        code = "import ensurepip, sys; print(*sys.version_info[:2])"
        with contextlib.suppress(OSError):
            told = subprocess.run([candidate, "-c", code], capture_output=True, text=True, timeout=60)
            if told.stdout.strip() == "3 10":
                return candidate
    raise ProgramError(
        "Rasa 3.6 needs Python 3.10, and none is named by RASA_PYTHON, on PATH or under pyenv: "
        "install it (pyenv install 3.10, or apt-get install python3.10-venv) and run this again"
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("RASA_PYTHON"):
        yield Path(named)
    if found := shutil.which("python3.10"):
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/3.10*/bin/python3.10"), reverse=True)


if __name__ == "__main__":
    try:
        print(python_310())
    except ProgramError as error:
        sys.exit(str(error))
