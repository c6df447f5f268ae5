"""How what is learned is kept: a folder of arrays, a file each. Processes that read it share its memory."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def write(folder: Path, arrays: Mapping[str, Any]) -> None:
    """Write the folder whole, in the place of one that may be there."""
    part = folder.with_name(f"part-{folder.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(part / f"{name}.npy", array, allow_pickle=False)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def read(folder: Path) -> dict[str, Any]:
    """The arrays by name; of them, only what is used comes into memory."""
    return {file.stem: np.asarray(np.load(file, mmap_mode="r")) for file in sorted(folder.glob("*.npy"))}
