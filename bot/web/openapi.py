"""What programs are told of the API: OpenAPI 3.1, and the JSON Schema of a reply."""

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify

from bot.model.words import Level
from bot.service.rasa import MOST_ID, MOST_IDS
from bot.web.api import HEADER
from bot.web.rest import MOST_SENDER
from bot.web.shapes import TEXT, TEXTS, YES, Schema, listed, object_, or_null, schemas, shape_of

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")

DIALECT = "https://json-schema.org/draft/2020-12/schema"

ANY: Schema = {"type": "object"}
NULL: Schema = {"type": "null"}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document."""
    return jsonify(document())


@blueprint.get("/reply.schema.json")
def reply_schema() -> Response:
    """The JSON Schema of a reply."""
    response = jsonify(schema_of_a_reply())
    response.mimetype = "application/schema+json"
    return response


def schema_of_a_reply() -> Schema:
    """JSON Schema 2020-12 of a reply."""
    return {"$schema": DIALECT, "title": "A reply of Supple", "$ref": "#/$defs/Reply", "$defs": schemas("#/$defs/")}


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Supple",
            "version": version("supple-bot"),
            "description": "Says what five articles about the psoas suggest for what you feel. Not medical advice.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": {**schemas("#/components/schemas/"), **_messages()}},
    }


def _messages() -> dict[str, Schema]:
    option: Schema = {"type": "string", "maxLength": MOST_ID, "pattern": "^[ -~]*$"}
    named: Schema = {**option, "type": ["string", "null"]}
    button = object_({"title": TEXT, "payload": TEXT})
    return {
        "Error": object_({"error": object_({"code": TEXT, "message": TEXT})}),
        "Message": {
            "description": "Words, or choices; the same id again changes nothing and gets the same reply.",
            "oneOf": [
                object_({"text": TEXT, "choose": NULL, "question": named, "id": named}, ("text",)),
                object_(
                    {"choose": {**listed(option), "maxItems": MOST_IDS}, "text": NULL, "question": named, "id": named},
                    ("choose",),
                ),
            ],
        },
        "RestMessage": object_(
            {
                "sender": {"type": "string", "minLength": 1, "maxLength": MOST_SENDER},
                "message": {"type": "string", "description": 'Words, or /choose{"question": …, "ids": […]}.'},
                "metadata": {"type": ["object", "null"], "properties": {"site": TEXT}},
            },
            ("sender", "message"),
        ),
        "RestReply": object_(
            {
                "recipient_id": TEXT,
                "text": TEXT,
                "buttons": listed(button),
                "image": TEXT,
                "custom": object_({"block": {"$ref": "#/components/schemas/Block"}}),
            },
            ("recipient_id",),
        ),
    }


def _paths() -> dict[str, Any]:
    reply, ok = _shape("Reply"), object_({"status": TEXT})
    begun = {"allOf": [reply, object_({"session": TEXT})]}
    session = [{"name": HEADER, "in": "header", "required": True, "schema": TEXT}]
    stream = [{"name": "stream", "in": "query", "schema": {"type": "string", "enum": ["true", "false"]}}]
    lines = {"text/event-stream": {"schema": {**TEXT, "description": "One message of the list in each line."}}}
    posted = (400, 403, 411, 413, 415, 429, 503)
    held = (403, 404, 429, 503)
    hook = _operation("Answer a message of a sender", 200, listed(_shape("RestReply")), posted, "RestMessage", stream)
    hook["responses"]["200"]["content"].update(lines)
    site = [{"name": "site", "in": "path", "required": True, "schema": {**TEXT, "pattern": "^[a-z][a-z0-9_-]*$"}}]
    shown = _operation("What a site shows of itself, for the widget", 200, _site(), (403, 429), None, site)
    begin = _operation("Begin a talk", 201, begun, posted, object_({"site": TEXT}, ()))
    told = _operation("Answer a message", 200, reply, (*posted, 404), "Message", session)
    where = _operation("Where a talk stands, by ids", 200, _where(), held, None, session)
    export = _operation("Everything that is kept of a talk", 200, _export(), held, None, session)
    forget = _operation("Forget a talk for good", 204, None, held, None, session)
    ready = _operation("Whether the service can answer", 200, _ready(), (), None)
    ready["responses"]["503"] = {**ready["responses"]["200"], "description": "The store cannot be reached"}
    counts = _operation("Counts as Prometheus text, for the same machine only", 200, None, (404, 503), None)
    counts["responses"]["404"]["description"] = "Asked from another machine"
    counts["responses"]["200"]["content"] = {"text/plain": {"schema": TEXT}}
    own = _operation("A description of the API", 200, ANY, (), None)
    replies = _operation("The JSON Schema of a reply", 200, ANY, (), None)
    replies["responses"]["200"]["content"] = {"application/schema+json": {"schema": ANY}}
    return {
        "/webhooks/rest/": {"get": _operation("Whether the channel is there", 200, ok, (), None)},
        "/webhooks/rest/webhook": {"post": hook},
        "/api/v1/sites/{site}": {"get": shown},
        "/api/v1/sessions": {"post": begin},
        "/api/v1/messages": {"post": told},
        "/api/v1/session": {"get": where, "delete": forget},
        "/api/v1/export": {"get": export},
        "/api/v1/openapi.json": {"get": own},
        "/api/v1/reply.schema.json": {"get": replies},
        "/healthz": {"get": _operation("Whether the process answers", 200, ok, (), None)},
        "/readyz": {"get": ready},
        "/metrics": {"get": counts},
    }


def _shape(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_ERRORS = {
    400: "The request cannot be read, or is no message",
    403: "The site cannot be used from here",
    404: "The talk is over or was never begun",
    411: "The length of the body is missing",
    413: "The body is too large",
    415: "The body is not JSON",
    429: "Too many requests; Retry-After says how many seconds to wait",
    503: "The talk cannot be kept just now; Retry-After says how many seconds to wait",
}


def _operation(
    summary: str,
    status: int,
    schema: Schema | None,
    failures: tuple[int, ...],
    body: str | Schema | None,
    parameters: list[Schema] | None = None,
) -> Schema:
    good: Schema = {"description": summary}
    if schema is not None:
        good["content"] = {"application/json": {"schema": schema}}
    operation: Schema = {"summary": summary, "responses": {str(status): good}}
    for failure in failures:
        told: Schema = {
            "description": _ERRORS[failure],
            "content": {"application/json": {"schema": _shape("Error")}},
        }
        if failure in (429, 503):
            told["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
        operation["responses"][str(failure)] = told
    if parameters:
        operation["parameters"] = parameters
    if body is not None:
        given = _shape(body) if isinstance(body, str) else body
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": given}}}
    return operation


def _where() -> Schema:
    statuses: Schema = {"type": "object", "additionalProperties": TEXT}
    return object_(
        {
            "site": TEXT,
            "level": shape_of(Level),
            "symptoms": statuses,
            "contexts": statuses,
            "open": or_null(TEXT),
            "passed": TEXTS,
            "handover": or_null(shape_of(Level)),
            "routine_shown": YES,
        }
    )


def _site() -> Schema:
    texts: Schema = {"type": "object", "additionalProperties": TEXT}
    return object_(
        {
            **dict.fromkeys(("id", "name", "position", "lang", "locale", "dir"), TEXT),
            **{key: or_null(TEXT) for key in ("phone", "booking", "logo", "next_open")},
            "minimum_age": {"type": "integer"},
            "retention_minutes": {"type": "integer"},
            **dict.fromkeys(("consent", "check_in"), YES),
            "open_now": or_null(YES),
            "theme": object_(dict.fromkeys(("accent", "on_accent", "background", "text"), TEXT)),
            "emergency": TEXTS,
            "words": object_({"talk": texts, "routine": texts, "handout": texts}),
            "opening": _shape("Reply"),
            "files": texts,
            "drawings": texts,
        }
    )


def _export() -> Schema:
    return object_({"site": TEXT, "events": listed(object_({"type": TEXT}))})


def _ready() -> Schema:
    count: Schema = {"type": "integer"}
    texts = dict.fromkeys(("status", "version", "knowledge"), TEXT)
    return object_({**texts, "sites": count, "unreviewed": count, "accepted_unreviewed": YES})
