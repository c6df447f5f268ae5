"""Settings of the service. Each is a SUPPLE_… variable and a field; `supple serve --help` lists those with a flag."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bot.sessions.place import default_url


class SettingError(ValueError):
    """A setting that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may choose."""

    host: str = field(default="127.0.0.1", metadata={"help": "Address to listen on."})
    port: int = field(default=8000, metadata={"help": "Port to listen on."})
    workers: int = field(default=2, metadata={"help": "Processes that answer."})
    threads: int = field(default=2, metadata={"help": "Threads in each of them."})
    store: str = field(
        default="", metadata={"help": "Where talks are kept: sqlite:PATH, redis://…, or memory: (one worker)."}
    )
    sites: str = field(default="", metadata={"help": "Folder of site files; without it only the demo site is there."})
    country: str = field(default="", metadata={"help": "Help lines shown where a site names no country: GB, US, …"})
    accept_unreviewed: bool = field(
        default=False,
        metadata={"help": "Listen beyond this machine though safety rules wait for a clinician's sign-off."},
    )
    proxies: int = field(default=0, metadata={"help": "Reverse proxies in front whose X-Forwarded-… are believed."})
    session_rate: int = field(default=60, metadata={"help": "Messages a talk may send in a minute."})
    address_rate: int = field(
        default=240, metadata={"help": "Requests an address may send in a minute; 0 for no limit."}
    )
    idle_minutes: int = field(default=30, metadata={"help": "Minutes after which an idle talk is forgotten."})
    secret: str = field(
        default_factory=lambda: secrets.token_hex(16),
        repr=False,
        metadata={"help": "Key under which addresses are counted; the same on all machines that share a store."},
    )
    cache: str = field(default="", metadata={"help": "Where compiled knowledge and models are kept."})

    def store_url(self) -> str:
        """The store, by default a SQLite file in the state folder."""
        return self.store or default_url()


def from_environment(given: Mapping[str, Any] | None = None) -> Settings:
    """Settings from SUPPLE_… variables, overridden by what is given and not None; raises SettingError."""
    values: dict[str, Any] = {}
    for item in fields(Settings):
        named = (given or {}).get(item.name)
        raw = named if named is not None else os.environ.get(f"SUPPLE_{item.name.upper()}")
        if raw is not None and raw != "":
            values[item.name] = _value(item.name, item.type, raw)
    return Settings(**values)


def _value(name: str, kind: Any, raw: Any) -> Any:
    if kind is int and isinstance(raw, str):
        if not raw.isdecimal():
            raise SettingError(f"SUPPLE_{name.upper()} must be a whole number, not {raw!r}")
        return int(raw)
    if kind is bool and isinstance(raw, str):
        if raw.casefold() not in ("1", "true", "yes", "0", "false", "no"):
            raise SettingError(f"SUPPLE_{name.upper()} must be true or false, not {raw!r}")
        return raw.casefold() in ("1", "true", "yes")
    return raw
