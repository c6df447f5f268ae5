"""The shapes of a reply, as JSON Schema: the contract's block types, and the records that a reading is made of."""

from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.model.slots import ACTIVITIES, SIDES
from bot.model.talk import Finding, SafetyFinding, Uncovered
from bot.model.words import Lane, Level

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
YES: Schema = {"type": "boolean"}
NUMBERS: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 2}


def schemas(prefix: str) -> dict[str, Schema]:
    """Every shape by name; `prefix` is where they refer to each other."""

    def ref(name: str) -> Schema:
        return {"$ref": f"{prefix}{name}"}

    blocks = {f"{type_.title().replace('_', '')}Block": type_ for type_ in _BLOCKS}
    return {
        "Reply": object_(
            {
                "level": shape_of(Level),
                "understood": or_null(ref("Reading")),
                "blocks": {"type": "array", "items": ref("Block")},
            }
        ),
        "Block": {
            "oneOf": [ref(name) for name in blocks],
            "discriminator": {
                "propertyName": "type",
                "mapping": {type_: f"{prefix}{name}" for name, type_ in blocks.items()},
            },
        },
        **{name: _block(type_, _BLOCKS[type_](ref)) for name, type_ in blocks.items()},
        "Option": object_({"id": TEXT, "label": TEXT}),
        "Practice": _practice(ref),
        "Claim": object_({"source": TEXT, "kind": _KINDS, "place": or_null(TEXT), "because": TEXTS}),
        "Dose": object_({"hold_s": {"type": "number"}, "reps": NUMBERS, "minutes": NUMBERS, "frequency": TEXT}, ()),
        "Blocked": object_({"id": TEXT, "by": TEXTS, "instead": or_null(TEXT)}),
        "Reading": _reading(ref),
        "Slots": _slots(),
        **{kind.__name__: _record(kind) for kind in (Finding, Uncovered, SafetyFinding)},
    }


_KINDS: Schema = {"enum": ["explicit", "implied", "against", "explains", "ours"]}


def object_(properties: dict[str, Schema], required: tuple[str, ...] | None = None) -> Schema:
    """An object; all keys are required unless others are named."""
    return {"type": "object", "properties": properties, "required": list(properties if required is None else required)}


def _block(type_: str, data: dict[str, Schema]) -> Schema:
    return object_({"type": {"const": type_}, "text": TEXT, **data}, ("type", "text", *_always(type_, data)))


def _always(type_: str, data: dict[str, Schema]) -> tuple[str, ...]:
    # The answer to "where do they differ" is a why block with the disagreements alone.
    return ("disagreements",) if type_ == "why" else tuple(data)


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _reading(ref: Any) -> Schema:
    return object_(
        {
            "text": TEXT,
            "intent": TEXT,
            "symptoms": {"type": "array", "items": ref("Finding")},
            "context": TEXTS,
            "uncovered": {"type": "array", "items": ref("Uncovered")},
            "safety": {"type": "array", "items": ref("SafetyFinding")},
            "level": shape_of(Level),
            "slots": ref("Slots"),
        }
    )


def _slots() -> Schema:
    """Only what was said is there."""
    span = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    return object_(
        {
            "side": {"enum": list(SIDES)},
            "duration": object_({"text": TEXT, "span": span, "days": or_null({"type": "integer"})}),
            "since": object_({"text": TEXT, "span": span}),
            "intensity": {"type": "number", "minimum": 0, "maximum": 10},
            **dict.fromkeys(("worse_with", "better_with"), listed({"enum": list(ACTIVITIES)})),
            "minutes": {"type": "integer", "minimum": 1},
        },
        (),
    )


def _practice(ref: Any) -> Schema:
    return object_(
        {
            **dict.fromkeys(("id", "title", "phase"), TEXT),
            "setup": or_null(TEXT),
            "steps": TEXTS,
            "dose": or_null(ref("Dose")),
            "cautions": TEXTS,
            "stop_if": TEXT,
            "drawing": or_null(TEXT),
            "drawing_text": or_null(TEXT),
            "sides": {"enum": ["each", "alternate", None]},
            "claims": listed(ref("Claim")),
            "disagreements": TEXTS,
            "commercial": YES,
            **dict.fromkeys(("because", "amount", "care"), TEXT),
            **dict.fromkeys(("why", "dissent"), TEXTS),
        }
    )


_BLOCKS: dict[str, Any] = {
    "text": lambda ref: {},
    "disclaimer": lambda ref: {},
    "choices": lambda ref: {"question": TEXT, "multiple": YES, "options": listed(ref("Option"))},
    "care_card": lambda ref: {
        "rule": or_null(TEXT),
        "level": shape_of(Level),
        "lane": shape_of(Lane),
        "lines": TEXTS,
        "open_now": or_null(YES),
        "next_open": or_null(TEXT),
    },
    "note": lambda ref: {"words": or_null(TEXT)},
    "coverage": lambda ref: {"uncovered": listed(ref("Uncovered")), "no_practice": TEXTS},
    "routine": lambda ref: {
        "minutes": or_null(NUMBERS),
        "practices": listed(ref("Practice")),
        "also_named": listed(ref("Practice")),
        "disagreements": TEXTS,
        "blocked": listed(ref("Blocked")),
        **dict.fromkeys(("left_out", "dissent"), TEXTS),
        "handout": or_null(object_({"kind": TEXT, "practices": TEXTS, "cautions": TEXTS})),
    },
    "why": lambda ref: {
        "practices": listed(object_({"id": TEXT, "claims": listed(ref("Claim"))})),
        "blocked": listed(ref("Blocked")),
        "nearly": listed(object_({"claim": TEXT, "missing": TEXTS})),
        "disagreements": TEXTS,
    },
    "sources": lambda ref: {"sources": listed(object_({"id": TEXT, "title": TEXT, "author": TEXT, "places": TEXTS}))},
}
"""What each type of block holds beside its type and text."""


def _record(kind: type) -> Schema:
    hints = get_type_hints(kind)
    return object_({item.name: shape_of(hints[item.name]) for item in fields(kind) if item.name != "drivers"})


def shape_of(hint: Any) -> Schema:
    """The schema of a Python type, of those that readings are made of."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, UnionType):
        return or_null(shape_of(next(part for part in parts if part is not NoneType)))
    if origin is tuple:
        return {"type": "array", "items": shape_of(parts[0]), "minItems": len(parts), "maxItems": len(parts)}
    return {"type": {str: "string", float: "number", int: "integer", bool: "boolean"}[hint]}
