"""POST /handout: a routine as a page to print, a calendar file, or plain text. Ids in, and nothing is kept."""

from datetime import UTC

from flask import Blueprint, Response, g, render_template, request

from bot.handout.page import page
from bot.handout.plain import plain
from bot.handout.reminder import calendar, reminder_of
from bot.handout.sheet import HandoutError, Sheet, chosen_of, make_sheet
from bot.handout.words import WEEK
from bot.model.site import DEMO
from bot.service import Service
from bot.web.errors import ApiError, as_page
from bot.web.talks import house, service_of_site

blueprint = Blueprint("handouts", __name__)

FILE = "exercise-time.ics"
"""Name of the calendar file: as neutral as what is in it."""
_UNKNOWN = "This sheet names something that is not here. Please go back to the talk, and ask for it again from there."
_NOTHING = "There is no routine to take home yet. Please go back to the talk."
_WRONG = {"days": "Please choose at least one day.", "time": "Please give a time, such as 18:30."}


@blueprint.before_request
def guard() -> None:
    """Count requests for sheets."""
    if request.method == "POST":
        house().rates.address()


@blueprint.after_request
def for_people(response: Response) -> Response:
    """Show errors as pages, let the form on our own page name its origin, and let nobody frame a sheet."""
    request.supple_ancestors = None  # type: ignore[attr-defined] # those are for the widget
    response.headers["Referrer-Policy"] = "same-origin"
    return as_page(response)


@blueprint.post("/handout")
def handout() -> Response:
    """The routine that the form names, in the format that it wants."""
    service = service_of_site(request.form.get("site") or DEMO, form=True)
    form = request.values.get("format", "html")
    if form not in ("html", "ics", "txt"):
        raise ApiError("bad_format", "A sheet is html, ics or txt.", 400)
    sheet, words = _sheet(service), service.knowledge.widget.handout
    g.told = {"site": service.site.id, "format": form}
    if form == "ics":
        return _calendar(service)
    if form == "txt":
        return Response(plain(sheet, words), mimetype="text/plain")
    return Response(page(sheet, words, style="/static/sheet.css", script="/static/sheet.js"))


def _sheet(service: Service) -> Sheet:
    """The sheet of the form's ids; whatever is wrong with them, the page says nothing of what they were."""
    cautions = _ids("cautions") if "cautions" in request.form else None
    fields = {"kind": request.form.get("kind"), "practices": _ids("practices"), "cautions": cautions}
    try:
        chosen = chosen_of(fields)
        return make_sheet(service.knowledge, service.wording, service.site, chosen, day=service.clinic().now.date())
    except HandoutError as error:
        told = _NOTHING if str(error) == "nothing" else _UNKNOWN
        raise ApiError("unknown_practice", told, 400) from None


def _calendar(service: Service) -> Response:
    """The file; without days a page that asks for them, so that a plain button is enough to get here."""
    now = service.clinic().now
    try:
        reminder = reminder_of(_ids("days"), request.form.get("time", ""))
    except HandoutError as error:
        asked = "time" in request.form
        text = render_template(
            "calendar.html",
            week=WEEK,
            words=service.knowledge.widget.handout,
            alert=_WRONG[str(error)] if asked else "",
        )
        return Response(text, status=422 if asked else 200)
    made = calendar(reminder, service.knowledge.widget.handout, today=now.date(), stamp=now.astimezone(UTC))
    return Response(made, mimetype="text/calendar", headers={"Content-Disposition": f'attachment; filename="{FILE}"'})


def _ids(name: str) -> list[str]:
    """A list of the form: one field with commas, or a field for each."""
    parts = (part.strip() for value in request.form.getlist(name) for part in value.split(","))
    return [part for part in parts if part]
