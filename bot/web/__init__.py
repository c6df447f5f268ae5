"""The web door: the Rasa-shaped REST endpoint, our own API, and pages, as a Flask application."""

from bot.web.app import create_app
from bot.web.settings import Settings

__all__ = ["Settings", "create_app"]
