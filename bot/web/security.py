"""Manners of a public service: headers, origins, body limits, and rates."""

import json
from typing import Any

from flask import Flask, Response, request

from bot.model.site import Site
from bot.web.errors import REFUSED, ApiError

BODY = 16 * 1024
"""Bytes of a request body."""
DEPTH = 8
"""Nested lists and objects in a request body."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; img-src 'self'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
)
_CORS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Content-Type, X-Supple-Session",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
}


def install(app: Flask) -> None:
    """Add the headers to every response."""

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        ancestors = " ".join(getattr(request, "supple_ancestors", ()) or ("'none'",))
        policy = getattr(request, "supple_policy", POLICY)
        response.headers.setdefault("Content-Security-Policy", f"{policy}; frame-ancestors {ancestors}")
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if origin := getattr(request, "supple_origin", None):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.update(_CORS)
        response.headers.add("Vary", "Origin")
        return response


def admit(site: Site | None, *, form: bool = False) -> Site:
    """The site, if the request may use it: its own pages may, and the origins that it lists; raises ApiError.

    A `form` that asks for nothing but public things may come from a page that sends no referrer: its origin is "null".
    """
    origin = request.headers.get("Origin")
    if site is None or not site.enabled:
        raise ApiError(*REFUSED)
    if origin is None or origin == own_origin() or (form and origin == "null"):
        return site
    if origin not in site.origins:  # "null" is on no list
        raise ApiError(*REFUSED)
    request.supple_origin = origin  # type: ignore[attr-defined] # read when the response is made
    return site


def own_origin() -> str:
    """The origin under which this request reached us."""
    return f"{request.scheme}://{request.host}"


def body() -> dict[str, Any]:
    """The JSON object that was sent; raises ApiError for anything else."""
    if request.mimetype != "application/json":
        raise ApiError("unsupported_media_type", "Send JSON, with Content-Type: application/json.", 415)
    request.max_content_length = BODY + 1  # a body without a length is cut there, and must be seen to be too long
    raw = request.get_data(cache=False)
    if len(raw) > BODY:
        raise ApiError("too_large", "The request is larger than 16 KiB.", 413)
    try:
        return parsed(raw)
    except ValueError:
        raise ApiError("bad_json", "The body is not a JSON object.", 400) from None


def parsed(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes; raises ValueError for anything else, and for what is nested too deeply."""
    if _depth(raw) > DEPTH:
        raise ValueError
    data = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    if not isinstance(data, dict):
        raise ValueError
    return data


def _refuse(_: str) -> Any:
    raise ValueError


def _depth(raw: bytes) -> int:
    """Deepest nesting of brackets outside of texts, counted before anything is parsed."""
    deepest = depth = 0
    in_text = escaped = False
    for byte in raw:
        if in_text:
            escaped, in_text = byte == 0x5C and not escaped, escaped or byte != 0x22
        elif byte == 0x22:
            in_text = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
