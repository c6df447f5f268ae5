"""Figures of what one side found in the messages."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NOTHING = {"unclear", "out_of_scope", "nlu_fallback"}
"""Intents with which nothing is done; `nlu_fallback` is Rasa's `unclear`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found in one message."""

    intent: str
    """What it wants."""
    symptoms: frozenset[str]
    """Ids felt now."""
    contexts: frozenset[str]
    """Ids that hold now."""
    absent: frozenset[str]
    """Ids mentioned as not felt now: denied, past, another's, imagined, uncertain."""


def heard(reading: Mapping[str, Any], kinds: Mapping[str, str]) -> Heard:
    """A reading of either side; `kinds` tells of each id whether it is a symptom or a context.

    The id is the entity's value or its name. What leads to no id is passed over, since nobody could act on it.
    """
    present, absent = set(), set()
    for entity in reading["entities"]:
        id_ = entity["entity"] if entity["entity"] in kinds else entity["value"]
        if id_ in kinds:
            (absent if entity["role"] else present).add(id_)
    return Heard(
        reading["intent"],
        frozenset(id_ for id_ in present if kinds[id_] == "symptom"),
        frozenset(id_ for id_ in present if kinds[id_] == "context"),
        frozenset(absent - present),
    )


def on_rows(rows: Sequence[Mapping[str, Any]], found: Sequence[Heard]) -> dict[str, str]:
    """Figures on labelled messages, by name."""
    symptoms = [set(row["symptoms"]) for row in rows]
    denied = [(id_, one) for row, one in zip(rows, found, strict=True) for id_ in row.get("denied", ())]
    without = [one for wanted, one in zip(symptoms, found, strict=True) if not wanted]
    exact = sum(wanted == one.symptoms for wanted, one in zip(symptoms, found, strict=True))
    return {
        "symptoms present, micro F1 (precision, recall)": f1_text(symptoms, [one.symptoms for one in found]),
        "exactly the right symptoms": share(exact, len(rows)),
        "contexts, micro F1 (precision, recall)": f1_text(
            [set(row.get("context", ())) for row in rows], [one.contexts for one in found]
        ),
        "denied symptoms kept out": share(sum(id_ not in one.symptoms for id_, one in denied), len(denied)),
        "denied symptoms heard as such": share(sum(id_ in one.absent for id_, one in denied), len(denied)),
        "false: a symptom where none is felt": share(sum(bool(one.symptoms) for one in without), len(without)),
    }


def on_nonsense(found: Sequence[Heard]) -> dict[str, str]:
    """Figures on lines that say nothing."""
    return {
        "false: a symptom or context in nonsense": share(
            sum(bool(one.symptoms or one.contexts) for one in found), len(found)
        ),
        "false: nonsense given an intent to act on": share(sum(one.intent not in NOTHING for one in found), len(found)),
    }


def on_intents(wanted: Sequence[str], found: Sequence[Heard]) -> dict[str, str]:
    """The share of messages whose intent is right."""
    right = sum(one.intent == intent for intent, one in zip(wanted, found, strict=True))
    return {"intents right": share(right, len(wanted))}


def pace(seconds: Sequence[float]) -> str:
    """p50 and p95 of a message, in ms."""
    return f"{statistics.median(seconds) * 1e3:.2f} / {statistics.quantiles(seconds, n=20)[-1] * 1e3:.2f} ms"


def f1(truth: Iterable[Iterable[str]], found: Iterable[Iterable[str]]) -> tuple[float, float, float]:
    """Micro F1, precision and recall."""
    pairs = [(set(one), set(other)) for one, other in zip(truth, found, strict=True)]
    hits = sum(len(one & other) for one, other in pairs)
    wanted, given = sum(len(one) for one, _ in pairs), sum(len(other) for _, other in pairs)
    return (
        2 * hits / (wanted + given) if wanted + given else 1.0,
        hits / given if given else 1.0,
        hits / wanted if wanted else 1.0,
    )


def f1_text(truth: Iterable[Iterable[str]], found: Iterable[Iterable[str]]) -> str:
    """The same in words."""
    return "{:.3f} ({:.3f}, {:.3f})".format(*f1(truth, found))


def share(part: int, whole: int) -> str:
    """So many of so many."""
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none to measure"
