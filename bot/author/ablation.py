"""Readers with a part left out, each trained anew, to see what the part is worth."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.content.nlu import Example
from bot.knowledge import Knowledge
from bot.model.language import Patterns
from bot.understand import lessons, space, training
from bot.understand.classifier import Classifier
from bot.understand.model import Model
from bot.understand.networks import load_networks
from bot.understand.reader import Reader

NEVER = 10**9
"""Stretches in which an n-gram must occur where none shall count."""


def variants(
    knowledge: Knowledge, examples: Sequence[Example], progress: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[str, Reader]]:
    """Name and reader, one after the other; each is trained when it is asked for. Only "everything" has the networks:
    without them it shows better what the other parts are worth.
    """

    def train() -> Model:
        return training.train(examples, (), knowledge, progress)

    yield "phrases and cues only", Reader(knowledge, None)
    whole = train()
    yield "everything", Reader(knowledge, Model(whole.arrays, load_networks()))
    yield "without networks", Reader(knowledge, whole)
    yield "classifiers only", Reader(_without_phrases(knowledge), whole)
    for name, least in (
        ("words only", {"char": NEVER, "tag": NEVER}),
        ("words and letters", {"tag": NEVER}),
        ("words and word lists", {"char": NEVER}),
    ):
        with _set(space, LEAST=space.LEAST | least):
            yield name, Reader(knowledge, train())
    stretches = lessons.stretches_of
    with _set(training, stretches_of=lambda *given: islice(stretches(*given), 1)):
        model = train()
    with _set(Classifier, scores=_whole_only(Classifier.scores)):
        yield "without segments", Reader(knowledge, model)


def _without_phrases(knowledge: Knowledge) -> Knowledge:
    book = knowledge.phrases
    silent = replace(
        book,
        symptoms=dict.fromkeys(book.symptoms, Patterns()),
        contexts=dict.fromkeys(book.contexts, Patterns()),
    )
    return replace(knowledge, phrases=silent)


def _whole_only(scores: Callable[..., Any]) -> Callable[..., Any]:
    def of_whole(self: Classifier, words: Any) -> Any:
        found = scores(self, [word._replace(segment=0) for word in words])
        return replace(found, segments=found.whole[None, :], starts=(0,))

    return of_whole


@contextmanager
def _set(owner: Any, **values: Any) -> Iterator[None]:
    """Set attributes for a while."""
    before = {name: getattr(owner, name) for name in values}
    for name, value in values.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)
