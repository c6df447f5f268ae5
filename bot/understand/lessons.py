"""What is learned from which text: whole texts and segments, with the labels that they have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from bot.content.nlu import Entity, Example
from bot.knowledge import Knowledge
from bot.understand.features import HEARD, Word, danger_labels, words_of
from bot.understand.message import Message
from bot.understand.network import Told
from bot.understand.screen import Screen

Lesson = Literal["mention", "intent", "danger"]
LESSONS: tuple[Lesson, ...] = get_args(Lesson)
"""What is learned: what a stretch mentions, what a message is for, and what needs a person."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text, or one segment of it, with the labels it has."""

    words: Sequence[Word]
    labels: frozenset[str]
    lessons: frozenset[Lesson]
    """What of it is known, and so can be learned."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A label that a text mentions."""

    status: int
    first: int = 0
    last: int = -1
    """The words that mention it; none where the last lies before the first."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, and what is known of it."""

    told: Sequence[Told]
    marked: Mapping[int, Marked] = field(default_factory=dict)
    """By label that can have a status."""
    others: Sequence[int] = ()
    """Further labels it has."""


def lesson_of(label: str) -> Lesson:
    """With which lesson a label is learned."""
    match label.partition("/")[0]:
        case "intent":
            return "intent"
        case "danger" | "rule":
            return "danger"
        case _:
            return "mention"


def dangers_of(dangers: Iterable[tuple[Message, Example]], knowledge: Knowledge) -> Iterator[Stretch]:
    """Whole texts, with the safety rules and levels that they reach."""
    rules = knowledge.safety
    for message, example in dangers:
        fired = [rules[id_] for id_ in example.intent.split("+") if id_ in rules]
        yield Stretch(words_of(message), danger_labels(fired), frozenset({"danger"}))


def labels_of(example: Example) -> frozenset[str]:
    """Labels of an example: its intent, and what it mentions, whatever the status; that is decided on later."""
    return frozenset({f"intent/{example.intent}"} | {f"{entity.kind}/{entity.id}" for entity in example.entities})


def stretches_of(message: Message, example: Example, screen: Screen) -> Iterator[Stretch]:
    """The whole text, which is of no danger unless the screen finds some; and its segments, where there are several,
    with the labels that are marked there.
    """
    words = words_of(message)
    harmless: frozenset[Lesson] = frozenset({"danger"}) if is_harmless(message, screen) else frozenset()
    yield Stretch(words, labels_of(example), harmless | {"mention", "intent"})
    numbers = list(dict.fromkeys(word.segment for word in words))
    if len(numbers) < 2 or message.raw != example.text:
        return
    for number in numbers:
        own = [word for word in words if word.segment == number]
        start, end = message.tokens[own[0].token].start, message.tokens[own[-1].token].end
        marked = {f"{entity.kind}/{entity.id}" for entity in example.entities if _lies_in(entity, start, end)}
        yield Stretch(own, frozenset(marked), frozenset({"mention"}))


def is_harmless(message: Message, screen: Screen) -> bool:
    """Whether the rules find no sign of danger."""
    return not any(sign.level in HEARD and sign.lane != "scope" for sign in screen.find(message, accompanied=False))


def _lies_in(entity: Entity, start: int, end: int) -> bool:
    """Whether half of the mark, or of the segment, is shared."""
    shared = min(end, entity.end) - max(start, entity.start)
    return shared > 0 and shared >= 0.5 * min(entity.end - entity.start, end - start)
