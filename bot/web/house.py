"""What the requests of one process share: services by site, the store, the rates, the log."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.content.load import load
from bot.content.sites import load_sites, site_roots
from bot.knowledge import Knowledge, load_knowledge, without
from bot.model.site import DEMO, Hidden, Site
from bot.service import Service
from bot.sessions import SessionStore, open_store
from bot.understand.models import ensure_model
from bot.understand.reader import Reader
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
    return House(settings, kept, build_services(settings, kept), rates, log or Log())


def build_services(settings: Settings, store: SessionStore) -> dict[str, Service]:
    """A service for each site; sites that know the same share one reader."""
    cache = Path(settings.cache) if settings.cache else None
    folder = Path(settings.sites) if settings.sites else None
    documents, _ = load(cache=cache)
    model = ensure_model(cache, load_knowledge(cache=cache)) if cache else None
    readers: dict[str, Reader] = {}
    services = {}
    for site in load_sites(folder, documents).values():
        knowledge = load_knowledge(site_roots(site, folder) if site.packs else (), cache=cache)
        if site.hide != Hidden():
            knowledge = without(knowledge, site.hide)
        reader = readers.setdefault(knowledge.key, Reader(knowledge, model))
        services[site.id] = Service(knowledge, reader, store, country=settings.country or None, site=site)
    return services
