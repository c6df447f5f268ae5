"""Rows of labelled messages that are measured."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class RowError(Exception):
    """A row that cannot be measured."""


def read_rows(file: Path) -> Iterator[Row]:
    """Rows of a JSON lines file; raises RowError where one has no text."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            if not isinstance(row["text"], str):
                raise TypeError
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise RowError(f'{file}:{number}: not a row {{"text": …}}') from error
        yield row
