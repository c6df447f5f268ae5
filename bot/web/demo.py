"""The demo page: a made-up clinic's, with the widget on it. Without JavaScript its links lead to the talk's pages."""

from pathlib import Path

from flask import Blueprint, Response, render_template, request, send_file

from bot.model.site import DEMO
from bot.web.talks import house

blueprint = Blueprint("demo", __name__)

CACHED = 3600
"""Seconds for which browsers keep the page's style sheet, script and icon."""
_STATIC = Path(__file__).parent / "static"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@blueprint.get("/")
def start() -> Response:
    """The page of a clinic that does not exist."""
    lines = house().services[DEMO].help_lines(["emergency"])
    page = Response(render_template("start.html", host=request.host_url.rstrip("/"), site=DEMO, lines=lines))
    # Under "no-referrer" a browser sends the form for a print with "Origin: null", as a stranger's would be.
    page.headers["Referrer-Policy"] = "same-origin"
    return page


@blueprint.get("/static/<any('clinic.css', 'clinic.js', 'icon.svg'):name>")
def static(name: str) -> Response:
    """Its style sheet, the lines that let its links open the widget, and the sign in a browser's tab."""
    return send_file(_STATIC / name, mimetype=_TYPES[name.rpartition(".")[2]], max_age=CACHED)
