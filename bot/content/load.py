"""Loads all content: reads, checks, and gives it as plain data that a JSON file can keep."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.content.documents import (
    SAFETY,
    SOURCES,
    VOCABULARIES,
    SourceFile,
    danger_intents,
    fixed_files,
    nlu_file,
    nlu_files,
    phrases_file,
    screen_files,
    vocabulary_ids,
)
from bot.content.files import digest, find_root, list_files
from bot.content.problems import ContentError, Problem
from bot.model.language import INTENTS

if TYPE_CHECKING:
    from bot.content.nlu import Example

KEPT = 20
"""Checked contents that stay in the cache."""

Documents = dict[str, Any]
"""Parsed files by name, as plain data."""


def load(roots: Sequence[Path] = (), *, lang: str = "en", cache: Path | None = None) -> tuple[Documents, str]:
    """Checked documents and their digest; from the cache where this very content was checked before.

    Raises ContentError with every problem when anything is wrong.
    """
    files = list_files(roots or [find_root()])
    key = f"{lang}-{digest(files)}"
    kept = cache / f"content-{key}.json" if cache else None
    if kept and kept.is_file():
        return json.loads(kept.read_text("utf-8")), key
    documents, problems = examine(files, lang)
    errors = [problem for problem in problems if not problem.warning]
    if errors:
        raise ContentError(errors)
    for name in [*nlu_files(files, lang), *screen_files(files, lang)]:
        del documents[name]  # large, and needed for training only
    if cache and kept:
        write_whole(kept, json.dumps(documents, ensure_ascii=False))
        _forget_older(cache)
    return documents, key


def _forget_older(cache: Path) -> None:
    """Of content checked before only the newest stays, for sites with packs and a change or two that is taken back."""
    newest_first = sorted(cache.glob("content-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT:]:
        path.unlink(missing_ok=True)


def examine(files: dict[str, Path], lang: str = "en", *, today: date | None = None) -> tuple[Documents, list[Problem]]:
    """Read and check all files; what could be read, and every problem; help lines age until `today`."""
    # Only here are YAML and pydantic needed: an answer from cached content starts without them.
    from bot.content import crosscheck, shapes, strict_yaml

    expected = fixed_files(lang)
    texts = [*nlu_files(files, lang), *screen_files(files, lang)]
    documents: Documents = {}
    problems: list[Problem] = []
    for name in [*expected, nlu_file(lang)]:
        if name not in files:
            problems.append(Problem(name, 1, "the file is missing"))
    for name, path in files.items():
        kind = SourceFile if name.startswith(SOURCES) else expected.get(name)
        if kind is None and name not in texts:
            continue
        raw, faults = strict_yaml.read(path, name)
        problems.extend(faults)
        if raw is None:
            continue
        documents[name] = raw
        if kind is not None:
            shape_faults = shapes.check_shape(kind, raw, name)
            problems.extend(shape_faults)
    problems.extend(crosscheck.check_stubs(documents))
    if not problems:  # cross-checks walk the content and may rely on its shape
        problems.extend(crosscheck.check(documents, lang, today or date.today()))
    else:
        problems.extend(crosscheck.check_references(documents, lang))
    return documents, sorted(set(problems))


def load_examples(roots: Sequence[Path] = (), *, lang: str = "en") -> "list[Example]":
    """Training examples; raises ContentError when the files have faults."""
    return _load_texts(roots, lang, nlu_files)


def load_dangers(roots: Sequence[Path] = (), *, lang: str = "en") -> "list[Example]":
    """Examples from which the screen learns; their intent is the safety rules that must fire, joined by "+"."""
    return _load_texts(roots, lang, screen_files)


def _load_texts(roots: Sequence[Path], lang: str, choose: Callable[[Iterable[str], str], list[str]]) -> "list[Example]":
    from bot.content import strict_yaml
    from bot.content.nlu import read_examples

    files = list_files(roots or [find_root()])
    documents: Documents = {}
    problems: list[Problem] = []
    texts = choose(files, lang)
    for name in [*(file for file, _, _ in VOCABULARIES.values()), phrases_file(lang), SAFETY, *texts]:
        documents[name], faults = strict_yaml.read(files[name], name)
        problems.extend(faults)
    intents = danger_intents(documents) if choose is screen_files else INTENTS
    examples, faults = read_examples({name: documents[name] for name in texts}, vocabulary_ids(documents), intents)
    if problems or faults:
        raise ContentError([*problems, *faults])
    return examples


def write_whole(path: Path, text: str) -> None:
    """Write a file so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, "utf-8")
    part.replace(path)
