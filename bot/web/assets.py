"""Style sheets, scripts and signs of our own pages. The widget's files have addresses of their own."""

from pathlib import Path

from flask import Blueprint, Response, request

from bot.handout.page import stylesheet

blueprint = Blueprint("assets", __name__)

CACHED = 3600
"""Seconds for which browsers keep them."""
_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@blueprint.get("/static/<any('clinic.css', 'clinic.js', 'icon.svg', 'sheet.js', 'supple.css'):name>")
def static(name: str) -> Response:
    """A file as it lies there."""
    return _kept((_STATIC / name).read_bytes(), name)


@blueprint.get("/static/sheet.css")
def sheet() -> Response:
    """The style of a routine to take home, which also stands within its page."""
    return _kept(stylesheet().encode(), "sheet.css")


def _kept(data: bytes, name: str) -> Response:
    response = Response(data, mimetype=_TYPES[Path(name).suffix])
    response.cache_control.max_age = CACHED
    response.add_etag()
    response.make_conditional(request)
    return response
