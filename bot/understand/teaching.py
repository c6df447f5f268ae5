"""Teaches the networks of a language: one hears what is mentioned and its status, the other what needs a person."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.content.nlu import Example
from bot.knowledge import Knowledge
from bot.understand.backprop import Marked, Sample, learn
from bot.understand.features import danger_labels
from bot.understand.lessons import is_harmless
from bot.understand.message import STRENGTH, Message
from bot.understand.network import packed, told_of
from bot.understand.parsing import Parser
from bot.understand.screen import Screen
from bot.understand.statuses import STATUSES
from bot.understand.training import lines_of, match_of, parse, words_of_texts

EPOCHS = {"mention": 7, "danger": 6}
"""Times each text is gone through."""

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
    found = {}
    for name, (samples, labels, with_status) in {
        "mention": mentions(pairs, parser),
        "danger": needs(pairs, parse(parser, [*dangers, *lines_of(knowledge)]), knowledge, parser),
    }.items():
        arrays = learn(
            samples,
            labels,
            with_status,
            len(STATUSES),
            epochs=EPOCHS[name],
            progress=partial(_say, progress, name),
        )
        found[name] = packed(arrays)
    return found


def _say(progress: Callable[[str], None], name: str, said: str) -> None:
    progress(f"{name}: {said}")


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
