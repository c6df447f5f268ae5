"""A service for each site, and who may reach it, as the doors that serve need them."""

from pathlib import Path

from bot.content.load import load
from bot.content.sites import load_sites, site_roots
from bot.knowledge import Knowledge, load_knowledge, without
from bot.model.site import Hidden
from bot.service.service import Service
from bot.sessions import SessionStore
from bot.understand.models import Progress, ensure_model
from bot.understand.reader import Reader

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def refusal(knowledge: Knowledge, host: str, *, accepted: bool) -> str | None:
    """Why a server must not listen on this address; none where it may."""
    unreviewed = len(knowledge.unreviewed())
    if not unreviewed or host in LOOPBACK or accepted:
        return None
    return (
        f"{unreviewed} safety rules have no clinician's sign-off, so the service listens on this machine only; "
        "see supple check, or say --accept-unreviewed"
    )


def build_services(
    store: SessionStore,
    *,
    sites: str = "",
    country: str = "",
    cache: str = "",
    progress: Progress = lambda _: None,
) -> dict[str, Service]:
    """Services by site; sites that know the same share one reader. Without `cache` nothing is trained for them.

    `sites` and `cache` name folders; raises ContentError, OSError or ValueError.
    """
    kept = Path(cache) if cache else None
    folder = Path(sites) if sites else None
    documents, _ = load(cache=kept)
    model = ensure_model(kept, load_knowledge(cache=kept), progress=progress)
    readers: dict[str, Reader] = {}
    services = {}
    for site in load_sites(folder, documents).values():
        knowledge = load_knowledge(site_roots(site, folder) if site.packs else (), cache=kept)
        if site.hide != Hidden():
            knowledge = without(knowledge, site.hide)
        if knowledge.key not in readers:
            readers[knowledge.key] = Reader(knowledge, model)
        services[site.id] = Service(knowledge, readers[knowledge.key], store, country=country or None, site=site)
    return services
