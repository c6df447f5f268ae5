"""Writes what Rasa trains from: the project's NLU files, a domain and a pipeline, in a folder of its own."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.rasa.environment import ROOT

RASA = ROOT / "data" / "en" / "rasa"
SETUPS = {
    "values": "the NLU files as they stand: entity `symptom`, its id by Rasa's synonyms of the marked words",
    "ids": "each id an entity of its own, so that words never seen can be given one",
}
"""Ways of putting symptoms to DIET, by name."""
SEED = 7
_MARK = re.compile(r"\[(?P<words>[^\[\]]+)\](?:\((?P<entity>\w+)(?::(?P<value>\w+))?\)|(?P<long>\{[^{}]+\}))")


def write_project(folder: Path, nlu_files: list[Path], setup: str, epochs: int, sample: int | None = None) -> int:
    """A Rasa project in `folder`; how many examples it trains on. `sample` is about how many, where not all."""
    entries = read_entries(nlu_files)
    (folder / "data").mkdir(parents=True)
    if setup == "values" and sample is None:
        for file in nlu_files:
            (folder / "data" / file.name).write_bytes(file.read_bytes())
    else:
        kept = [_converted(entry, setup) for entry in sampled(entries, sample)]
        write_yaml(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": kept})
        entries = kept
    write_yaml(folder / "domain.yml", domain(entries))
    write_yaml(folder / "config.yml", config(epochs, bilou=setup == "values"))
    return sum(len(entry["examples"].splitlines()) for entry in entries)


def as_ids(line: str) -> str:
    """An example in which each marked id is the entity: `[aches](low_back_pain)`."""

    def mark(match: re.Match[str]) -> str:
        entity, role = _annotation(match)["value"], _annotation(match).get("role")
        told = json.dumps({"entity": entity, "role": role}) if role else f"({entity})"
        return f"[{match['words']}]{told}"

    return _MARK.sub(mark, line)


def plain(line: str) -> str:
    """An example without its marks."""
    return _MARK.sub(lambda match: match["words"], line)


def nlu_files(folder: Path) -> list[Path]:
    """The files of a folder that hold examples; others hold a domain, rules and the like."""
    return sorted(folder.glob("nlu*.yml"))


def read_entries(nlu_files: list[Path]) -> list[dict[str, str]]:
    """The entries of NLU files, each an intent and its examples."""
    return [entry for file in nlu_files for entry in read_yaml(file)["nlu"]]


def marked(nlu_files: list[Path]) -> dict[str, str]:
    """Every id that is marked in the examples, and its kind."""
    return {told["value"]: told["entity"] for told in _annotations(read_entries(nlu_files))}


def domain(entries: list[dict[str, str]]) -> dict[str, Any]:
    """Intents, and entities with their roles, of these examples."""
    roles: dict[str, set[str]] = {}
    for told in _annotations(entries):
        roles.setdefault(told["entity"], set()).update({told["role"]} if "role" in told else ())
    return {
        "version": "3.1",
        "intents": list(dict.fromkeys(entry["intent"] for entry in entries)),
        "entities": [{name: {"roles": sorted(have)}} if have else name for name, have in sorted(roles.items())],
    }


def config(epochs: int, *, bilou: bool) -> dict[str, Any]:
    """The project's pipeline for Rasa, with so many epochs.

    `bilou` gives each entity four tags. With an entity for each id that is some 180 tags, whose transitions took 9 GB
    and four times the hours; one tag each does there.
    """
    given: dict[str, Any] = read_yaml(RASA / "config.yml")
    for component in given["pipeline"]:
        if component["name"] == "DIETClassifier":
            component |= {"epochs": epochs, "BILOU_flag": bilou, "random_seed": SEED}
    return {**given, "assistant_id": "supple-bench", "policies": [{"name": "RulePolicy"}]}


def _annotations(entries: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    for entry in entries:
        yield from map(_annotation, _MARK.finditer(entry["examples"]))


def _annotation(match: re.Match[str]) -> dict[str, str]:
    """Entity, value and role of a mark, as far as it has them."""
    if match["long"]:
        return dict(json.loads(match["long"]))
    return {key: match[key] for key in ("entity", "value") if match[key]}


def _converted(entry: Mapping[str, str], setup: str) -> dict[str, str]:
    examples = entry["examples"]
    return {"intent": entry["intent"], "examples": as_ids(examples) if setup == "ids" else examples}


def sampled(entries: list[dict[str, str]], sample: int | None) -> list[dict[str, str]]:
    """The entries with so many examples in all, drawn evenly; each intent keeps at least two."""
    lines = {n: entry["examples"].splitlines() for n, entry in enumerate(entries)}
    total = sum(map(len, lines.values()))
    if sample is None or sample >= total:
        return entries
    draw = random.Random(SEED)
    kept = []
    for n, entry in enumerate(entries):
        chosen = draw.sample(lines[n], max(2, len(lines[n]) * sample // total))
        kept.append({**entry, "examples": "\n".join(chosen) + "\n"})
    return kept


def read_yaml(path: Path) -> Any:
    """What stands in a file of Rasa's."""
    return yaml.safe_load(path.read_text("utf-8"))


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, which is how Rasa wants its examples."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def write_yaml(path: Path, content: Any) -> None:
    path.write_text(yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000), "utf-8")
