"""Checks that the anchors of every passage stand in the article, between the lines that it names."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.content.documents import OURS, VOCABULARIES, claim_files
from bot.content.problems import Problem

_FOLDS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
_SPACES = re.compile(r"\s+")


def check_anchors(documents: dict[str, Any], folder: Path) -> Iterator[Problem]:
    """Every anchor that is not where its passage says; and articles that are missing or not the same text."""
    articles: dict[str, list[str]] = {}
    for source, file in claim_files(documents).items():
        if file == OURS:
            continue
        meta = documents[file]["source"]
        path = folder / meta["file"]
        if not path.is_file():
            yield Problem(file, meta.lines["file"], f"no {meta['file']} in {folder}")
            continue
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() != meta["sha256"]:
            yield Problem(file, meta.lines["sha256"], f"{meta['file']} is not the text that the places were taken from")
        articles[source] = raw.decode("utf-8", "replace").splitlines()
    for file, passage, source in _passages(documents):
        if source in articles:
            yield from _check(file, passage, articles[source])


def _passages(documents: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """File, passage and source of everything that names a place."""
    for source, file in claim_files(documents).items():
        for claim in documents[file]["claims"].values():
            if claim.get("lines"):
                yield file, claim, source
    for file in (VOCABULARIES[name][0] for name in ("practice", "caution", "disagreement")):
        yield from ((file, passage, passage["source"]) for passage in _inside(documents[file]))


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if "anchors" in value and "source" in value:
            yield value
        for part in value.values():
            yield from _inside(part)
    elif isinstance(value, list):
        for part in value:
            yield from _inside(part)


def _check(file: str, passage: Any, article: list[str]) -> Iterator[Problem]:
    first, last = passage["lines"]
    if last > len(article):
        yield Problem(file, passage.lines["lines"], f"lines {first}-{last}, but the article has {len(article)}")
        return
    text = _fold(" ".join(article[first - 1 : last]))
    for anchor in passage["anchors"]:
        if _fold(anchor) not in text:
            yield Problem(file, passage.lines["anchors"], f'anchor "{anchor}" does not stand in lines {first}-{last}')


def _fold(text: str) -> str:
    return _SPACES.sub(" ", text.translate(_FOLDS)).strip().casefold()
