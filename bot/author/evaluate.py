"""Measures the reader on labelled messages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.model.words import LEVELS
from bot.understand.reader import Reader


class RowError(Exception):
    """A row that cannot be measured."""


def report(reader: Reader, file: Path, *, safety: bool = False) -> list[str]:
    """Figures as lines of text."""
    rows = list(_rows(file))
    readings = [reader.read(row["text"]) for row in rows]
    if safety:
        return _levels([row.get("level", "none") for row in rows], [reading.level for reading in readings])
    truth = [set(row.get("symptoms", ())) for row in rows]
    found = [set(reading.present()) for reading in readings]
    lines = [f"{len(rows)} messages", "symptoms " + _f1(truth, found)]
    exact = sum(one == other for one, other in zip(truth, found, strict=True))
    lines.append(f"exact set {exact / len(rows):.3f}")
    denied = [(id_, reading) for row, reading in zip(rows, readings, strict=True) for id_ in row.get("denied", ())]
    if denied:
        kept_out = sum(id_ not in reading.present() for id_, reading in denied)
        known = sum(any(f.id == id_ and f.status != "present" for f in reading.symptoms) for id_, reading in denied)
        lines.append(
            f"denied kept out {kept_out / len(denied):.3f}, recognised {known / len(denied):.3f} of {len(denied)}"
        )
    contexts = [set(row.get("context", ())) for row in rows]
    if any(contexts):
        lines.append("contexts " + _f1(contexts, [set(reading.context()) for reading in readings]))
    for id_ in sorted(set().union(*truth)):
        only = [{id_} & have for have in truth], [{id_} & have for have in found]
        lines.append(f"  {id_} {_f1(*only)}")
    return lines


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            if not isinstance(row["text"], str):
                raise TypeError
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise RowError(f'{file}:{number}: not a row {{"text": …}}') from error
        yield row


def _f1(truth: list[set[str]], found: list[set[str]]) -> str:
    hits = sum(len(one & other) for one, other in zip(truth, found, strict=True))
    wanted, given = sum(map(len, truth)), sum(map(len, found))
    f1 = 2 * hits / (wanted + given) if wanted + given else 1.0
    return f"F1 {f1:.3f} (precision {hits / max(given, 1):.3f}, recall {hits / max(wanted, 1):.3f}, {wanted} wanted)"


def _levels(truth: list[str], found: list[str]) -> list[str]:
    lines = [f"{len(truth)} messages"]
    for level in LEVELS:
        have = [other for one, other in zip(truth, found, strict=True) if one == level]
        if have:
            right = sum(other == level for other in have)
            under = sum(LEVELS.index(other) < LEVELS.index(level) for other in have)
            lines.append(
                f"  {level}: {right} of {len(have)} right, {under} too low, {len(have) - right - under} too high"
            )
    return lines
