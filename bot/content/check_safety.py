"""Checks of the safety rules and the help lines."""

import re
from collections.abc import Iterator
from typing import Any

from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import line_of

PLACEHOLDERS = {"EMERGENCY", "URGENT", "CRISIS", "POISON", "ABUSE", "CHILD", "EATING", "MOOD", "SITE"}
LINES = {name.casefold() for name in PLACEHOLDERS} - {"site"}

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")


def check(safety: Any, helplines: Any, file: str) -> Iterator[Problem]:
    """Every fault of the safety file; rules without a sign-off are warnings."""
    rules = safety["rules"]
    for name, rule in rules.items():
        line = rules.lines[name]
        if not rule["signs"]:
            yield Problem(file, line, f'safety rule "{name}" has no signs: it can never fire')
        needs_question = rule.get("weak") or rule["negatable"] == "ask"
        if needs_question and not rule.get("ask"):
            yield Problem(file, line, f'safety rule "{name}" may be uncertain, so it needs ask')
        yield from _texts(file, name, rule)
        for index, key in enumerate(rule.get("lines", ())):
            if key not in LINES:
                message = f'unknown help line "{key}"{did_you_mean(key, LINES)}'
                yield Problem(file, line_of(rule, ("lines", index), line), message)
        if rule["reviewed_by"] is None:
            message = f'safety rule "{name}" has no clinician\'s sign-off (reviewed_by: null)'
            yield Problem(file, rule.lines["reviewed_by"], message, warning=True)
    if not any(rule.get("gate") for rule in rules.values()):
        yield Problem(file, 1, "no safety rule has a gate line: nothing would be asked before a practice")


def _texts(file: str, name: str, rule: Any) -> Iterator[Problem]:
    for key in ("say", "say_other", "ask", "gate", "fit"):
        for word in _PLACEHOLDER.findall(rule.get(key) or ""):
            if word not in PLACEHOLDERS:
                message = f'safety rule "{name}": unknown placeholder {{{word}}}{did_you_mean(word, PLACEHOLDERS)}'
                yield Problem(file, rule.lines[key], message)
        if re.search(r"\bsafe for you\b|\bno red flags\b|\bcleared\b", rule.get(key) or "", re.IGNORECASE):
            yield Problem(file, rule.lines[key], f'safety rule "{name}" gives an all-clear in {key}')
