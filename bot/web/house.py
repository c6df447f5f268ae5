"""What the requests of one process share: services by site, the store, the rates, the log."""

from dataclasses import dataclass, field

from bot.knowledge import Knowledge
from bot.model.site import DEMO, Site
from bot.service import Service
from bot.service.sites import build_services
from bot.sessions import SessionStore, open_store
from bot.web.logs import Log
from bot.web.metrics import Counts
from bot.web.rates import Rates
from bot.web.settings import Settings


@dataclass(slots=True)
class House:
    """What requests share."""

    settings: Settings
    store: SessionStore
    services: dict[str, Service]
    """By site."""
    rates: Rates
    log: Log = field(default_factory=Log)
    counts: Counts = field(default_factory=Counts)

    def site(self, id_: str) -> Site | None:
        """The site of this id."""
        service = self.services.get(id_)
        return service.site if service else None

    def knowledge(self) -> Knowledge:
        """The knowledge of the demo site: the whole of it."""
        return self.services[DEMO].knowledge


def build_house(settings: Settings, store: SessionStore | None, log: Log | None) -> House:
    """Load everything; raises ContentError, OSError, StoreError or ValueError when it cannot start."""
    kept = store or open_store(settings.store_url(), idle=settings.idle_minutes * 60)
    secret = settings.secret.encode()
    rates = Rates(kept, by_session=settings.session_rate, by_address=settings.address_rate, secret=secret)
    services = build_services(kept, sites=settings.sites, country=settings.country, cache=settings.cache)
    return House(settings, kept, services, rates, log or Log())
