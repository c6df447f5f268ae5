"""Rows of labelled messages that are measured."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.model.words import LEVELS

Row = dict[str, Any]


class RowError(Exception):
    """A row that cannot be measured."""


def read_rows(file: Path) -> Iterator[Row]:
    """Rows of a JSON lines file; raises RowError where one has no text, and where there is none."""
    try:
        lines = file.read_text("utf-8").rstrip("\n").split("\n")  # a text may hold other line ends
    except UnicodeDecodeError as error:
        raise RowError(f"{file}: is not UTF-8") from error
    if lines == [""]:
        raise RowError(f"{file}: is empty")
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            if not isinstance(row["text"], str) or (row.get("level") or "none") not in LEVELS:
                raise TypeError
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RowError(
                f'{file}:{number}: not a row {{"text": …}}, or its level is none of {", ".join(LEVELS)}'
            ) from error
        yield row
