"""Trains the classifiers on the examples, and exports their arrays."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress
from typing import Any

import numpy as np

from bot.content.documents import NO_DANGER
from bot.content.nlu import Entity, Example
from bot.knowledge import Knowledge
from bot.understand.assertion import Assertions
from bot.understand.classifier import Classifier
from bot.understand.features import words_of
from bot.understand.fitting import LIBRARY, fit, fit_statuses
from bot.understand.lessons import dangers_of, stretches_of
from bot.understand.matching import Match
from bot.understand.message import Message
from bot.understand.model import Model, classifier_of
from bot.understand.parsing import Parser
from bot.understand.screen import Screen
from bot.understand.space import Space, table
from bot.understand.statuses import Scene
from bot.understand.tokens import clean, tokenize
from bot.understand.vocabulary import numbered

LEAST_STATUS = 4
"""Mentions at which a feature of the status must occur."""
_MARKS = re.compile(r"[.,;:!?()\"–—…]")
KNOWN = 2
"""Times a word must occur in the examples to count as spelled right."""
SLIGHT = 0.2
"""Log odds below which a feature of the status is left out: most are, and the rest decides no worse."""
COMMON = 12
"""Times from which a word is common enough to be what a slip was meant to be."""

Progress = Callable[[str], None]


def train(
    examples: Sequence[Example],
    dangers: Sequence[Example],
    knowledge: Knowledge,
    progress: Progress = lambda _: None,
) -> Model:
    """Train on examples, and on texts with the safety rules that they must fire as intents. Same texts, words and
    library version, same result.
    """
    progress(f"reading {len(examples) + len(dangers)} examples")
    known, common = words_of_texts(examples, dangers)
    parser = Parser(knowledge, known, common)
    pairs = parse(parser, examples)
    screen = Screen(knowledge, parser.assertions)
    stretches = [stretch for message, example in pairs for stretch in stretches_of(message, example, screen)]
    stretches += dangers_of(parse(parser, [*dangers, *lines_of(knowledge)]), knowledge)
    progress("learning what is mentioned, and what needs a person")
    space = Space([stretch.words for stretch in stretches], [stretch.labels for stretch in stretches])
    labels = sorted(space.labels)
    weights, intercepts = fit(space.rows, stretches, labels)
    arrays = numbered(sorted(known), "known_words") | numbered(space.named, "grams")
    arrays["sklearn"], arrays["labels"] = np.array(LIBRARY), np.array(labels)
    arrays["common_words"], arrays["common_counts"] = np.array(list(common)), np.array(list(common.values()))
    arrays["weights"], arrays["steps"] = space.served(weights)
    arrays["intercepts"] = intercepts.astype(np.float32)
    progress("learning what is felt now, and by whom")
    classifier = classifier_of(arrays)
    arrays |= learn_statuses([*pairs, *parse(parser, in_haste(examples))], classifier, parser.assertions)
    return Model(arrays)


def parse(parser: Parser, examples: Iterable[Example]) -> list[tuple[Message, Example]]:
    """Examples with their messages; what has no words is left out."""
    pairs = ((parser.parse(example.text), example) for example in examples)
    return [(message, example) for message, example in pairs if message.tokens]


def lines_of(knowledge: Knowledge) -> list[Example]:
    """What the safety rules themselves say must fire them, and must not."""
    rules = knowledge.safety.values()
    firing = [Example(text, rule.id, ()) for rule in rules for text in rule.fires]
    return firing + [Example(text, NO_DANGER, ()) for rule in rules for text in (*rule.silent, *rule.denied)]


def in_haste(examples: Iterable[Example]) -> list[Example]:
    """Those in which something is not felt now, as they are typed in haste: marks are spaces, so that places stay."""
    return [
        replace(example, text=_MARKS.sub(" ", example.text).rstrip())
        for example in examples
        if any(entity.role for entity in example.entities)
    ]


def words_of_texts(examples: Sequence[Example], dangers: Sequence[Example]) -> tuple[frozenset[str], dict[str, int]]:
    """Words that are right as they stand; and common ones, with how often they stand there."""
    counts = word_counts([*examples, *dangers])
    return (
        frozenset(word for word, count in counts.items() if count >= KNOWN),
        {word: count for word, count in counts.items() if count >= COMMON},
    )


def word_counts(examples: Iterable[Example]) -> dict[str, int]:
    """How often each word stands in the examples, as it is written there."""
    counts = Counter(token.text for example in examples for token in tokenize(clean(example.text)))
    return dict(sorted(counts.items()))


def learn_statuses(
    pairs: Sequence[tuple[Message, Example]], model: Classifier, assertions: Assertions
) -> dict[str, Any]:
    """Arrays of the features, of their weights with shape (features, statuses), and of the intercepts.

    A mention is looked at where it is marked, and where phrases and the labels' classifier will find it: they take in
    more or fewer of the words around, and the negator among them.
    """
    mentions = [
        (scene, match, entity.role or "present")
        for message, example in pairs
        if message.raw == example.text
        for scene in (Scene(message, assertions),)
        for entity, match in _places(message, example, model)
    ]
    numbers: dict[str, int] = {}
    rows = table((scene.looked_at(match) for scene, match, _ in mentions), numbers)
    occurrences = np.bincount(rows.indices, minlength=len(numbers))
    kept = sorted(feature for feature, number in numbers.items() if occurrences[number] >= LEAST_STATUS)
    rows = rows[:, [numbers[feature] for feature in kept]]
    rows.sort_indices()
    weights, intercepts = fit_statuses(rows, [role for *_, role in mentions])
    strong = np.abs(weights).max(axis=1) >= SLIGHT
    return {
        **numbered(list(compress(kept, strong)), "features"),
        "statuses_weights": weights[strong].astype(np.float32),
        "statuses_intercepts": intercepts.astype(np.float32),
    }


def _places(message: Message, example: Example, model: Classifier) -> Iterator[tuple[Entity, Match]]:
    """Every mark of a symptom or context, at each place where it will be looked for."""
    if not any(entity.kind != "area" for entity in example.entities):
        return
    words = words_of(message)
    scores = model.scores(words)
    for entity in example.entities:
        marked = match_of(entity, message)
        if marked is None or entity.kind == "area":
            continue
        found = [marked, *(match for match in message.found(entity.kind) if match.label == entity.id)]
        column = model.columns[f"{entity.kind}/{entity.id}"]
        numbers = {message.tokens[marked.first].segment, message.tokens[marked.last].segment}
        for segment, start in enumerate(scores.starts):
            if words[start].segment in numbers:
                first, last = scores.strongest(segment, column)
                found.append(Match(entity.id, words[first].token, words[last].token))
        near = (match for match in found if match.first <= marked.last and marked.first <= match.last)
        yield from ((entity, match) for match in dict.fromkeys(near))


def match_of(entity: Entity, message: Message) -> Match | None:
    """The marked words as tokens."""
    inside = [
        number
        for number, token in enumerate(message.tokens)
        if token.kind == "word" and token.end > entity.start and token.start < entity.end
    ]
    return Match(entity.id, inside[0], inside[-1]) if inside else None
