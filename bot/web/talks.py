"""What the doors of the web share: the house, the service of a session, and a message from a request."""

import re
import secrets
import time
from typing import Any

from flask import Response, current_app, g, request

from bot.model.talk import Reply
from bot.service import Message, Service, Turn
from bot.service.rasa import MOST_IDS, is_id
from bot.web.errors import REFUSED, ApiError
from bot.web.house import House
from bot.web.security import admit

_SESSION = re.compile(r"([a-z][a-z0-9_-]{0,62})\.([A-Za-z0-9_-]{22})")


def house() -> House:
    """What requests share."""
    shared: House = current_app.extensions["supple"]
    return shared


def new_session(site: str) -> str:
    """An id that cannot be guessed (128 bits), and that names its site."""
    return f"{site}.{secrets.token_urlsafe(16)}"


def receive() -> Response | None:
    """Before every request: answer a browser that asks before it sends; count all else; raises ApiError."""
    if request.method == "OPTIONS":
        _share()
        return Response(status=204)
    try:
        house().rates.address()
    except ApiError:
        _share()  # the widget must be able to read how long to wait
        raise
    return None


def _share() -> None:
    """An origin that some site lists may read this response; which site may be used from it is judged elsewhere."""
    origin = request.headers.get("Origin")
    if origin and any(origin in service.site.origins for service in house().services.values() if service.site.enabled):
        request.supple_origin = origin  # type: ignore[attr-defined] # read when the response is made


def service_of_site(site: str, *, form: bool = False) -> Service:
    """The service of a site that this request, or `form` for public things, may use; raises ApiError."""
    admitted = admit(house().site(site), form=form)
    request.supple_ancestors = admitted.origins  # type: ignore[attr-defined] # pages that may frame the response
    return house().services[site]


def service_of_session(session: str | None) -> tuple[str, Service]:
    """Session id and service; raises ApiError for an id that is none, and one of a site that may not be used."""
    match = _SESSION.fullmatch(session or "")
    if not match:
        raise ApiError("unknown_session", "This talk is over or was never begun; please begin a new one.", 404)
    if house().site(match[1]) is None:
        raise ApiError(*REFUSED)
    return match[0], service_of_site(match[1])


def message_of(data: dict[str, Any]) -> Message:
    """The message in a request's JSON; raises ApiError."""
    text, choose, question, id_ = (data.get(key) for key in ("text", "choose", "question", "id"))
    wrong = ApiError("bad_message", 'A message needs "text", or "choose" with a list of option ids.', 400)
    if not all(value is None or is_id(value) for value in (question, id_)):
        raise wrong
    if choose is not None:
        if text is not None or not isinstance(choose, list) or len(choose) > MOST_IDS:
            raise wrong
        if not all(map(is_id, choose)):
            raise wrong
        return Message(choose=tuple(choose), question=question, id=id_)
    if not isinstance(text, str):
        raise wrong
    return Message(text=text, id=id_)


def tell(site: str, turn: Turn, reply: Reply) -> None:
    """Note for the log and the counts what came of a message: of a crisis or abuse only the level."""
    g.told = {"site": site, "level": reply.level}
    if not turn.state.crisis:
        rules = [block.data["rule"] for block in reply.blocks if block.type == "care_card"]
        g.told |= {"rules": rules, "blocks": [block.type for block in reply.blocks]}
    if not turn.again:
        house().counts.turn(turn, 1000 * (time.perf_counter() - g.began))
