"""The demo page: a made-up clinic's, with the widget on it. Without JavaScript its links lead to the talk's pages."""

from flask import Blueprint, Response, render_template

from bot.model.site import DEMO
from bot.web.security import own_origin
from bot.web.talks import house

blueprint = Blueprint("demo", __name__)


@blueprint.get("/")
def start() -> Response:
    """The page of a clinic that does not exist."""
    lines = house().services[DEMO].help_lines(["emergency"])
    page = Response(render_template("start.html", host=own_origin(), site=DEMO, lines=lines))
    # Under "no-referrer" a browser sends the form for a print with "Origin: null", as a stranger's would be.
    page.headers["Referrer-Policy"] = "same-origin"
    return page
