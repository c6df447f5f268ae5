"""Finds the trained model for the present examples: beside them, or in the cache; and trains it, once, when there is
none.
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.content.documents import nlu_files, screen_files
from bot.content.files import PACKAGE, find_root, learned_folder, list_files
from bot.content.load import load_dangers, load_examples
from bot.knowledge import Knowledge
from bot.understand import kept
from bot.understand.model import Model
from bot.understand.networks import load_networks

_CODE = (
    "model/cues.py",
    "model/pattern.py",
    "content/nlu.py",
    *(
        f"understand/{name}.py"
        for name in (
            "assertion",
            "automaton",
            "classifier",
            "features",
            "fitting",
            "lessons",
            "lexicon",
            "matching",
            "message",
            "parsing",
            "screen",
            "space",
            "statuses",
            "tokens",
            "training",
            "typos",
            "vocabulary",
        )
    ),
)
_KEPT = 3
"""Models that stay in the cache; older ones go."""

Progress = Callable[[str], None]


def ensure_model(
    cache: Path | None,
    knowledge: Knowledge,
    roots: Sequence[Path] = (),
    *,
    lang: str = "en",
    progress: Progress = lambda _: None,
    force: bool = False,
) -> Model | None:
    """The model that is kept beside the texts, else the cache's; where there is none yet, it is trained into the cache
    first, under a lock. Without a cache none is. Raises OSError when it cannot be kept.
    """
    name = name_of(knowledge, roots, lang=lang)
    for root in () if force else roots or [find_root()]:
        if (beside := learned_folder(root, lang) / name).is_dir():
            return load(beside, roots, lang=lang)
    if cache is None:
        return None
    path = cache / name
    if force or not path.is_dir():
        _train(path, knowledge, roots, lang, progress, force)
    return load(path, roots, lang=lang)


def name_of(knowledge: Knowledge, roots: Sequence[Path] = (), *, lang: str = "en") -> str:
    """What the model of the present examples, word lists, cues and code is called."""
    files = list_files(roots or [find_root()])
    total = hashlib.sha256()
    for name in [*nlu_files(files, lang), *screen_files(files, lang)]:
        total.update(files[name].read_bytes())
    book = knowledge.phrases
    levels = [(r.id, r.level, r.lane, r.fires, r.silent, r.denied) for r in knowledge.safety.values()]
    for words in (book.places, book.signs, book.lists, knowledge.safety_lists, knowledge.assertion, levels):
        total.update(repr(words).encode())
    for name in _CODE:
        total.update((PACKAGE / name).read_bytes())
    return f"reader-{lang}-{total.hexdigest()[:24]}"


def _train(path: Path, knowledge: Knowledge, roots: Sequence[Path], lang: str, progress: Progress, force: bool) -> None:
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.parent / "train.lock")
    if not force:
        progress("preparing to read free text (once, six to eight minutes)")
    with lock:
        if path.is_dir() and not force:
            return  # another process trained it while this one waited
        from bot.understand import training

        dangers = load_dangers(roots, lang=lang)
        kept.write(path, training.train(load_examples(roots, lang=lang), dangers, knowledge, progress).arrays)
        _forget_old(path)


def keep(model: Model, knowledge: Knowledge, root: Path, *, lang: str = "en") -> Path:
    """Put the model beside the texts of this root, in the place of the one before."""
    path = learned_folder(root, lang) / name_of(knowledge, [root], lang=lang)
    kept.write(path, model.arrays)
    for old in _models_in(path.parent):
        if old != path:
            shutil.rmtree(old)
    return path


def behind(root: Path, knowledge: Knowledge, *, lang: str = "en") -> list[Path]:
    """Models beside the texts that were trained from other texts, word lists or code than those of today."""
    found = _models_in(learned_folder(root, lang))
    today = name_of(knowledge, [root], lang=lang) if found else ""
    return [path for path in found if path.name != today]


def load(path: Path, roots: Sequence[Path] = (), *, lang: str = "en") -> Model:
    """Read a saved model, and the networks beside the texts."""
    return Model(kept.read(path), load_networks(roots, lang=lang))


def _forget_old(path: Path) -> None:
    for old in sorted(_models_in(path.parent), key=lambda folder: folder.stat().st_mtime, reverse=True)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)


def _models_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("reader-*"))
