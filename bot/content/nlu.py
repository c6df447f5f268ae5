"""Training examples in Rasa's NLU format: `my [lower back aches](symptom:low_back_pain)`."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import line_of
from bot.model.language import INTENTS

KINDS = ("symptom", "context", "area")
ROLES = ("denied", "past", "other_person", "hypothetical")

_MARK = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<short>[^()]+)\)|(?P<long>\{[^{}]+\}))")


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked stretch of an example."""

    kind: str
    """One of KINDS."""
    id: str
    """What it is."""
    role: str | None
    """Its status, where it is not felt now."""
    start: int
    """First code point of the marked words, in the text without marks."""
    end: int
    """Code point after the last."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training text."""

    text: str
    """Without marks."""
    intent: str
    """What it wants."""
    entities: tuple[Entity, ...]
    """What is marked in it."""


def read_examples(
    files: Mapping[str, Any], ids: Mapping[str, set[str]], intents: Collection[str] = INTENTS
) -> tuple[list[Example], list[Problem]]:
    """Examples of parsed NLU files, and what is wrong with them; `ids` are the known ids of each kind. An intent may
    join several of `intents` by "+".
    """
    examples: list[Example] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    for file, raw in files.items():
        found, faults = _read_file(raw, file, ids, intents, places)
        examples.extend(found)
        problems.extend(faults)
    return examples, problems


def _read_file(
    raw: Any, file: str, ids: Mapping[str, set[str]], intents: Collection[str], places: dict[str, str]
) -> tuple[list[Example], list[Problem]]:
    """`places` says of each text where it stood first, in this file or one before."""
    examples: list[Example] = []
    problems: list[Problem] = []
    entries = raw.get("nlu") if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not isinstance(raw.get("version"), str):
        return [], [Problem(file, 1, 'a Rasa NLU file needs version: "3.1" and a list under nlu')]
    for index, entry in enumerate(entries):
        start = line_of(raw, ("nlu", index))
        if not isinstance(entry, dict) or not isinstance(entry.get("examples"), str):
            problems.append(Problem(file, start, "an entry needs intent and examples: |"))
            continue
        intent = entry.get("intent", "")
        if unknown := [part for part in str(intent).split("+") if part not in intents]:
            problems.append(Problem(file, start, f'unknown intent "{unknown[0]}"{did_you_mean(unknown[0], intents)}'))
            continue
        for offset, line in enumerate(
            entry["examples"].splitlines(), start=line_of(raw, ("nlu", index, "examples")) + 1
        ):
            if not line.strip():
                continue
            if not line.startswith("- "):
                problems.append(
                    Problem(file, offset, 'an example must begin with "- "; Rasa would pass over this line')
                )
                continue
            example, faults = _example(line[2:].strip(), intent, ids)
            problems.extend(Problem(file, offset, fault) for fault in faults)
            if first := places.get(example.text):
                problems.append(Problem(file, offset, f"the same example stands at {first}"))
            places.setdefault(example.text, f"{file}:{offset}")
            examples.append(example)
    return examples, problems


def _example(line: str, intent: str, ids: Mapping[str, set[str]]) -> tuple[Example, list[str]]:
    entities, faults = [], []
    marks = 0
    for match in _MARK.finditer(line):
        kind, id_, role = _annotation(match)
        start = match.start() - marks
        marks += len(match[0]) - len(match["text"])
        if kind not in KINDS:
            faults.append(f'unknown entity "{kind}"{did_you_mean(kind, KINDS)}')
        elif id_ not in ids[kind]:
            faults.append(f'unknown {kind} "{id_}"{did_you_mean(id_, ids[kind])}')
        elif role is not None and role not in ROLES:
            faults.append(f'unknown role "{role}"{did_you_mean(role, ROLES)}')
        else:
            entities.append(Entity(kind, id_, role, start, start + len(match["text"])))
    text = _MARK.sub(lambda match: match["text"], line)
    if re.search(r"\]\s*[({]", text):
        faults.append("a mark that cannot be read; write [words](symptom:id)")
    return Example(text, intent, tuple(entities)), faults


def _annotation(match: re.Match[str]) -> tuple[str, str, str | None]:
    if match["short"]:
        kind, _, id_ = match["short"].partition(":")
        return kind, id_, None
    try:
        long = json.loads(match["long"])
    except json.JSONDecodeError:
        return match["long"], "", None
    return str(long.get("entity")), str(long.get("value")), long.get("role")
