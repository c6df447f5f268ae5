"""Where content stands: which files there are, in a checkout or an installed wheel, and their digest."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
DRAWINGS = PACKAGE / "web" / "static" / "drawings"
"""One line drawing for each practice that has steps, named by its id."""
LANG = "en"

SCHEMA_FOLDER = "schema"


class NoContentError(Exception):
    """Neither the wheel's copy of the content nor a checkout's folders are there."""


def find_root() -> Path:
    """The folder that holds rules/ and data/: inside the package when installed, beside it in a checkout."""
    for root in (PACKAGE / "_content", PACKAGE.parent):
        if (root / "rules").is_dir() and (root / "data").is_dir():
            return root
    raise NoContentError(f"no rules/ and data/ in {PACKAGE / '_content'} nor in {PACKAGE.parent}")


def list_files(roots: Sequence[Path]) -> dict[str, Path]:
    """Content files by path below their root, sorted; a later root's file replaces an earlier's."""
    files: dict[str, Path] = {}
    for root in roots:
        for folder in ("rules", "data"):
            for path in sorted((root / folder).rglob("*.yml")):
                files[path.relative_to(root).as_posix()] = path
    return dict(sorted(files.items()))


def learned_folder(root: Path, lang: str) -> Path:
    """Where what was learned from the texts of a root is kept beside them."""
    return root / "data" / lang / "learned"


def digest(files: dict[str, Path]) -> str:
    """Digest of names and bytes of these files: same digest, same content."""
    total = hashlib.sha256()
    for name, path in files.items():
        raw = path.read_bytes()
        total.update(f"{name}\0{len(raw)}\0".encode())
        total.update(raw)
    return total.hexdigest()[:24]


def cache_folder() -> Path:
    """Where compiled knowledge and trained models are kept: SUPPLE_CACHE, or the user's cache folder."""
    if named := os.environ.get("SUPPLE_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "supple"
