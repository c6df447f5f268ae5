"""Files that are made from the content and committed beside it: schemas for editors, domain and rules for Rasa."""

from collections.abc import Iterator
from pathlib import Path

from bot.author import rasa
from bot.author.schemas import schemas
from bot.content.documents import vocabulary_ids
from bot.content.load import Documents
from bot.content.problems import Problem
from bot.knowledge import compile_documents

Made = dict[str, str]
"""Text of each file by its path below the content folder."""


def made_from(documents: Documents) -> Made:
    """All that is made from checked documents."""
    ids = {name: sorted(found) for name, found in vocabulary_ids(documents).items()}
    return dict([*schemas(ids), *rasa.files(compile_documents(documents, ""))])


def write(root: Path, made: Made) -> None:
    """Write those that are not up to date."""
    for problem in stale(root, made):
        path = root / problem.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[problem.file], "utf-8")


def stale(root: Path, made: Made) -> Iterator[Problem]:
    """A warning for each that the content has outgrown."""
    for name, text in made.items():
        path = root / name
        if not path.is_file() or path.read_text("utf-8") != text:
            yield Problem(name, 1, "not up to date; run: supple check --write-schemas", warning=True)
