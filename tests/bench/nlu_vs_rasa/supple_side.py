"""Supple's part: `train` makes the reader from an empty cache, `read IN OUT` reads the texts with it."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.model.talk import Finding
    from bot.understand.reader import Reader


def made() -> "Reader":
    """The reader as every command of Supple has it; trains it where the cache has none."""
    from bot.cli import start

    return start.reader(start.knowledge())


def read(texts: list[str], warm: int) -> dict[str, Any]:
    """What the reader finds in each text, and how long it took, in seconds."""
    began = time.perf_counter()
    reader = made()
    reader.read("hello")
    start = time.perf_counter() - began
    for text in texts[:warm]:
        reader.read(text)
    readings, seconds = [], []
    for text in texts:
        began = time.perf_counter()
        reading = reader.read(text)
        seconds.append(time.perf_counter() - began)
        found = [_entity("symptom", one) for one in reading.symptoms]
        found += [_entity("context", one) for one in reading.contexts]
        readings.append({"intent": reading.intent, "entities": found})
    return {"readings": readings, "seconds": seconds, "start": start}


def _entity(kind: str, finding: "Finding") -> dict[str, str | None]:
    """A finding in the shape of Rasa's entities: no role means present."""
    return {"entity": kind, "value": finding.id, "role": None if finding.status == "present" else finding.status}


def main() -> None:
    """One of the two commands."""
    command, *rest = sys.argv[1:]
    if command == "train":
        made()
        return
    texts = json.loads(Path(rest[0]).read_text("utf-8"))
    Path(rest[1]).write_text(json.dumps(read(texts["texts"], texts["warm"])), "utf-8")


if __name__ == "__main__":
    main()
