"""Trains both sides and has them read the same texts, each in its own interpreter."""

import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rasa.environment import ROOT
from tests.rasa.processes import Usage, run

WARM = 20
"""Texts that are read before the clock counts."""
_RASA_SIDE = Path(__file__).with_name("rasa_side.py")


@dataclass(frozen=True, slots=True)
class Told:
    """What one side found, and what that took."""

    readings: list[dict[str, Any]]
    """Intent and entities of each text."""
    seconds: list[float]
    """Time of each text."""
    start: float
    """Seconds from the first import to the first text read."""
    training: Usage
    """The whole program that trains."""
    serving: Usage
    """The whole program that reads."""


def supple(home: Path, texts: Sequence[str], minutes: float) -> Told:
    """Supple's reader, trained into an empty cache."""
    env = {**os.environ, "SUPPLE_CACHE": str(home / "supple-cache")}
    command = [sys.executable, "-m", "tests.bench.nlu_vs_rasa.supple_side"]
    log = home / "supple.log"
    training = run([*command, "train"], log, what="training Supple's reader", minutes=minutes, env=env, cwd=ROOT)
    given, out = _hand_over(home, "supple", texts)
    serving = run(
        [*command, "read", str(given), str(out)], log, what="reading with Supple", minutes=minutes, env=env, cwd=ROOT
    )
    return Told(**json.loads(out.read_text("utf-8")), training=training, serving=serving)


def rasa(python: Path, project: Path, texts: Sequence[str], minutes: float) -> Told:
    """DIET, trained from a project folder."""
    setup, log = project.name, project / "log"
    where: dict[str, Any] = {"minutes": minutes, "env": rasa_environment(project), "cwd": project}
    # -I: the folder of the script is not searched for modules, nor what the user has installed.
    command = [str(python), "-I", str(_RASA_SIDE)]
    training = run([*command, "train", str(project)], log, what=f"training DIET ({setup})", **where)
    given, out = _hand_over(project, setup, texts)
    serving = run(
        [*command, "read", str(project), str(given), str(out)], log, what=f"reading with DIET ({setup})", **where
    )
    return Told(**json.loads(out.read_text("utf-8")), training=training, serving=serving)


def validate(python: Path, project: Path) -> list[str]:
    """Rasa's own check of the project; what it warns of in the examples. Raises ProgramError when it refuses them."""
    log = project / "validate.log"
    command = [str(python), "-m", "rasa", "data", "validate", "--data", "data", "--domain", "domain.yml"]
    run(command, log, what="rasa data validate", minutes=10, env=rasa_environment(project), cwd=project)
    warned = re.findall(r"UserWarning: (.+)", log.read_text("utf-8", "replace"))
    # There are no stories: only the reading of messages is compared.
    return [text for text in dict.fromkeys(warned) if "is not used in any story or rule" not in text]


def rasa_environment(home: Path) -> dict[str, str]:
    """Nothing is reported anywhere, no graphics card is looked for, and settings go to the folder that is removed."""
    return {
        **os.environ,
        "HOME": str(home),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }


def _hand_over(folder: Path, name: str, texts: Sequence[str]) -> tuple[Path, Path]:
    """The file with the texts, and where the answer goes."""
    given = folder / f"{name}-texts.json"
    given.write_text(json.dumps({"texts": list(texts), "warm": WARM}), "utf-8")
    return given, folder / f"{name}-readings.json"
