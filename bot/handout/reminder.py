"""The calendar file: a neutral reminder on chosen days, which tells a shared calendar nothing of a condition."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.handout.sheet import HandoutError
from bot.handout.words import WEEK, Words

PRODUCT = "-//supple-bot//EN"

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Reminder:
    """When to be reminded."""

    days: tuple[str, ...]
    """Days of the week, as ids, in the order of the week."""
    at: time
    """Local time wherever the person is."""


def reminder_of(days: Sequence[str], clock: str) -> Reminder:
    """The reminder for these days at `HH:MM`; raises HandoutError."""
    match = _CLOCK.fullmatch(clock)
    if not days or not set(days) <= set(WEEK):
        raise HandoutError("days")
    if not match:
        raise HandoutError("time")
    return Reminder(tuple(day for day in WEEK if day in days), time(int(match[1]), int(match[2])))


def calendar(reminder: Reminder, words: Words, *, today: date, stamp: datetime) -> bytes:
    """The file, of which `stamp` (in UTC) is the making; the first day is the first chosen one from `today` on.

    The id follows from what the event shows and from nothing else: made again, for this routine or another, it takes
    the place of the one before, and nobody can tell from it what the routine was.
    """
    from icalendar import Alarm, Calendar, Event, vRecur  # here, since few ask for it and it would delay every start

    event = Event()
    event.add("uid", _uid(reminder, words))
    event.add("dtstamp", stamp)
    event.add("dtstart", datetime.combine(_first(reminder, today), reminder.at))  # no zone: floating
    event.add("rrule", vRecur(FREQ="WEEKLY", BYDAY=[day[:2].upper() for day in reminder.days]))
    event.add("summary", words["event"])
    event.add("description", words["event_note"])
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words["event"])
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add_component(event)
    return bytes(made.to_ical())


def _uid(reminder: Reminder, words: Words) -> str:
    shown = "\n".join([words["event"], ",".join(reminder.days), f"{reminder.at:%H:%M}"])
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def _first(reminder: Reminder, today: date) -> date:
    following = (today + timedelta(days=ahead) for ahead in range(len(WEEK)))
    return next(day for day in following if WEEK[day.weekday()] in reminder.days)
