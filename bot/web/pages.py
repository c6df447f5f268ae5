"""Pages for people: the start page, and the talk without JavaScript."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
