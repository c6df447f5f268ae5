"""The application: services by site, behind the manners of security.py."""

import secrets
import time
from pathlib import Path

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.sessions import SessionStore
from bot.web import api, assets, demo, errors, handouts, health, openapi, pages, rest, security, widget
from bot.web.house import build_house
from bot.web.logs import Log
from bot.web.settings import Settings


def create_app(settings: Settings | None = None, *, store: SessionStore | None = None, log: Log | None = None) -> Flask:
    """The WSGI application, for any server; raises ContentError, SettingError or StoreError when it cannot start."""
    settings = settings or Settings()
    app = Flask("bot.web", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    app.config["MAX_CONTENT_LENGTH"] = security.BODY
    app.json.sort_keys = False  # type: ignore[attr-defined] # the order of a reply's keys is the contract's
    app.extensions["supple"] = build_house(settings, store, log)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    errors.install(app)
    security.install(app)
    _log_requests(app)
    for part in (rest, api, assets, demo, pages, handouts, health, openapi, widget):
        app.register_blueprint(part.blueprint)
    return app


def _log_requests(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began, g.request_id, g.told = time.perf_counter(), secrets.token_hex(8), {}

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint not in ("health.alive", "health.ready"):
            app.extensions["supple"].log.write(
                "request",
                id=g.request_id,
                route=request.url_rule.rule if request.url_rule else None,
                method=request.method,
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - g.began), 2),
                **g.told,
            )
        return response
