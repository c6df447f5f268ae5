"""Checks that every practice with steps has a drawing, and words for who does not see it."""

from collections.abc import Iterator
from pathlib import Path

from bot.content.documents import VOCABULARIES
from bot.content.files import DRAWINGS
from bot.content.load import Documents
from bot.content.problems import Problem


def check_drawings(documents: Documents, folder: Path = DRAWINGS) -> Iterator[Problem]:
    """Practices without a drawing can be shown all the same; words that promise one that is not there are a fault."""
    file, key, _ = VOCABULARIES["practice"]
    entries = documents[file][key]
    for name, practice in entries.items():
        drawn, told = (folder / f"{name}.svg").is_file(), bool(practice.get("drawing"))
        if told and not drawn:
            message = f'practice "{name}" tells of a drawing, but there is no {name}.svg in {folder}'
            yield Problem(file, practice.lines["drawing"], message)
        elif practice["steps"] and not told:
            where = "has no words in `drawing` for who does not see it" if drawn else "has no drawing"
            yield Problem(file, entries.lines[name], f'practice "{name}" {where}', warning=True)
