"""Teaches the networks of a language: one hears what is mentioned and its status, the other what needs a person."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from bot.content.nlu import Example
from bot.knowledge import Knowledge
from bot.understand.backprop import SEED, as_they_are, learn
from bot.understand.features import danger_labels
from bot.understand.lessons import Marked, Sample, is_harmless
from bot.understand.message import STRENGTH, Message
from bot.understand.network import STOP, Told, packed, told_of
from bot.understand.parsing import Parser
from bot.understand.screen import Screen
from bot.understand.statuses import STATUSES
from bot.understand.training import lines_of, match_of, parse, words_of_texts

EPOCHS = {"mention": 7, "danger": 7}
"""Times each text is gone through."""

IN_COMPANY = 0.5
"""Share of the texts that the network of danger meets beside one of no danger, anew each time they are gone through:
what is grave must not drown in a complaint.
"""
MARKS = (".", ".", ".", ".", ",", "")
"""What stands between the two, each as likely; and as often a word that joins."""

Pairs = Sequence[tuple[Message, Example]]


def teach(
    examples: Sequence[Example],
    dangers: Sequence[Example],
    knowledge: Knowledge,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, dict[str, Any]]:
    """The packed arrays of each network."""
    progress(f"reading {len(examples) + len(dangers)} examples")
    parser = Parser(knowledge, *words_of_texts(examples, dangers))
    pairs = parse(parser, examples)
    grave = parse(parser, [*dangers, *lines_of(knowledge)])
    found = {}
    for name, lessons, varied in (
        ("mention", mentions(pairs, parser), as_they_are),
        ("danger", needs(pairs, grave, knowledge, parser), partial(in_company, join=knowledge.assertion.joins[0])),
    ):
        said = partial(_say, progress, name)
        found[name] = packed(learn(*lessons, len(STATUSES), epochs=EPOCHS[name], varied=varied, progress=said))
    return found


def _say(progress: Callable[[str], None], name: str, said: str) -> None:
    progress(f"{name}: {said}")


def in_company(samples: Sequence[Sample], epoch: int, *, join: str) -> list[Sample]:
    """The samples of an epoch, some of them before or behind one of no danger."""
    chance = np.random.default_rng((SEED, epoch, len(samples)))
    harmless = [sample for sample in samples if not sample.others]
    marks = [[Told(mark, (STOP,))] if mark else [] for mark in (*MARKS, join)]
    chosen = chance.random(len(samples)) < IN_COMPANY
    return [
        _beside(sample, harmless, marks, chance) if beside else sample
        for sample, beside in zip(samples, chosen.tolist(), strict=True)
    ]


def _beside(
    sample: Sample, harmless: Sequence[Sample], marks: Sequence[Sequence[Told]], chance: np.random.Generator
) -> Sample:
    other, mark = harmless[int(chance.integers(len(harmless)))], marks[int(chance.integers(len(marks)))]
    first, second = (sample, other) if chance.random() < 0.5 else (other, sample)
    return Sample([*first.told, *mark, *second.told], others=sample.others)


def mentions(pairs: Pairs, parser: Parser) -> tuple[list[Sample], list[str], int]:
    """What is mentioned, and with which status; the labels; and how many of them have one."""
    labels = sorted({f"{entity.kind}/{entity.id}" for _, example in pairs for entity in example.entities})
    columns = {label: column for column, label in enumerate(labels)}
    return (
        [Sample(told_of(message, parser.assertions), _marked(message, example, columns)) for message, example in pairs],
        labels,
        len(labels),
    )


def _marked(message: Message, example: Example, columns: dict[str, int]) -> dict[int, Marked]:
    """By label its mention; of several, the one that counts most."""
    marked: dict[int, Marked] = {}
    for entity in example.entities:
        column, status = columns[f"{entity.kind}/{entity.id}"], entity.role or "present"
        if column in marked and STRENGTH.index(STATUSES[marked[column].status]) <= STRENGTH.index(status):
            continue
        match = match_of(entity, message) if message.raw == example.text else None
        place = (match.first, match.last) if match else ()
        marked[column] = Marked(STATUSES.index(status), *place)
    return marked


def needs(pairs: Pairs, dangers: Pairs, knowledge: Knowledge, parser: Parser) -> tuple[list[Sample], list[str], int]:
    """What needs a person, how soon and by which rule: of the texts written for it, and of what is of no danger."""
    screen, rules = Screen(knowledge, parser.assertions), knowledge.safety
    reached = [danger_labels(rules[id_] for id_ in example.intent.split("+") if id_ in rules) for _, example in dangers]
    labels = sorted(set().union(*reached))
    columns = {label: column for column, label in enumerate(labels)}
    samples = [Sample(told_of(message, parser.assertions)) for message, _ in pairs if is_harmless(message, screen)]
    samples += [
        Sample(told_of(message, parser.assertions), others=[columns[label] for label in sorted(own)])
        for (message, _), own in zip(dangers, reached, strict=True)
    ]
    return samples, labels, 0
