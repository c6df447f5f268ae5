"""When someone at a site answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.site import Site
from bot.model.words import Level
from bot.replies.wording import Wording

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Clinic:
    """A site at one moment."""

    name: str
    """Its name, as people know it."""
    phone: str | None
    """Its phone number."""
    now: datetime
    """The moment, in its own time."""
    open_now: bool | None
    """Whether someone answers; none where the site names no hours."""
    opens: datetime | None
    """When someone answers next; none while it is open."""

    def next_open(self) -> str | None:
        """When it next opens, as ISO local time."""
        return self.opens.isoformat(timespec="minutes") if self.opens else None

    def line(self, wording: Wording, level: Level) -> str | None:
        """Whom to reach there and when, for what can wait that long; while it is closed, who answers until then."""
        if level not in ("clinician_first", "same_day") or self.open_now is None:
            return None
        if self.open_now:
            return wording.text("site_open_phone" if self.phone else "site_open", name=self.name, phone=self.phone)
        if not self.opens:
            return None
        when = self._when(wording, self.opens)
        return wording.text("site_closed" if level == "same_day" else "site_closed_waits", name=self.name, when=when)

    def _when(self, wording: Wording, opens: datetime) -> str:
        days = (opens.date() - self.now.date()).days
        key = ("opens_today", "opens_tomorrow")[days] if days < 2 else "opens_on"
        day = wording.text("weekdays").split()[opens.weekday()]
        return wording.text(key, day=day, time=opens.strftime("%H:%M"))


def clinic_at(site: Site, now: float) -> Clinic:
    """The site at `now`, seconds since the epoch."""
    here = datetime.fromtimestamp(now, ZoneInfo(site.timezone))
    openings = []
    for day in range(8):
        date = here + timedelta(days=day)
        for hours in site.hours:
            if _DAYS[date.weekday()] in hours.days:
                opens, closes = (_at(date, clock) for clock in (hours.opens, hours.closes))
                if opens <= here < closes:
                    return Clinic(site.name, site.phone, here, open_now=True, opens=None)
                if opens > here:
                    openings.append(opens)
    open_now = False if site.hours else None
    return Clinic(site.name, site.phone, here, open_now, min(openings, default=None))


def _at(date: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return date.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
