"""Measures the screen on labelled messages: what `supple eval --safety` prints."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.author.forms import FORMS, IN_COMPANY
from bot.author.rows import Row, read_rows
from bot.model.talk import Reading
from bot.model.words import LEVELS, counted_level, hands_over
from bot.understand.reader import Reader

ONE_SIDED = 1.645
"""Deviations of a one-sided 95 % bound."""
ALARM = LEVELS.index("same_day")

Read = tuple[Row, Reading]


def report(reader: Reader, file: Path, *, misses: bool = False, forms: bool = False) -> list[str]:
    """Caught and missed danger, and false alarms, by part of the file, with one-sided 95 % bounds (Wilson); every miss,
    and the same texts in other forms and in company, where wanted.
    """
    read = [(row, reader.read(row["text"])) for row in read_rows(file)]
    dangers, harmless = _sides(read)
    lines = [f"{len(read)} messages"]
    for part, of in _parts(dangers).items():
        fired, caught = sum(map(_fires, of)), sum(_fires(one) or _asked(one) for one in of)
        lines.append(f"  {part}: caught {_at_least(caught, len(of))}; fires outright {_at_least(fired, len(of))}")
    for part, of in _parts(harmless).items():
        alarms = sum(_level(one) >= ALARM for one in of)
        first = sum(_level(one) == LEVELS.index("clinician_first") for one in of)
        asked = sum(_asked(one) and _level(one) < ALARM for one in of)
        lines.append(
            f"  {part}: same_day or above {_at_most(alarms, len(of))}; asked about {_at_most(asked, len(of))}; "
            f"clinician_first {_at_most(first, len(of))}"
        )
    said: dict[str, Callable[[str], str]] = {"as they are": str, **FORMS, **IN_COMPANY}
    lines += [f"  {name}: {_in_form(reader, read, form)}" for name, form in said.items() if forms]
    return lines + (list(_misses(read)) if misses else [])


def _sides(read: Sequence[Read]) -> tuple[list[Read], list[Read]]:
    """Those of danger, and the harmless."""
    least = LEVELS.index("clinician_first")
    return [one for one in read if _wanted(one) >= least], [one for one in read if _wanted(one) < least]


def _in_form(reader: Reader, read: Sequence[Read], form: Callable[[str], str]) -> str:
    """What is caught of danger for today or at once, and false alarms, when the texts are said this way."""
    dangers, harmless = _sides([(row, reader.read(form(row["text"]))) for row, _ in read])
    grave = [one for one in dangers if _wanted(one) >= ALARM]
    counts = {
        "caught": (grave, lambda one: _fires(one) or _asked(one)),
        "fires outright": (grave, _fires),
        "harmless same_day or above": (harmless, lambda one: _level(one) >= ALARM),
        "asked about": (harmless, lambda one: _asked(one) and _level(one) < ALARM),
    }
    return "; ".join(
        f"{name} {100 * sum(map(counted, of)) / max(len(of), 1):.1f} %" for name, (of, counted) in counts.items()
    )


def _parts(read: Sequence[Read]) -> dict[str, list[Read]]:
    """By part of the file and level."""
    parts: dict[str, list[Read]] = {}
    for row, reading in read:
        name = ", ".join(filter(None, (row.get("part"), row.get("level") or "none")))
        parts.setdefault(name, []).append((row, reading))
    return parts


def _wanted(one: Read) -> int:
    return LEVELS.index(one[0].get("level") or "none")


def _level(one: Read) -> int:
    """The level at which the talk acts at once: what is past is only asked about."""
    counted = [counted_level(f.level, f.status) for f in one[1].safety if f.status != "past"]
    return max(map(LEVELS.index, counted), default=0)


def _fires(one: Read) -> bool:
    return _level(one) >= _wanted(one)


def _asked(one: Read) -> bool:
    return any(f.status == "uncertain" or (f.status == "past" and hands_over(f.level)) for f in one[1].safety)


def _misses(read: Sequence[Read]) -> Iterator[str]:
    for one in read:
        row, reading = one
        found = "; ".join(f"{f.id} {f.status} ({f.via})" for f in reading.safety) or "nothing"
        if _fires(one) and _wanted(one) >= LEVELS.index("clinician_first"):
            continue
        if _wanted(one) >= LEVELS.index("clinician_first"):
            yield f"{'asked' if _asked(one) else 'missed'} {row['level']} {row.get('rules', '')}: {row['text']}"
            yield f"   heard {found}"
        elif _level(one) >= LEVELS.index("clinician_first") or _asked(one):
            yield f"alarm {reading.level}: {row['text']}"
            yield f"   heard {found}"


def _at_least(count: int, of: int) -> str:
    return f"{count} of {of} ({100 * count / of:.1f} %, at least {100 * _bound(count, of, -1):.1f})"


def _at_most(count: int, of: int) -> str:
    return f"{count} of {of} ({100 * count / of:.1f} %, at most {100 * _bound(count, of, 1):.1f})"


def _bound(count: int, of: int, side: int) -> float:
    z, p = ONE_SIDED, count / of
    half = z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return float((p + z * z / (2 * of) + side * half) / (1 + z * z / of))
