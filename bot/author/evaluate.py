"""Measures the reader on labelled messages: what `supple eval` prints."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.author.forms import FORMS
from bot.author.rows import Row, read_rows
from bot.model.talk import Reading
from bot.understand.reader import Reader

SEED = 11
RESAMPLES = 1000
"""Times the messages are drawn anew for an interval."""

Rows = Sequence[Row]


def report(reader: Reader, file: Path, *, misses: bool = False, forms: bool = False) -> list[str]:
    """Figures as lines of text, with 95 % intervals; every miss, and the same text in other forms, where wanted."""
    rows = list(read_rows(file))
    readings = [reader.read(row["text"]) for row in rows]
    lines = [
        f"{len(rows)} messages",
        *_table(rows, readings),
        *_by_symptom(rows, readings),
        *_reliability(rows, readings),
    ]
    if forms:
        before = micro_f1(_counts(rows, readings))
        for name, change in FORMS.items():
            changed = [reader.read(change(row["text"])) for row in rows]
            lost = before - micro_f1(_counts(rows, changed))
            lines.append(f"  {name}: F1 lost {100 * lost:.1f} points")
    if misses:
        lines += _misses(rows, readings)
    return lines


def micro_f1(counts: Sequence[tuple[int, int, int]]) -> float:
    """F1 of (hits, wanted, given) summed over messages; 1 where nothing is wanted or given."""
    hits, wanted, given = np.array(counts).sum(axis=0)
    return float(2 * hits / (wanted + given)) if wanted + given else 1.0


def share(count: int, of: int) -> str:
    """A share with Wilson's 95 % interval."""
    if not of:
        return "none"
    z = 1.96
    p = count / of
    middle, half = p + z * z / (2 * of), z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * half) / (1 + z * z / of) for sign in (-1, 1))
    return f"{p:.3f} [{low:.3f}, {high:.3f}] ({count} of {of})"


def _counts(
    rows: Rows,
    readings: Sequence[Reading],
    key: str = "symptoms",
    found: Callable[[Reading], Iterable[str]] = Reading.present,
) -> list[tuple[int, int, int]]:
    """By message: hits, wanted, given."""
    pairs = [(set(row.get(key, ())), set(found(one))) for row, one in zip(rows, readings, strict=True)]
    return [(len(wanted & given), len(wanted), len(given)) for wanted, given in pairs]


def _f1(counts: Sequence[tuple[int, int, int]]) -> str:
    """F1 with an interval from messages drawn anew, precision and recall."""
    table = np.array(counts)
    drawn = np.random.default_rng(SEED).integers(0, len(table), (RESAMPLES, len(table)))
    hits, wanted, given = table[drawn].sum(axis=1).T
    low, high = np.quantile(2 * hits / np.maximum(wanted + given, 1), (0.025, 0.975))
    hits, wanted, given = table.sum(axis=0)
    figures = f"precision {hits / max(given, 1):.3f}, recall {hits / max(wanted, 1):.3f}, {wanted} wanted"
    return f"F1 {micro_f1(counts):.3f} [{low:.3f}, {high:.3f}] ({figures})"


def _table(rows: Rows, readings: Sequence[Reading]) -> Iterator[str]:
    pairs = list(zip(rows, readings, strict=True))
    yield "symptoms " + _f1(_counts(rows, readings))
    exact = [set(row.get("symptoms", ())) == set(one.present()) for row, one in pairs if row.get("symptoms")]
    yield "exact set, where there are symptoms " + share(sum(exact), len(exact))
    everywhere = sum(set(row.get("symptoms", ())) == set(one.present()) for row, one in pairs)
    yield "exact set, all messages " + share(everywhere, len(rows))
    none = [bool(one.present()) for row, one in pairs if not row.get("symptoms")]
    yield "a symptom where none is felt " + share(sum(none), len(none))
    denied = [(row, id_, one) for row, one in pairs for id_ in row.get("denied", ())]
    if denied:
        yield "not felt now, kept out " + share(sum(id_ not in one.present() for _, id_, one in denied), len(denied))
        known = sum(any(f.id == id_ and f.status != "present" for f in one.symptoms) for _, id_, one in denied)
        yield "not felt now, recognised " + share(known, len(denied))
    told = [(row["status"][id_], id_, one) for row, id_, one in denied if id_ in row.get("status", {})]
    for status in dict.fromkeys(status for status, _, _ in told):
        of = [(id_, one) for have, id_, one in told if have == status]
        right = sum(any(f.id == id_ and f.status == status for f in one.symptoms) for id_, one in of)
        yield f"  said to be {status}, heard as such " + share(right, len(of))
    if any(row.get("context") for row in rows):
        yield "contexts " + _f1(_counts(rows, readings, "context", Reading.context))
    named = [area in {item.area for item in one.uncovered} for row, one in pairs for area in row.get("areas", ())]
    if named:
        yield "uncovered areas named " + share(sum(named), len(named))


def _by_symptom(rows: Rows, readings: Sequence[Reading]) -> Iterator[str]:
    pairs = [(set(row.get("symptoms", ())), set(one.present())) for row, one in zip(rows, readings, strict=True)]
    for id_ in sorted(set().union(*(wanted for wanted, _ in pairs))):
        counts = [(id_ in wanted and id_ in given, id_ in wanted, id_ in given) for wanted, given in pairs]
        hits, wanted, given = (sum(part) for part in zip(*counts, strict=True))
        f1 = micro_f1([(hits, wanted, given)])
        yield f"  {id_} F1 {f1:.2f} ({hits} of {wanted} found, {given - hits} too many)"


def _reliability(rows: Rows, readings: Sequence[Reading]) -> Iterator[str]:
    """Of what the classifier found with some confidence: how much was mentioned indeed."""
    found: Counter[int] = Counter()
    right: Counter[int] = Counter()
    gap = 0.0
    for row, one in zip(rows, readings, strict=True):
        mentioned = {*row.get("symptoms", ()), *row.get("denied", ())}
        for finding in one.symptoms:
            if finding.via == "classifier":
                step = min(int(finding.confidence * 10), 9)
                found[step] += 1
                right[step] += finding.id in mentioned
                gap += finding.confidence - (finding.id in mentioned)
    for step in sorted(found):
        yield f"  classifier at {step / 10:.1f}-{(step + 1) / 10:.1f}: {right[step]} of {found[step]} mentioned"
    if found:
        yield f"  mean confidence less share mentioned: {gap / found.total():+.3f}"


def _misses(rows: Rows, readings: Sequence[Reading]) -> Iterator[str]:
    for row, one in zip(rows, readings, strict=True):
        wanted, given = set(row.get("symptoms", ())), set(one.present())
        if wanted != given:
            yield f"miss: {row['text']}"
            yield f"   missing {sorted(wanted - given)}, too many {sorted(given - wanted)}"
            heard = [f"{f.id} {f.status} ({f.via} {f.confidence:.2f})" for f in one.symptoms]
            yield f"   heard {'; '.join(heard) or 'nothing'}"
