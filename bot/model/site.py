"""One clinic's settings."""

from typing import Annotated, Literal

from bot.model.record import Record, Ref, record

DEMO = "demo"
"""The site that is always there."""


@record
class Hours(Record):
    """When someone answers, on some days of the week."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    """Days."""
    opens: str
    """Local time, `HH:MM`."""
    closes: str
    """Local time, `HH:MM`."""


@record
class Theme(Record):
    """Colours of the widget, as `#rrggbb`; pairs that are read on one another must differ enough."""

    accent: str = "#0b5c5c"
    """Buttons and links."""
    on_accent: str = "#ffffff"
    """Text on them."""
    background: str = "#ffffff"
    """Behind the talk."""
    text: str = "#1a1a1a"
    """The talk."""


@record
class Hidden(Record):
    """What a clinic does not want named."""

    practices: tuple[Annotated[str, Ref(("practice",))], ...] = ()
    """Ids of practices."""
    sources: tuple[Annotated[str, Ref(("source",))], ...] = ()
    """Ids of sources."""


@record
class Site(Record):
    """One clinic: sites/<id>.yml."""

    id: str = ""
    """Permanent id; the name of its file."""
    name: str
    """Its name, as people know it."""
    enabled: bool = True
    """Whether it may be used."""
    origins: tuple[str, ...] = ()
    """Web origins that may embed it: `https://clinic.example`."""
    country: str | None = None
    """ISO code: whose help lines are shown."""
    languages: tuple[str, ...] = ("en",)
    """Languages offered."""
    minimum_age: int = 18
    """Youngest age the site is for, in years."""
    logo: str | None = None
    """Address of its logo: `https://…`, or a path on the server of this service."""
    phone: str | None = None
    """Its phone number."""
    booking: str | None = None
    """Address of its booking page."""
    timezone: str = "UTC"
    """IANA name of its time zone."""
    hours: tuple[Hours, ...] = ()
    """When someone answers."""
    theme: Theme = Theme()
    """Colours."""
    position: Literal["end", "start"] = "end"
    """Corner of the launcher: where lines end (right in English), or where they start."""
    retention_minutes: int | None = None
    """Minutes after which an idle talk is forgotten."""
    consent: bool = False
    """Whether people are asked before anything is kept."""
    consent_text: str | None = None
    """What they are asked, in place of our own text."""
    check_in: bool = False
    """Whether people may note how strong a feeling is before and after, and see it as a chart."""
    hide: Hidden = Hidden()
    """What is not named."""
    packs: tuple[str, ...] = ()
    """Content folders of its own, beside its file."""


def demo() -> Site:
    """The site that is there without any file."""
    return Site(id=DEMO, name="Supple")
