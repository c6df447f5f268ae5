"""Errors as JSON: a code and a plain sentence, never a trace and never what was sent."""

from flask import Flask, Response, jsonify, render_template
from werkzeug.exceptions import HTTPException

from bot.service import UnknownSessionError
from bot.sessions import StoreError

REFUSED = ("refused", "This site cannot be used from here.", 403)
"""One answer for an unknown site, a disabled one, and an origin that is not listed: none of them tells which it was."""

_BY_STATUS = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This method is not allowed here."),
    411: ("length_required", "The length of the body must be given."),
    413: ("too_large", "The request is larger than 16 KiB."),
    415: ("unsupported_media_type", "Send JSON, with Content-Type: application/json."),
    429: ("too_many", "Too many messages; please wait a little."),
    503: ("unavailable", "The service cannot keep this talk just now; please try again in a moment."),
}


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(self, code: str, message: str, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.message, self.status, self.headers = code, message, status, headers or {}


def error(code: str, message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """The response of an error."""
    response = jsonify({"error": {"code": code, "message": message}})
    response.status_code = status
    response.headers.update(headers or {})
    return response


def as_page(response: Response) -> Response:
    """The response of an error as a page; any other as it is."""
    if response.is_json and response.status_code >= 400:
        message = response.get_json()["error"]["message"]
        response.set_data(render_template("error.html", message=message))
        response.mimetype = "text/html"
    return response


def install(app: Flask) -> None:
    """Answer every failure in this shape."""

    @app.errorhandler(ApiError)
    def told(failure: ApiError) -> Response:
        return error(failure.code, failure.message, failure.status, failure.headers)

    @app.errorhandler(UnknownSessionError)
    def unknown(_: UnknownSessionError) -> Response:
        return error("unknown_session", "This talk is over or was never begun; please begin a new one.", 404)

    @app.errorhandler(StoreError)
    def unavailable(_: StoreError) -> Response:
        return error(*_BY_STATUS[503], 503, {"Retry-After": "2"})

    @app.errorhandler(HTTPException)
    def http(failure: HTTPException) -> Response:
        status = failure.code or 500
        code, message = _BY_STATUS.get(status, ("error", "The request was not answered."))
        headers = {key: value for key, value in failure.get_headers() if key in ("Allow", "Retry-After")}
        return error(code, message, status, headers)

    @app.errorhandler(Exception)
    def unforeseen(failure: Exception) -> Response:
        # Its message may hold what was typed, so only its kind and place are told to the log.
        app.extensions["supple"].log.failure(failure)
        return error("internal", "Something went wrong here; nothing was kept of it.", 500)
