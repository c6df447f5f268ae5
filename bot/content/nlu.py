"""Training examples in Rasa's NLU format: `my [lower back aches](symptom:low_back_pain)`."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import line_of
from bot.model.language import INTENTS

KINDS = ("symptom", "context")
ROLES = ("denied", "past", "other_person", "hypothetical")

_MARK = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<short>[^()]+)\)|(?P<long>\{[^{}]+\}))")


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked stretch of an example."""

    kind: str
    """"symptom" or "context"."""
    id: str
    """What it is."""
    role: str | None
    """Its status, where it is not felt now."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training text."""

    text: str
    """Without marks."""
    intent: str
    """What it wants."""
    entities: tuple[Entity, ...]
    """What is marked in it."""


def read_examples(raw: Any, file: str, ids: dict[str, set[str]]) -> tuple[list[Example], list[Problem]]:
    """Examples of a parsed NLU file, and what is wrong with it; `ids` are the known symptom and context ids."""
    examples: list[Example] = []
    problems: list[Problem] = []
    first_line: dict[str, int] = {}
    entries = raw.get("nlu") if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not isinstance(raw.get("version"), str):
        return [], [Problem(file, 1, 'a Rasa NLU file needs version: "3.1" and a list under nlu')]
    for index, entry in enumerate(entries):
        start = line_of(raw, ("nlu", index))
        if not isinstance(entry, dict) or not isinstance(entry.get("examples"), str):
            problems.append(Problem(file, start, "an entry needs intent and examples: |"))
            continue
        intent = entry.get("intent", "")
        if intent not in INTENTS:
            problems.append(Problem(file, start, f'unknown intent "{intent}"{did_you_mean(str(intent), INTENTS)}'))
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
            if first := first_line.get(example.text):
                problems.append(Problem(file, offset, f"the same example stands on line {first}"))
            first_line.setdefault(example.text, offset)
            examples.append(example)
    return examples, problems


def _example(line: str, intent: str, ids: dict[str, set[str]]) -> tuple[Example, list[str]]:
    entities, faults = [], []
    for match in _MARK.finditer(line):
        kind, id_, role = _annotation(match)
        if kind not in KINDS:
            faults.append(f'unknown entity "{kind}"{did_you_mean(kind, KINDS)}')
        elif id_ not in ids[kind]:
            faults.append(f'unknown {kind} "{id_}"{did_you_mean(id_, ids[kind])}')
        elif role is not None and role not in ROLES:
            faults.append(f'unknown role "{role}"{did_you_mean(role, ROLES)}')
        else:
            entities.append(Entity(kind, id_, role))
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
