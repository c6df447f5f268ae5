"""Pages for people: the talk without JavaScript."""

import hashlib
import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from bot.model.site import DEMO
from bot.model.talk import Reply
from bot.model.words import LEVELS, Level, hands_over
from bot.service import Message, Service, Turn, UnknownSessionError
from bot.service.rasa import without_words
from bot.web.errors import REFUSED, ApiError, as_page
from bot.web.security import own_origin
from bot.web.talks import (
    house,
    message_of,
    new_session,
    service_of_session,
    service_of_site,
    tell,
)
from bot.web.view import articles, dialled, parts

blueprint = Blueprint("pages", __name__)
for name, pieces in (("parts", parts), ("dialled", dialled), ("articles", articles)):
    blueprint.add_app_template_filter(pieces, name)

COOKIE = "supple_talk"
FORM = 64 * 1024
"""Bytes of a form: percent-encoding makes text up to nine times as long."""

_NOTES = {
    "begun": "Your browser did not keep the cookie of this talk, so what you sent is gone. Please allow cookies here.",
    "over": "That talk was over, so this is a new one. Nothing of the old one is kept.",
    "deleted": "Your answers are deleted.",
    "again": "This is a new talk. Nothing of the one before is kept.",
}


@blueprint.before_request
def guard() -> None:
    """Count requests of the talk, and refuse what other sites send in a person's name."""
    if request.endpoint in ("pages.talk", "pages.send"):
        house().rates.address()
    if request.method == "POST":
        if request.headers.get("Origin") not in (None, own_origin()):
            raise ApiError(*REFUSED)
        request.max_content_length = FORM


@blueprint.after_request
def for_people(response: Response) -> Response:
    """Show errors as pages, let forms name their origin, and let no other site frame or read a page."""
    request.supple_ancestors = request.supple_origin = None  # type: ignore[attr-defined] # those are for the widget
    # Under "no-referrer" browsers send a form with "Origin: null", which could not be told from a stranger's.
    response.headers["Referrer-Policy"] = "same-origin"
    return as_page(response)


@blueprint.get("/away")
def away() -> str:
    """A plain page that shows nothing of us."""
    return render_template("away.html")


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
    """Do what the form says, then send the browser to the page, so that a reload sends nothing again.

    In a crisis the reply itself is the page. Its form sent again changes nothing while that talk goes on, as every form
    has an id.
    """
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
    if not turn.changed:
        response = _unchanged(service, session, turn)
    elif turn.state.crisis:  # of such a message only the level is kept, so what was told can be answered only now
        response = _page(service, session, turn.reply, note="" if note == "begun" else note)
    else:
        response = _to(note)
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
    id_ = _id_of(text, ticks)
    words = message_of({"text": text, "id": id_})
    if not ticks:
        return service.turn(session, words)
    chosen = message_of({"choose": ticks, "question": request.form.get("question"), "id": id_})
    if not text.strip():
        return service.turn(session, chosen)
    turn = service.turn(session, words)
    if turn.event["type"] == "nothing" or (
        hands_over(turn.reply.level) and not _graver(service, ticks, turn.reply.level)
    ):
        return turn
    both = Message(choose=chosen.choose, question=chosen.question, id=id_ and f"{id_}+")
    after = service.turn(session, both)
    return after if after.changed else turn


def _id_of(text: str, ticks: list[str]) -> str | None:
    """The form's id and content in one: a form changed after going back is a new message, not the old one again.

    The form's random id is kept nowhere, so that the words cannot be guessed from this.
    """
    id_ = request.form.get("id")
    return hashlib.sha256("\0".join([id_, text, *ticks]).encode()).hexdigest()[:32] if id_ else None


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
    return make_response(
        render_template(
            "talk.html",
            blocks=[block for block in blocks if not asked or block is not asked[-1]],
            question=asked[-1] if asked else None,
            site=service.site,
            idle_minutes=service.idle_minutes,
            session=session,
            id=secrets.token_urlsafe(16),
            alert=alert,
            status=_NOTES.get(note, ""),
            text=text,
            ticked=request.form.getlist("choose"),
            lines=_further_lines(service, reply, service.state(session).country if session else None),
            for_clinician=_for_clinician(service, session) if session else "",
            words=service.knowledge.widget.talk,
        )
    )


def _for_clinician(service: Service, session: str) -> str:
    """What is kept, in words to hand on."""
    state, knowledge = service.state(session), service.knowledge
    labels = [knowledge.safety[rule].label for rule in state.conditions(knowledge)]
    labels += [knowledge.label(id_) for id_ in state.present()]
    return f"I told a chat program, Supple, about: {', '.join(labels)}." if labels else ""


def _further_lines(service: Service, reply: Reply, country: str | None) -> list[str]:
    """Beside a crisis card without its rule the lines of all crises: which one it was is not kept."""
    cards = [block for block in reply.blocks if block.type == "care_card" and block.data["rule"] is None]
    rules = [rule for rule in service.knowledge.safety.values() if cards and rule.lane == "crisis"]
    shown = {line for card in cards for line in card.data["lines"]}
    lines = service.help_lines({key for rule in rules for key in rule.lines}, country)
    return [line for line in lines if line not in shown]
