"""Checks of the safety rules and the help lines."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.content.documents import HELPLINES
from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import line_of
from bot.model.wording import HELP_LINES, placeholders
from bot.model.words import hands_over

LINES = {name.casefold() for name in HELP_LINES}

VERIFIED_DAYS = 180
"""Days for which a checked number counts as checked."""

SIGN_OFF = re.compile(r"\S.*,.*\S.*,\s*\d{4}-\d{2}-\d{2}")
"""Name, profession and date."""

_PHONE = re.compile(r"\b\d{3,}\b")
"""What may be a telephone number, which is data of a country: data/helplines.yml."""
_FILLED = ("say", "say_other")
"""Texts in which help lines are filled in."""


def check(safety: Any, helplines: Any, file: str, today: date) -> Iterator[Problem]:
    """Every fault of the safety file and the help lines; rules without a sign-off are warnings."""
    rules = safety["rules"]
    for name, rule in rules.items():
        line = rules.lines[name]
        if not rule["signs"]:
            yield Problem(file, line, f'safety rule "{name}" has no signs: it can never fire')
        ambiguous = any(sign.get("ambiguous") for sign in rule["signs"])
        if ambiguous and (not hands_over(rule["level"]) or rule["lane"] == "scope"):
            message = f'safety rule "{name}" hands nobody over, so none of its signs may be ambiguous: nobody would ask'
            yield Problem(file, line, message)
        needs_question = rule.get("weak") or rule["negatable"] == "ask" or ambiguous or rule.get("named")
        if needs_question and not rule.get("ask"):
            yield Problem(file, line, f'safety rule "{name}" may be uncertain, so it needs ask')
        for key in ("fires", "silent"):
            if not rule[key]:
                message = f'safety rule "{name}" has no texts under {key}, so nothing tests it'
                yield Problem(file, rule.lines[key], message)
        yield from _texts(file, name, rule)
        for index, key in enumerate(rule.get("lines", ())):
            if key not in LINES:
                message = f'unknown help line "{key}"{did_you_mean(key, LINES)}'
                yield Problem(file, line_of(rule, ("lines", index), line), message)
        if rule["reviewed_by"] is None:
            message = f'safety rule "{name}" has no clinician\'s sign-off (reviewed_by: null)'
            yield Problem(file, rule.lines["reviewed_by"], message, warning=True)
        elif not SIGN_OFF.fullmatch(rule["reviewed_by"]):
            message = (
                f'reviewed_by of safety rule "{name}" is no sign-off: write "Name, profession, 2026-01-31", or null'
            )
            yield Problem(file, rule.lines["reviewed_by"], message)
    yield from _ages(helplines, today)
    if not any(rule.get("gate") for rule in rules.values()):
        yield Problem(file, 1, "no safety rule has a gate line: nothing would be asked before a practice")


def _ages(helplines: Any, today: date) -> Iterator[Problem]:
    """Countries whose numbers nobody has checked on the operator's page, or not for long."""
    countries = helplines["countries"]
    for code, country in countries.items():
        line, day = countries.lines[code], country.get("verified_on")
        if day is None:
            message = (
                f'help lines of "{code}" are not verified: check them on the operator\'s page and fill in verified_on'
            )
            yield Problem(HELPLINES, line, message, warning=True)
            continue
        try:
            age = (today - date.fromisoformat(day)).days
        except ValueError:
            yield Problem(HELPLINES, line, f'help lines of "{code}": verified_on "{day}" is no day like 2026-03-31')
            continue
        if age < 0:
            yield Problem(HELPLINES, line, f'help lines of "{code}": verified_on "{day}" is a day to come')
        elif age > VERIFIED_DAYS:
            message = f'help lines of "{code}" were verified {age} days ago; check them again after {VERIFIED_DAYS}'
            yield Problem(HELPLINES, line, message, warning=True)


def _texts(file: str, name: str, rule: Any) -> Iterator[Problem]:
    if not rule["say"].strip():
        yield Problem(file, rule.lines["say"], f'safety rule "{name}" says nothing')
    for key in ("say", "say_other", "ask", "gate", "fit"):
        known = HELP_LINES if key in _FILLED else frozenset[str]()
        try:
            unknown = placeholders(rule.get(key) or "") - known
        except ValueError:
            yield Problem(file, rule.lines[key], f'safety rule "{name}": a brace in {key} does not hold a name')
            continue
        for word in sorted(unknown):
            message = f'safety rule "{name}": unknown placeholder {{{word}}} in {key}{did_you_mean(word, known)}'
            yield Problem(file, rule.lines[key], message)
        if number := _PHONE.search(rule.get(key) or ""):
            message = f'safety rule "{name}" holds the number {number[0]} in {key}: write {{EMERGENCY}} or the like'
            yield Problem(file, rule.lines[key], message)
        if re.search(r"\bsafe for you\b|\bno red flags\b|\bcleared\b", rule.get(key) or "", re.IGNORECASE):
            yield Problem(file, rule.lines[key], f'safety rule "{name}" gives an all-clear in {key}')
