"""Supple's reader beside Rasa's DIET: `make bench-rasa`, or `python -m tests.bench.nlu_vs_rasa --quick`."""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.nlu_vs_rasa import score, sides
from tests.bench.nlu_vs_rasa.rasa_project import RASA, SETUPS, marked, nlu_files, plain, read_entries, write_project
from tests.bench.nlu_vs_rasa.score import Heard
from tests.bench.nlu_vs_rasa.sides import Told
from tests.rasa.environment import ROOT, rasa_python
from tests.rasa.processes import ProgramError

EPOCHS = 8
"""Passes of DIET over the examples. For 10,000 that is a quarter of an hour of CPU, and as many steps as 80 passes
over 1,000."""
QUICK = {"epochs": 6, "sample": 1000}
"""What `--quick` trains DIET with."""

Rows = list[dict[str, Any]]


def main() -> int:
    """Measure and print; 1 with one line where something cannot be measured."""
    asked = options()
    # Told to end, it ends what it started and removes its folder, as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        python = rasa_python()
        with tempfile.TemporaryDirectory(prefix="bench-rasa-") as home:
            compare(python, Path(home), asked)
    except ProgramError as error:
        print(f"bench-rasa: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="make bench-rasa BENCH_RASA=...", description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes of DIET over the examples (%(default)s)")
    parser.add_argument("--sample", type=int, help="train DIET on about so many examples instead of all")
    parser.add_argument(
        "--quick", action="store_true", help="to try it out: {epochs} epochs, {sample} examples".format(**QUICK)
    )
    parser.add_argument("--setup", choices=SETUPS, action="append", help="train only this one (both)")
    parser.add_argument("--minutes", type=float, default=90, help="the most that one training may take (%(default)s)")
    asked = parser.parse_args()
    if asked.quick:
        vars(asked).update(QUICK)
    return asked


def compare(python: Path, home: Path, asked: argparse.Namespace) -> None:
    """Train, read, score, and print the table."""
    nlu = nlu_files(RASA)
    kinds, files = marked(nlu), held_out(read_entries(nlu))
    texts = [row["text"] for rows in files.values() for row in rows]
    projects = {}
    for setup in asked.setup or SETUPS:
        examples = write_project(home / setup, nlu, setup, asked.epochs, asked.sample)
        projects[setup] = home / setup
        for warning in sides.validate(python, home / setup):
            print(f"  rasa data validate ({setup}): {warning}", flush=True)
    # One after the other: two trainings at once would measure each other.
    ours = sides.supple(home, texts, asked.minutes)
    theirs = {setup: sides.rasa(python, project, texts, asked.minutes) for setup, project in projects.items()}

    def heard(told: Told) -> list[Heard]:
        return [score.heard(reading, kinds) for reading in told.readings]

    labelled = [row.get("symptoms") for rows in files.values() for row in rows]
    reached = {setup: pooled(labelled, heard(told)) for setup, told in theirs.items()}
    best = max(reached, key=reached.__getitem__)
    print(f"\nDIET: {asked.epochs} epochs, {examples} examples. Supple: all examples. {len(texts)} texts read.")
    for setup, value in reached.items():
        print(f"  DIET ({setup}), symptoms F1 over all labelled messages {value:.3f}: {SETUPS[setup]}")
    print(f"The table has the better one, {best}.")
    if asked.sample:
        print("DIET has seen a part of the examples only: this run tries the benchmark out and compares nothing.")
    columns = [figures(files, told, heard(told)) for told in (ours, theirs[best])]
    print(f"\n| what | Supple | DIET ({best}) |\n|---|---|---|")
    for name, one in columns[0].items():
        print(f"| {name} | {one} | {columns[1][name]} |")


def held_out(entries: list[dict[str, str]]) -> dict[str, Rows]:
    """Messages to read, by file: labelled ones, ones with an intent, nonsense."""
    paths = [*sorted((ROOT / "tests/eval").glob("*.jsonl")), *sorted(Path(__file__).parent.glob("*.jsonl"))]
    files = {path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in paths}
    return {name: unseen(rows, entries) for name, rows in files.items()}


def unseen(rows: Rows, entries: list[dict[str, str]]) -> Rows:
    """The rows whose text is none of the examples: short ones ("hello there") may come to stand in both."""
    seen = {plain(line[2:]).lower() for entry in entries for line in entry["examples"].split("\n") if line}
    return [row for row in rows if row["text"].lower() not in seen]


def pooled(labelled: Sequence[list[str] | None], found: Sequence[Heard]) -> float:
    """Micro F1 of symptoms over all labelled messages."""
    pairs = [(wanted, one.symptoms) for wanted, one in zip(labelled, found, strict=True) if wanted is not None]
    return score.f1(*zip(*pairs, strict=True))[0]


def figures(files: dict[str, Rows], told: Told, found: Sequence[Heard]) -> dict[str, str]:
    """One column of the table."""
    column: dict[str, str] = {}
    wanted: list[str] = []
    given: list[Heard] = []
    first = 0
    for name, rows in files.items():
        part = found[first : (first := first + len(rows))]
        if name == "nonsense":
            column |= score.on_nonsense(part)
        if rows and "symptoms" in rows[0]:
            column |= {f"{name}: {what}": figure for what, figure in score.on_rows(rows, part).items()}
        for row, one in zip(rows, part, strict=True):
            if "intent" in row:
                wanted.append(row["intent"])
                given.append(one)
    column |= score.on_intents(wanted, given)
    return column | {
        "one message, p50 / p95, in process": score.pace(told.seconds),
        "training, wall / CPU": f"{told.training.wall:.0f} / {told.training.cpu:.0f} s",
        "training, most memory": f"{told.training.peak:.0f} MiB",
        "start to first message read": f"{told.start:.2f} s",
        "reading, most memory": f"{told.serving.peak:.0f} MiB",
    }


if __name__ == "__main__":
    sys.exit(main())
