"""The web chat widget: its files, what a site shows of itself, and a page to frame."""

import base64
import gzip
import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from bot.content.files import LANG
from bot.service import Service
from bot.web.errors import ApiError
from bot.web.security import POLICY
from bot.web.talks import service_of_site

blueprint = Blueprint("widget", __name__)

LATEST = 300
"""Seconds for which browsers keep the file whose address always leads to the newest."""
FOREVER = 365 * 24 * 3600
"""Seconds for which they keep a file whose address holds its digest."""
_SHOWN = (
    *("id", "name", "phone", "booking", "logo", "minimum_age", "consent", "check_in"),
    "position",
)
"""Settings of a site that anybody may see."""
_STATIC = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the widget as it is served."""

    name: str
    """Path below static/."""
    data: bytes
    """What is in it."""
    squeezed: bytes
    """The same, by gzip."""
    address: str
    """Path below the service, with a digest of the content: what is there never changes."""
    integrity: str
    """What a script tag says so that nothing else is run."""


@cache
def files() -> dict[str, File]:
    """The widget's files by name below static/, as they were at the first look."""
    found = [_STATIC / "widget.js", _STATIC / "routine.js", *sorted((_STATIC / "drawings").glob("*.svg"))]
    return {path.relative_to(_STATIC).as_posix(): _file(path) for path in found if path.is_file()}


def _file(path: Path) -> File:
    name, data = path.relative_to(_STATIC), path.read_bytes()
    digest = hashlib.sha384(data).digest()
    address = name.with_suffix(f".{digest.hex()[:16]}{path.suffix}").as_posix()
    integrity = f"sha384-{base64.b64encode(digest).decode()}"
    return File(name.as_posix(), data, gzip.compress(data, 9, mtime=0), f"/{address}", integrity)


@blueprint.get("/widget.js")
def latest() -> Response:
    """The widget as it is now."""
    return _sent(files()["widget.js"], LATEST)


@blueprint.get("/<any(widget, routine):name>.<digest>.js", defaults={"folder": "", "suffix": ".js"})
@blueprint.get("/<any(drawings):folder>/<name>.<digest>.svg", defaults={"suffix": ".svg"})
def immutable(folder: str, name: str, digest: str, suffix: str) -> Response:
    """A file under an address that holds its digest."""
    file = files().get(f"{folder}/{name}{suffix}".lstrip("/"))
    if file is None or not file.address.endswith(f".{digest}{suffix}"):
        raise ApiError("not_found", "There is nothing here.", 404)
    return _sent(file, FOREVER)


def _sent(file: File, seconds: int) -> Response:
    squeezed = request.accept_encodings.quality("gzip") > 0
    response = Response(file.squeezed if squeezed else file.data, mimetype=_TYPES[Path(file.name).suffix])
    if squeezed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.max_age, response.cache_control.public = seconds, True
    response.cache_control.immutable = seconds == FOREVER
    # Anybody may read these, and a script with an integrity is read from the clinic's origin.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def public(service: Service) -> dict[str, Any]:
    """All that the widget is told when it is opened first."""
    site, clinic = service.site, service.clinic()
    return {
        **{name: getattr(site, name) for name in _SHOWN},
        "retention_minutes": service.idle_minutes,
        "lang": LANG,
        "locale": f"{LANG}-{site.country}" if site.country else LANG,
        "dir": "ltr",
        "open_now": clinic.open_now,
        "next_open": clinic.next_open(),
        "theme": asdict(site.theme),
        "emergency": service.help_lines(("emergency", "urgent", "crisis")),
        "words": {name: dict(getattr(service.knowledge.widget, name)) for name in ("talk", "routine", "handout")},
        "opening": service.opening().to_json(),
        "files": {name: file.address for name, file in files().items() if name.endswith(".js")},
        "drawings": {Path(name).stem: file.address for name, file in files().items() if name.endswith(".svg")},
    }


@blueprint.get("/frame")
def frame() -> Response:
    """The widget alone on a page, for hosts who keep it in a frame."""
    try:
        service = service_of_site(request.args.get("site", ""))
    except ApiError as failure:
        request.supple_ancestors = None  # type: ignore[attr-defined] # nobody frames a refusal
        return make_response(render_template("frame.html", message=failure.message), failure.status)
    response = make_response(render_template("frame.html", site=service.site, script=files()["widget.js"]))
    logo = service.site.logo or ""
    if logo.startswith("https://"):  # the one thing on this page that may come from elsewhere
        request.supple_policy = POLICY.replace("img-src 'self'", f"img-src 'self' {'/'.join(logo.split('/')[:3])}")  # type: ignore[attr-defined]
    return response
