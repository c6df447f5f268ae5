"""The description of the API holds: requests made from it are answered as it says, and replies have its shape."""

import io
import json
import re
from typing import Any

import hypothesis
import jsonschema
import pytest
import schemathesis
from bot.cli.talk import message_of
from bot.content.files import cache_folder
from bot.model.talk import Block, Reply
from bot.service import Service
from bot.service.rasa import without_words
from bot.sessions import MemoryStore
from bot.web import Settings, create_app
from bot.web.logs import Log
from bot.web.openapi import document, schema_of_a_reply
from bot.web.talks import new_session
from flask import Flask
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.test_conversations import SCRIPTS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 200


def application() -> Flask:
    settings = Settings(cache=str(cache_folder()), country="GB", address_rate=0, session_rate=0)
    return create_app(settings, store=MemoryStore(), log=Log(io.StringIO()))


@pytest.fixture(scope="module")
def app() -> Flask:
    return application()


@pytest.fixture(scope="module")
def api(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = schema_of_a_reply()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


REQUESTS = [
    (path, method, mode)
    for path, item in document()["paths"].items()
    for method, operation in item.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode.is_positive or {"requestBody", "parameters"} & operation.keys()  # else nothing can be wrong in it
]


@pytest.mark.parametrize(("path", "method", "mode"), REQUESTS)
def test_the_api_answers_as_it_says(path: str, method: str, mode: GenerationMode, api: Any, app: Flask) -> None:
    operation = api[path][method]

    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    def answered(case: Any) -> None:
        _in_a_talk(case, app)
        case.validate_response(case.call(), checks=CHECKS)

    answered()


def _in_a_talk(case: Any, app: Flask) -> None:
    """Two in three requests that need a talk are given one: a made-up id is never answered with more than "unknown"."""
    if "X-Supple-Session" in case.headers and hash(str(case.body)) % 3:
        session = new_session("demo")
        app.extensions["supple"].services["demo"].open(session)
        case.headers["X-Supple-Session"] = session


def test_every_route_is_described(app: Flask) -> None:
    described = {(path, method.upper()) for path, item in document()["paths"].items() for method in item}
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.partition(".")[0] in ("api", "rest", "health", "openapi")
    }

    assert described == served


def test_every_reference_leads_somewhere() -> None:
    for whole in (document(), schema_of_a_reply()):
        for reference in _references(whole):
            found: Any = whole
            for part in reference.removeprefix("#/").split("/"):
                found = found[part]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in _references(value)]
    return [ref for value in node for ref in _references(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_every_reply_of_a_script_has_the_shape(script: Any, service: Service, validator: Any) -> None:
    session = f"shape {script['name']}"
    reply = service.open(session)
    validator.validate(_json(reply))
    for turn in script["turns"]:
        reply = service.handle(session, message_of(turn["type"], reply))
        for shown in (reply, without_words(reply)):
            validator.validate(_json(shown))


def test_the_scripts_show_every_type_of_block(service: Service) -> None:
    seen = set()
    for script in SCRIPTS:
        session = f"types {script['name']}"
        reply = service.open(session)
        for turn in script["turns"]:
            reply = service.handle(session, message_of(turn["type"], reply))
            seen |= {block.type for block in reply.blocks}

    assert seen == set(schema_of_a_reply()["$defs"]["Block"]["discriminator"]["mapping"])


@pytest.mark.parametrize(
    "block",
    [
        Block("riddle", "what is this?"),
        Block("choices", "no options"),
        Block("choices", "wrong", {"question": "gate", "multiple": "yes", "options": []}),
        Block("care_card", "no such level", {"rule": None, "level": "dire", "lane": "body", "lines": []}),
        Block("note", "words are a text", {"words": ["a"]}),
    ],
    ids=lambda block: block.text,
)
def test_a_wrong_block_has_not_the_shape(block: Block, validator: Any) -> None:
    assert not validator.is_valid(_json(Reply("none", None, (block,))))


def _json(reply: Reply) -> Any:
    return json.loads(json.dumps(reply.to_json()))
