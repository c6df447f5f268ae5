"""Checks of the words for slots: plain words, known sides and activities, and numbers that can be."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import LinedDict, LinedList, line_of
from bot.model.pattern import fold
from bot.model.slots import ACTIVITIES, SIDES

_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_TEXTS_OF_OURS = frozenset({"label"})
_SINGLE = frozenset(
    {
        "side.beside", "side.before", "side.after", "side.not_after", "number.articles", "number.range",
        "duration.units", "duration.times_after", "duration.fillers", "duration.before", "duration.after",
        "duration.not_after",
        "duration.not_before", "duration.elsewhere", "duration.alone",
        "duration.onset", "since.subjects", "since.objects", "since.through", "since.stops", "intensity.after",
        "intensity.not_after", "intensity.not_before", "intensity.pains", "intensity.near", "time.units",
        "activity.links", "activity.weak_not", "activity.makes", "activity.no_change", "activity.questions",
    }
)  # fmt: skip
"""Lists of single words; the others hold phrases too."""
_KEYS_ARE_WORDS = frozenset({"number.words", "duration.units", "duration.times", "intensity.words", "time.units"})


def check(book: LinedDict, file: str) -> Iterator[Problem]:
    """Every fault of the words for slots."""
    for section in book:
        for key, value in book[section].items():
            yield from _words(book, file, (section, key), value)
    beside, alone, activities = book["side"]["beside"], book["side"]["alone"], book["activity"]["activities"]
    for what, entries, known in (("side", beside, SIDES), ("side", alone, SIDES), ("activity", activities, ACTIVITIES)):
        yield from _names(what, entries, known, file)
    for entries in (beside, alone, {name: entry["words"] for name, entry in activities.items()}):
        yield from _twice(entries, file)
    yield from _bounds(book["intensity"]["words"], file, 0, 10)
    for numbers in (book["number"]["words"], book["duration"]["units"], book["time"]["units"]):
        yield from _bounds(numbers, file, 0.1, 36500)


def _words(book: LinedDict, file: str, path: tuple[Any, ...], value: LinedDict | LinedList) -> Iterator[Problem]:
    """Words must stand as a message reads once it is prepared."""
    place = ".".join(path[:2])
    if isinstance(value, LinedDict):
        for key, part in value.items():
            if place in _KEYS_ARE_WORDS:
                yield from _word(key, place, file, value.lines[key])
            elif key not in _TEXTS_OF_OURS:
                yield from _words(book, file, (*path, key), part)
    else:
        for index, word in enumerate(value):
            yield from _word(word, place, file, line_of(book, (*path, index)))


def _word(word: str, place: str, file: str, line: int) -> Iterator[Problem]:
    if fold(word) != word or not _PLAIN.fullmatch(word):
        yield Problem(file, line, f'"{word}" must be plain words: lower case, no apostrophe, no hyphen, no mark')
    elif " " in word and place in _SINGLE:
        yield Problem(file, line, f'"{word}" must be one word')


def _names(what: str, entries: Any, known: Iterable[str], file: str) -> Iterator[Problem]:
    for name in entries:
        if name not in known:
            yield Problem(file, entries.lines[name], f'unknown {what} "{name}"{did_you_mean(name, known)}')
    for name in sorted(set(known) - set(entries)):
        yield Problem(file, min(entries.lines.values(), default=1), f'{what} "{name}" has no words')


def _twice(entries: Any, file: str) -> Iterator[Problem]:
    """A phrase says one thing."""
    first: dict[str, str] = {}
    for name, words in entries.items():
        for index, word in enumerate(words):
            if first.setdefault(word, name) != name:
                yield Problem(file, words.lines[index], f'"{word}" stands under "{first[word]}" and "{name}"')


def _bounds(numbers: Any, file: str, least: float, most: float) -> Iterator[Problem]:
    for word, number in numbers.items():
        if not least <= number <= most:
            yield Problem(file, numbers.lines[word], f'"{word}" must be between {least:g} and {most:g}, not {number:g}')
