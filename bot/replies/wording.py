"""Our texts with their placeholders filled, lists joined, and the numbers of a country put in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.knowledge import Knowledge
from bot.model.screen import Helplines
from bot.model.words import Dose, Practice

LINES = ("emergency", "urgent", "crisis", "abuse", "poison", "child", "mood", "eating")
"""Kinds of help line, in the order in which they are shown."""

_SPACES = re.compile(r"\s+")


class Wording:
    """Texts of one language, for one country."""

    def __init__(
        self, knowledge: Knowledge, country: str | None = None, own: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`country` is an ISO code; numbers of an unknown country are the international ones.

        `own` are texts of the site in place of ours.
        """
        self._texts, self._options = {**knowledge.replies.texts, **own}, knowledge.replies.options
        self._elsewhere = knowledge.helplines.international
        self._lines = knowledge.helplines.countries.get((country or "").upper(), self._elsewhere)

    @property
    def international(self) -> bool:
        """Whether the country is not known."""
        return self._lines is self._elsewhere

    def text(self, key: str, **fill: object) -> str:
        """One of our texts."""
        return _SPACES.sub(" ", self._texts[key].format(**fill, **self._numbers(self._texts[key]))).strip()

    def variant(self, key: str, turn: int, **fill: object) -> str:
        """One of several texts that say the same (`key`, `key_2`, …), another one each turn."""
        keys = [key, *(more for number in range(2, 9) if (more := f"{key}_{number}") in self._texts)]
        return self.text(keys[turn % len(keys)], **fill)

    def option(self, question: str, id_: str) -> str | None:
        """Label of a choice, where it is one of our texts."""
        return self._options.get(f"{question}.{id_}")

    def fill(self, text: str) -> str:
        """A text of the safety rules with this country's numbers."""
        return _SPACES.sub(" ", text.format(**self._numbers(text))).strip()

    def number(self, key: str) -> str:
        """A help line of this country as one text; in words where we know no number."""
        return self._line(self._lines, key) or self._line(self._elsewhere, key) or key

    def known(self, key: str) -> bool:
        """Whether this country has such a line."""
        return self._line(self._lines, key) is not None

    def _line(self, lines: Helplines, key: str) -> str | None:
        """One line; a crisis line with all its ways, as many would rather type than talk."""
        if key != "crisis" or lines.crisis is None:
            value = getattr(lines, key)
            return str(value) if value else None
        crisis = lines.crisis
        typed = [self.text(f"by_{way}", value=to) for way in ("text", "chat") if (to := getattr(crisis, way))]
        return ", ".join(filter(None, (crisis.voice, *typed, crisis.hours))) or None

    def help_lines(self, keys: Iterable[str]) -> list[str]:
        """Help lines that this country has, as texts."""
        return [self.text(f"number_{key}", value=self.number(key)) for key in LINES if key in set(keys)]

    def trouble(self) -> str:
        """What is said where no answer can be made, with the lines for help."""
        return " ".join([self.text("trouble"), *self.help_lines(("emergency", "urgent", "crisis"))])

    def _numbers(self, text: str) -> dict[str, str]:
        wanted = [key for key in LINES if f"{{{key.upper()}}}" in text]
        return {key.upper(): self._brief(key) for key in wanted}

    def _brief(self, key: str) -> str:
        """A help line inside a sentence: of a crisis line only the voice number; its other ways stand below."""
        for lines in (self._lines, self._elsewhere):
            if key == "crisis" and lines.crisis and lines.crisis.voice:
                return lines.crisis.voice
        return self.number(key)

    def dose(self, practice: Practice) -> str:
        """What the article states about how much, or that it gives no number."""
        amount = self.amount(practice)
        return self.text("dose", dose=amount) if amount else self.text("no_dose")

    def amount(self, practice: Practice) -> str:
        """The stated amount alone; empty where there is none."""
        stated = self._stated(practice.dose) if practice.dose else []
        return ", ".join([*stated, *([practice.dose_note] if practice.dose_note else [])])

    def _stated(self, dose: Dose) -> list[str]:
        parts = []
        if dose.hold_s is not None:
            parts.append(self.text("hold", seconds=f"{dose.hold_s:g}"))
        if dose.reps:
            parts.append(self.text("reps", reps=span(dose.reps)))
        if dose.minutes:
            parts.append(self.text("minutes_of", minutes=span(dose.minutes)))
        if dose.frequency:
            parts.append(dose.frequency)
        return parts


def span(numbers: Sequence[int]) -> str:
    """`8-10`, or the one number."""
    return f"{numbers[0]}-{numbers[-1]}" if numbers[0] != numbers[-1] else str(numbers[0])


def listed(words: Iterable[str], mark: str = ", ") -> str:
    """Joined with a mark, each once."""
    return mark.join(dict.fromkeys(words))


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def shown_as(practice: Practice, *, floor: bool) -> tuple[str, tuple[str, ...]]:
    """Title and steps; where only the safe floor may be shown, in that form."""
    if floor and practice.safe_floor:
        return practice.safe_floor.title, practice.safe_floor.steps
    return practice.title, practice.steps
