"""Finds the trained model for the present examples, and trains it, once, when there is none."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.content.documents import nlu_files
from bot.content.files import PACKAGE, find_root, list_files
from bot.content.load import load_examples
from bot.knowledge import Knowledge
from bot.understand import classifier
from bot.understand.classifier import Classifier

_CODE = (
    "model/pattern.py",
    "content/nlu.py",
    *(
        f"understand/{name}.py"
        for name in (
            "assertion",
            "automaton",
            "features",
            "lexicon",
            "matching",
            "statuses",
            "tokens",
            "training",
            "typos",
        )
    ),
)
_KEPT = 3
"""Models that stay in the cache; older ones go."""

Progress = Callable[[str], None]


def model_path(cache: Path, knowledge: Knowledge, roots: Sequence[Path] = (), *, lang: str = "en") -> Path:
    """Where the model of the present examples, word lists, cues and code stands, or would stand."""
    files = list_files(roots or [find_root()])
    total = hashlib.sha256()
    for name in nlu_files(files, lang):
        total.update(files[name].read_bytes())
    book = knowledge.phrases
    for words in (book.places, book.signs, book.lists, knowledge.assertion):
        total.update(repr(words).encode())
    for name in _CODE:
        total.update((PACKAGE / name).read_bytes())
    return cache / f"reader-{lang}-{total.hexdigest()[:24]}"


def ensure_model(
    cache: Path,
    knowledge: Knowledge,
    roots: Sequence[Path] = (),
    *,
    lang: str = "en",
    progress: Progress = lambda _: None,
    force: bool = False,
) -> Classifier:
    """The model; trained first, under a lock, where there is none yet. Raises OSError when it cannot be kept."""
    path = model_path(cache, knowledge, roots, lang=lang)
    if force or not classifier.is_saved(path):
        _train(path, knowledge, roots, lang, progress, force)
    return classifier.load(path)


def _train(path: Path, knowledge: Knowledge, roots: Sequence[Path], lang: str, progress: Progress, force: bool) -> None:
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.parent / "train.lock")
    if lock.lock_counter == 0 and not force:
        progress("preparing to read free text (once, one to two minutes)")
    with lock:
        if classifier.is_saved(path) and not force:
            return  # another process trained it while this one waited
        from bot.understand import training

        meta, arrays = training.train(load_examples(roots, lang=lang), knowledge, progress)
        classifier.save(meta, arrays, path)
        _forget_old(path)


def _forget_old(path: Path) -> None:
    models = sorted(path.parent.glob("reader-*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in models[_KEPT:]:
        old.unlink(missing_ok=True)
        old.with_suffix(".npz").unlink(missing_ok=True)
