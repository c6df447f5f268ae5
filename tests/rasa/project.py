"""A Rasa project out of data/en/rasa: its own domain, rules and pipeline, with fewer examples and epochs."""

import random
import shutil
from pathlib import Path

from tests.bench.nlu_vs_rasa.rasa_project import RASA, SEED, nlu_files, read_entries, read_yaml, sampled, write_yaml

AS_IT_IS = ("domain.yml", "rules.yml", "responses.yml", "credentials.yml")


def write_project(folder: Path, *, actions: str, examples: int, epochs: int, wrong: bool = False) -> Path:
    """The project, its actions served at this address; `wrong` gives each example the intent of another."""
    folder.mkdir(parents=True)
    for name in AS_IT_IS:
        shutil.copy(RASA / name, folder / name)
    entries = sampled(read_entries(nlu_files(RASA)), examples)
    write_yaml(folder / "nlu.yml", {"version": "3.1", "nlu": _shuffled(entries) if wrong else entries})
    config = read_yaml(RASA / "config.yml")
    for component in config["pipeline"]:
        if component["name"] == "DIETClassifier":
            # For so few epochs, building TensorFlow's graph would take longer than it saves.
            component |= {"epochs": epochs, "run_eagerly": True}
    write_yaml(folder / "config.yml", config)
    call_actions_at(folder, actions)
    return folder


def call_actions_at(folder: Path, address: str) -> None:
    """Tell a project where its actions are served."""
    write_yaml(folder / "endpoints.yml", {"action_endpoint": {"url": f"{address}/webhook"}})


def _shuffled(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same texts under labels drawn blindly, so that what is learned is wrong."""
    lines = [line for entry in entries for line in entry["examples"].splitlines()]
    random.Random(SEED).shuffle(lines)
    intents = list(dict.fromkeys(entry["intent"] for entry in entries))
    return [
        {"intent": intent, "examples": "\n".join(lines[number :: len(intents)]) + "\n"}
        for number, intent in enumerate(intents)
    ]
