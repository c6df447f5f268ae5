"""The files of a language's networks. They are kept beside the texts that taught them: to teach them takes a
quarter of an hour, for which nobody should wait before the first message.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.content.documents import nlu_files, screen_files
from bot.content.files import digest, find_root, learned_folder, list_files
from bot.understand.network import Network, load


def load_networks(roots: Sequence[Path] = (), *, lang: str = "en") -> dict[str, Network]:
    """By what they hear; a later root's replaces an earlier's."""
    return {
        file.stem: load(file)
        for root in roots or [find_root()]
        for file in sorted(learned_folder(root, lang).glob("*.npz"))
    }


def write(root: Path, taught: Mapping[str, Mapping[str, Any]], *, lang: str = "en") -> list[Path]:
    """Keep what `teaching.teach` gave, with the digest of the texts."""
    texts = np.array(texts_digest(root, lang=lang))
    written = []
    for name, arrays in taught.items():
        file = learned_folder(root, lang) / f"{name}.npz"
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **arrays, texts=texts)  # to unpack them would cost the first answer a tenth of its time
        written.append(file)
    return written


def behind(root: Path, *, lang: str = "en") -> list[Path]:
    """Networks that were taught from other texts than those of today."""
    today = texts_digest(root, lang=lang)
    return [file for file in sorted(learned_folder(root, lang).glob("*.npz")) if _taught_from(file) != today]


def texts_digest(root: Path, *, lang: str = "en") -> str:
    """Digest of the labelled texts."""
    files = list_files([root])
    return digest({name: files[name] for name in (*nlu_files(files, lang), *screen_files(files, lang))})


def _taught_from(file: Path) -> str:
    with np.load(file, allow_pickle=False) as arrays:
        return str(arrays["texts"]) if "texts" in arrays else ""
