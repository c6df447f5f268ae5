"""Pages for people: the start page, and the talk without JavaScript."""

import re
import secrets
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_file, url_for
from markupsafe import Markup

from bot.model.site import DEMO
from bot.model.talk import Block, Reply
from bot.model.words import LEVELS, Level, hands_over
from bot.service import Message, Service, Turn, UnknownSessionError
from bot.web.errors import REFUSED, ApiError
from bot.web.talks import (
    house,
    message_of,
    new_session,
    service_of_session,
    service_of_site,
    tell,
    without_words,
)

blueprint = Blueprint("pages", __name__)

COOKIE = "supple_talk"
FORM = 64 * 1024
"""Bytes of a form: percent-encoding makes text up to nine times as long."""
CACHED = 3600
"""Seconds for which browsers keep the style sheet."""

LEVEL_WORDS: dict[Level, str] = {
    "emergency": "Emergency: get help now",
    "same_day": "Today: get this looked at",
    "clinician_first": "A clinician first",
    "caution": "Take care",
    "none": "Please note",
}
_NOTES = {
    "begun": "Your browser did not keep the cookie of this talk, so what you sent is gone. Please allow cookies here.",
    "over": "That talk was over, so this is a new one. Nothing of the old one is kept.",
    "deleted": "Your answers are deleted.",
    "again": "This is a new talk. Nothing of the one before is kept.",
}
_STYLE = Path(__file__).parent / "static" / "supple.css"
_TITLE = re.compile(r"\d+\. ")
_NUMBER = re.compile(r"^([^:]*: \D{0,6}?)(\+?\d[\d -]*\d)(.*)$", re.DOTALL)


@blueprint.before_request
def guard() -> None:
    """Count requests of the talk, and refuse what other sites send in a person's name."""
    if request.endpoint in ("pages.talk", "pages.send"):
        house().rates.address()
    if request.method == "POST":
        if request.headers.get("Origin") not in (None, request.host_url.rstrip("/")):
            raise ApiError(*REFUSED)
        request.max_content_length = FORM


@blueprint.after_request
def for_people(response: Response) -> Response:
    """Show errors as pages, and let forms name their origin."""
    # Under "no-referrer" browsers send a form with "Origin: null", which could not be told from a stranger's.
    response.headers["Referrer-Policy"] = "same-origin"
    if response.is_json and response.status_code >= 400:
        message = response.get_json()["error"]["message"]
        response.set_data(render_template("error.html", message=message))
        response.mimetype = "text/html"
    return response


@blueprint.get("/")
def start() -> str:
    """What this is, and the ways in."""
    return render_template("start.html", host=request.host_url.rstrip("/"), lines=_demo_lines())


@blueprint.get("/away")
def away() -> str:
    """A plain page that shows nothing of us."""
    return render_template("away.html")


@blueprint.get("/static/supple.css")
def style() -> Response:
    """The style sheet."""
    return send_file(_STYLE, mimetype="text/css", max_age=CACHED)


@blueprint.get("/talk")
def talk() -> Response:
    """The last reply of this browser's talk, or the opening; nothing is begun and no cookie is set by looking."""
    note = request.args.get("note", "")
    kept = _kept()
    site = request.args.get("site") or (kept[1].site.id if kept else DEMO)
    if kept and kept[1].site.id == site:
        session, service = kept
        try:
            note = "" if note == "begun" else note
            return _page(service, session, service.last(session), note=note)
        except UnknownSessionError:
            note = "over"
    service = service_of_site(site)
    response = _page(service, None, service.opening(), note=note)
    if note == "over":
        _drop(response)
    return response


@blueprint.post("/talk")
def send() -> Response:
    """Do what the form says, then send the browser to the page, so that a reload sends nothing again."""
    kept, do = _kept(), request.form.get("do", "send")
    if do == "delete":
        if kept:
            kept[1].store.forget(kept[0])
        return _drop(_to("deleted"))
    if do == "again":
        return _again(kept)
    site = request.form.get("site") or (kept[1].site.id if kept else DEMO)
    if kept and kept[1].site.id == site:
        session, service, note = *kept, ""
    else:
        session, service, note = *_begin(site, kept), "begun"
    house().rates.session(session)
    try:
        turn = _apply(service, session)
    except UnknownSessionError:
        if not request.form.get("text", "").strip():
            return _drop(_to("over"))  # ticks answer a question that no longer stands
        session, service, note = *_begin(site, None), "over"
        turn = _apply(service, session)
    tell(service.site.id, turn, without_words(turn.reply))
    unchanged = turn.event is None
    response = _unchanged(service, session, turn) if unchanged else _to(note)
    return _keep(response, session)


def _kept() -> tuple[str, Service] | None:
    """Session and service of the cookie; none where it holds no id that may be used here."""
    try:
        return service_of_session(request.cookies.get(COOKIE))
    except ApiError:
        return None


def _begin(site: str, kept: tuple[str, Service] | None) -> tuple[str, Service]:
    """A new talk; the one it takes the place of is forgotten, for no cookie leads to it any more."""
    service = service_of_site(site)
    if kept:
        kept[1].store.forget(kept[0])
    session = new_session(site)
    service.open(session)
    return session, service


def _again(kept: tuple[str, Service] | None) -> Response:
    if kept is None:
        return _to("")
    session, service = kept
    house().rates.session(session)
    try:
        service.turn(session, Message(choose=("restart",), question="next"))
    except UnknownSessionError:
        return _drop(_to("over"))
    return _to("again")


def _apply(service: Service, session: str) -> Turn:
    """Words and ticks of one form: both count, words first; ticks never push a graver reply to the words away."""
    text, ticks = request.form.get("text", ""), request.form.getlist("choose")
    id_ = request.form.get("id") or None
    words = message_of({"text": text, "id": id_})
    if not ticks:
        return service.turn(session, words)
    chosen = message_of({"choose": ticks, "question": request.form.get("question"), "id": id_})
    if not text.strip():
        return service.turn(session, chosen)
    turn = service.turn(session, words)
    if turn.event is None or (hands_over(turn.reply.level) and not _graver(service, ticks, turn.reply.level)):
        return turn
    both = Message(choose=chosen.choose, question=chosen.question, id=id_ and f"{id_}+")
    after = service.turn(session, both)
    return turn if after.event is None else after


def _graver(service: Service, ticks: list[str], level: Level) -> bool:
    rules = service.knowledge.safety
    return any(LEVELS.index(rules[tick].level) > LEVELS.index(level) for tick in ticks if tick in rules)


def _to(note: str) -> Response:
    """Send the browser to the page, at the reply."""
    return make_response(redirect(url_for("pages.talk", note=note or None, _anchor="reply"), 303))


def _keep(response: Response, session: str) -> Response:
    response.set_cookie(COOKIE, session, path="/talk", httponly=True, samesite="Strict", secure=request.is_secure)
    return response


def _drop(response: Response) -> Response:
    response.delete_cookie(COOKIE, path="/talk", httponly=True, samesite="Strict", secure=request.is_secure)
    return response


def _unchanged(service: Service, session: str, turn: Turn) -> Response:
    """Why nothing happened, with what was typed and ticked still there: it came back at once and is not kept."""
    said, *rest = turn.reply.blocks
    reply = Reply(turn.reply.level, None, tuple(rest))
    response = _page(service, session, reply, alert=said.text, text=request.form.get("text", ""))
    response.status_code = 422
    return response


def _page(
    service: Service, session: str | None, reply: Reply, *, note: str = "", alert: str = "", text: str = ""
) -> Response:
    blocks = reply.blocks
    asked = [block for block in blocks if block.type == "choices" and block.data["question"] != "confirm"]
    of_crisis = any(block.type == "care_card" and block.data["rule"] is None for block in blocks)
    return make_response(
        render_template(
            "talk.html",
            blocks=[block for block in blocks if not asked or block is not asked[-1]],
            question=asked[-1] if asked else None,
            site=service.site,
            session=session,
            id=secrets.token_urlsafe(16),
            alert=alert,
            status=_NOTES.get(note, ""),
            text=text,
            ticked=request.form.getlist("choose"),
            # Which crisis it was is not kept, so every line is shown, whatever it was.
            lines=service.help_lines() if of_crisis else [],
            for_clinician=_for_clinician(service, session) if session else "",
            level_words=LEVEL_WORDS,
        )
    )


def _for_clinician(service: Service, session: str) -> str:
    """What is kept, in words to hand on."""
    state, knowledge = service.state(session), service.knowledge
    labels = [knowledge.safety[rule].label for rule in state.conditions(knowledge)]
    labels += [knowledge.label(id_) for id_ in state.present()]
    return f"I told a chat program, Supple, about: {', '.join(labels)}." if labels else ""


def _demo_lines() -> list[str]:
    return house().services[DEMO].help_lines()[:1]


@blueprint.app_template_filter("parts")
def parts(text: str) -> list[tuple[str, list[str]]]:
    """A text as paragraphs and lists: `("p", [line])` or `("ul", [line, …])`."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        kind = "ul" if line.startswith("- ") else "p"
        line = line.removeprefix("- ")
        if kind == "ul" and found and found[-1][0] == "ul":
            found[-1][1].append(line)
        else:
            found.append((kind, [line]))
    return found


@blueprint.app_template_filter("callable")
def callable_(line: str) -> Markup:
    """A help line whose number can be tapped."""
    match = _NUMBER.match(line)
    if not match:
        return Markup("{}").format(line)
    dialled = re.sub(r"[ -]", "", match[2])
    return Markup('{}<a href="tel:{}">{}</a>{}').format(match[1], dialled, match[2], match[3])


@blueprint.app_template_filter("articles")
def articles(block: Block) -> dict[str, Any] | None:
    """A routine in pieces, words as in its text and structure as in its data; none where the two do not fit."""
    intro, *chunks = block.text.split("\n\n")
    practices = block.data["practices"]
    cards, rest = chunks[: len(practices)], chunks[len(practices) + 1 :]  # between them all stop rules together
    if not practices or len(cards) < len(practices) or not all(map(_TITLE.match, cards)):
        return None
    return {"intro": intro, "practices": list(map(_article, cards, practices)), "rest": rest}


def _article(card: str, practice: dict[str, Any]) -> dict[str, Any]:
    lines = [line.strip() for line in card.split("\n")[1:] if not line.strip().startswith("- ")]
    because, setup = lines[0], practice["setup"] or ""
    if setup and because.endswith(setup):
        because = because.removesuffix(setup).strip()
    else:
        setup = ""  # of the whole practice, where only its safe form is shown
    return {**practice, "because": because, "setup": setup, "minding": " ".join(lines[1:])}
