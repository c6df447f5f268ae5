"""Checks of what a language brings: patterns that parse, lists that exist, and no reply text missing."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.content import check_slots
from bot.content.documents import (
    SAFETY,
    assertion_file,
    intents_file,
    phrases_file,
    replies_file,
    slots_file,
    vocabulary_ids,
    widget_file,
)
from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import LinedDict, LinedList, line_of
from bot.model.language import FINE, INTENTS, ITEMS, REMARKS
from bot.model.pattern import PatternError, list_names, parse
from bot.model.widget import WIDGET
from bot.model.wording import OPTIONS, TEXTS, placeholders

Documents = dict[str, Any]


def check(documents: Documents, lang: str) -> Iterator[Problem]:
    """Every fault of the language's files."""
    phrases, safety = documents[phrases_file(lang)], documents[SAFETY]
    lists: dict[str, tuple[str, int]] = {}
    for file, section in (
        *((phrases_file(lang), phrases[key]) for key in ("places", "signs", "lists")),
        (assertion_file(lang), documents[assertion_file(lang)]["lists"]),
        (SAFETY, safety["lists"]),
    ):
        for name in section:
            if name in lists:
                yield Problem(file, section.lines[name], f'list "{name}" stands twice, first in {lists[name][0]}')
            lists.setdefault(name, (file, section.lines[name]))
            yield from _list_faults(file, name, section)
    used: set[str] = {FINE}
    for file, text, line in _patterns(documents, lang):
        try:
            names = list_names(parse(text))
        except PatternError as error:
            yield Problem(file, line, str(error))
            continue
        for unknown in sorted(names - set(lists)):
            yield Problem(file, line, f'unknown list "{unknown}"{did_you_mean(unknown, lists)}')
        used |= names
    for area, entry in phrases["areas"].items():
        for place in entry.get("places", ()):
            if place not in phrases["places"]:
                message = f'area "{area}": unknown place list "{place}"{did_you_mean(place, phrases["places"])}'
                yield Problem(phrases_file(lang), phrases["areas"].lines[area], message)
            used.add(place)
    for name in sorted(set(lists) - used):
        yield Problem(lists[name][0], lists[name][1], f'list "{name}" is used by no pattern', warning=True)
    yield from _complete(documents, phrases_file(lang))
    yield from _intents(documents, intents_file(lang))
    yield from _texts(documents[replies_file(lang)], replies_file(lang), {"texts": TEXTS, "options": OPTIONS})
    yield from _texts(documents[widget_file(lang)], widget_file(lang), WIDGET)
    yield from check_slots.check(documents[slots_file(lang)], slots_file(lang))


def _list_faults(file: str, name: str, section: Any) -> Iterator[Problem]:
    for index, entry in enumerate(section[name]):
        line = line_of(section, (name, index))
        try:
            if any(element.kind in ("list", "gap") for element in parse(entry)):
                yield Problem(file, line, f'list "{name}": an entry holds words only, no <list> and no gap: {entry}')
        except PatternError as error:
            yield Problem(file, line, str(error))


def _patterns(documents: Documents, lang: str) -> Iterator[tuple[str, str, int]]:
    """File, pattern and line of every pattern in the content."""
    for file, plain_words in (
        (phrases_file(lang), {"places", "signs", "lists"}),
        (intents_file(lang), {"ticks"}),
        (assertion_file(lang), {"stops", "joins", "selves", "subjects", "verbs", "answers", "interjections", "lists"}),
    ):
        section = documents[file]
        for key in section.keys() - plain_words:
            yield from ((file, *found) for found in _texts_in(section[key], section.lines[key], key))
    for rule in documents[SAFETY]["rules"].values():
        for key in rule.keys() & {"signs", "named", "with_any", "not_if", "not_within"}:
            yield from ((SAFETY, *found) for found in _texts_in(rule[key], rule.lines[key], key))


def _texts_in(value: Any, line: int, key: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, str) and key not in ("status", "reach"):
        yield value, line
    elif isinstance(value, LinedDict):
        for name, part in value.items():
            if name != "places":
                yield from _texts_in(part, value.lines[name], name)
    elif isinstance(value, LinedList):
        for index, part in enumerate(value):
            yield from _texts_in(part, value.lines[index], key)


def _complete(documents: Documents, file: str) -> Iterator[Problem]:
    """Every symptom and context must be findable by words."""
    ids = vocabulary_ids(documents)
    for vocabulary, key in (("symptom", "symptoms"), ("context", "contexts")):
        section = documents[file][key]
        for id_ in sorted(ids[vocabulary] - set(section)):
            yield Problem(file, line_of(documents[file], (key,)), f'{vocabulary} "{id_}" has no phrases')


def _intents(documents: Documents, file: str) -> Iterator[Problem]:
    for kind, key, known in (("intent", "intents", INTENTS), ("remark", "remarks", REMARKS), ("item", "items", ITEMS)):
        section = documents[file][key]
        for name in section:
            if name not in known:
                yield Problem(file, section.lines[name], f'unknown {kind} "{name}"{did_you_mean(name, known)}')


def _texts(book: Any, file: str, sections: Mapping[str, Mapping[str, frozenset[str]]]) -> Iterator[Problem]:
    for key, wanted in sections.items():
        section, line = book[key], book.lines[key]
        for name in sorted(wanted.keys() - section.keys()):
            yield Problem(file, line, f'text "{name}" is missing from {key}')
        for name in section:
            if name not in wanted:
                message = f'text "{name}" is used nowhere{did_you_mean(name, wanted)}'
                yield Problem(file, section.lines[name], message, warning=True)
                continue
            try:
                extra = sorted(placeholders(section[name]) - wanted[name])
            except ValueError:
                message = f'text "{name}" has braces that are no placeholder: write {{name}}, and {{{{ for a brace'
                yield Problem(file, section.lines[name], message)
                continue
            if extra:
                message = f'text "{name}" has a placeholder {{{extra[0]}}} that nothing fills'
                yield Problem(file, section.lines[name], f"{message}{did_you_mean(extra[0], wanted[name])}")
