"""The networks of a language. They are kept beside the texts that taught them: to teach them takes a
quarter of an hour, for which nobody should wait before the first message.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.content.documents import nlu_files, screen_files
from bot.content.files import PACKAGE, digest, find_root, learned_folder, list_files
from bot.understand import kept
from bot.understand.network import Network

_PREFIX = "network-"
_CODE = tuple(f"understand/{name}.py" for name in ("backprop", "lessons", "network", "teaching"))


def load_networks(roots: Sequence[Path] = (), *, lang: str = "en") -> dict[str, Network]:
    """By what they hear; a later root's replaces an earlier's."""
    return {
        folder.name.removeprefix(_PREFIX): Network(kept.read(folder))
        for root in roots or [find_root()]
        for folder in _networks_in(root, lang)
    }


def write(root: Path, taught: Mapping[str, Mapping[str, Any]], *, lang: str = "en") -> list[Path]:
    """Keep what `teaching.teach` gave, with the digest of what taught it."""
    lessons = np.array(lessons_digest(root, lang=lang))
    written = []
    for name, arrays in taught.items():
        folder = learned_folder(root, lang) / f"{_PREFIX}{name}"
        kept.write(folder, {**arrays, "lessons": lessons})
        written.append(folder)
    return written


def behind(root: Path, *, lang: str = "en") -> list[Path]:
    """Networks that were taught from other texts, or by other code, than those of today."""
    today = lessons_digest(root, lang=lang)
    return [folder for folder in _networks_in(root, lang) if str(kept.read(folder).get("lessons")) != today]


def lessons_digest(root: Path, *, lang: str = "en") -> str:
    """Digest of the labelled texts, and of the code that teaches."""
    files = list_files([root])
    texts = {name: files[name] for name in (*nlu_files(files, lang), *screen_files(files, lang))}
    return digest(texts | {name: PACKAGE / name for name in _CODE})


def _networks_in(root: Path, lang: str) -> list[Path]:
    return sorted(learned_folder(root, lang).glob(f"{_PREFIX}*"))
