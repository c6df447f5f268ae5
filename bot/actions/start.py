"""The assistant of this process, made from the environment when it is first asked for."""

import functools
import os
import sys
import threading

from bot.actions.assistant import Assistant
from bot.content.files import cache_folder
from bot.model.site import DEMO
from bot.service import Service
from bot.service.sites import build_services
from bot.sessions import open_store
from bot.sessions.place import default_url
from bot.sessions.sweeping import keep_sweeping

_lock = threading.Lock()


class SettingError(ValueError):
    """A setting that cannot be used."""


def assistant() -> Assistant:
    """The assistant; raises ContentError, SettingError, StoreError, OSError or ValueError where it cannot be made."""
    with _lock:
        return _assistant()


@functools.cache
def _assistant() -> Assistant:
    service = build_service()
    keep_sweeping(service.store)
    return Assistant(service)


def build_service() -> Service:
    """The service of one site, as SUPPLE_… variables say."""
    minutes, site = os.environ.get("SUPPLE_IDLE_MINUTES") or "30", os.environ.get("SUPPLE_SITE") or DEMO
    if not minutes.isdecimal() or int(minutes) < 1:
        raise SettingError(f"SUPPLE_IDLE_MINUTES must be a whole number from 1, not {minutes!r}")
    services = build_services(
        open_store(os.environ.get("SUPPLE_STORE") or default_url(), idle=60 * int(minutes)),
        sites=os.environ.get("SUPPLE_SITES", ""),
        country=os.environ.get("SUPPLE_COUNTRY", ""),
        cache=str(cache_folder()),
        progress=lambda told: print(f"supple: {told} ...", file=sys.stderr, flush=True),
    )
    if site not in services or not services[site].site.enabled:
        raise SettingError(f"SUPPLE_SITE names no site that is in use: {site!r}; there are {', '.join(services)}")
    return services[site]
