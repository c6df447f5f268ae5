"""The words on what is taken home, and how days are written."""

from collections.abc import Mapping
from datetime import date

Words = Mapping[str, str]
"""Section `handout` of data/<lang>/widget.yml."""

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week, as ids."""


def on_day(day: date) -> str:
    """`20 November 2026`: the same to readers on both sides of the Atlantic."""
    return f"{day.day} {day:%B %Y}"
