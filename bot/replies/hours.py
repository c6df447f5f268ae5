"""When someone at a site answers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.site import Site

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_now(site: Site, now: float) -> tuple[bool | None, str | None]:
    """Whether the site is open at `now` (seconds since the epoch), and when it next opens, as ISO local time.

    Both are none where the site names no hours; the second also while it is open.
    """
    if not site.hours:
        return None, None
    here = datetime.fromtimestamp(now, ZoneInfo(site.timezone))
    openings = []
    for day in range(8):
        date = here + timedelta(days=day)
        for hours in site.hours:
            if _DAYS[date.weekday()] in hours.days:
                opens, closes = (_at(date, clock) for clock in (hours.opens, hours.closes))
                if opens <= here < closes:
                    return True, None
                if opens > here:
                    openings.append(opens)
    return False, min(openings).isoformat(timespec="minutes") if openings else None


def _at(date: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return date.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
