"""Checks the shape of a file against its class, and writes the JSON Schemas that editors complete from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import line_of
from bot.model.record import Ref

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "frozen_set_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "dataclass_type": "a mapping",
}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def check_shape(kind: Any, raw: Any, file: str) -> list[Problem]:
    """Every place where `raw` does not have the shape of `kind`."""
    try:
        # Through JSON, because only there strict means that a list may fill a tuple but text may not fill a number.
        _adapter(kind).validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        return [_problem(kind, details, raw, file) for details in _real_errors(error)]
    return []


def _real_errors(error: ValidationError) -> Iterator[Any]:
    """Errors without those of a union's other branch."""
    for details in error.errors(include_url=False):
        wrong_branch = (details["type"] == "literal_error" and isinstance(details["input"], dict | list)) or (
            details["type"] in ("dataclass_type", "tuple_type") and _is_union_branch(details["loc"])
        )
        if not wrong_branch:
            yield details


def _is_union_branch(location: tuple[Any, ...]) -> bool:
    return bool(location) and isinstance(location[-1], str) and (location[-1][:1].isupper() or "[" in location[-1])


def _problem(kind: Any, details: Any, raw: Any, file: str) -> Problem:
    location = details["loc"]
    where = [step for step in location if not (isinstance(step, str) and _is_union_branch((step,)))]
    key = next((step for step in reversed(where) if isinstance(step, str)), "file")
    line = line_of(raw, tuple(where))
    match details["type"]:
        case "missing":
            return Problem(file, line, f'key "{key}" is missing{_of(where[:-1])}')
        case "unexpected_keyword_argument" | "extra_forbidden":
            hint = did_you_mean(key, _siblings(raw, where)) or did_you_mean(key, _keys(kind) - {key})
            return Problem(file, line, f'unknown key "{key}"{_of(where[:-1])}{hint}')
        case "literal_error":
            options = details["ctx"]["expected"]
            known = [word.strip(" '") for word in options.replace(" or ", ",").split(",")]
            hint = did_you_mean(str(details["input"]), known)
            return Problem(file, line, f'"{key}" must be one of {", ".join(known)}, not "{details["input"]}"{hint}')
    wanted = _WANTED.get(details["type"], details["msg"])
    shown = json.dumps(details["input"], ensure_ascii=False, default=str)
    return Problem(file, line, f'"{key}" must be {wanted}, not {shown[:60]}')


def _of(where: list[Any]) -> str:
    names = [str(step) for step in where if isinstance(step, str)]
    return f' in "{names[-1]}"' if names else ""


def _siblings(raw: Any, where: list[Any]) -> set[str]:
    """Keys that the entries beside this one have: the likely meaning of a mistyped key."""
    parent: Any = raw
    for step in where[:-2]:
        parent = parent[step]
    entries = parent.values() if isinstance(parent, dict) else parent
    return {key for entry in entries if isinstance(entry, dict) for key in entry} - {where[-1]}


def _keys(kind: Any) -> set[str]:
    """Every key that a file of this kind may hold."""
    return {field.name for cls in _dataclasses(kind) for field in fields(cls)}


def references(kind: Any, raw: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Ref, str, tuple[Any, ...]]]:
    """Every id in `raw` that `kind` marks as a reference: its vocabularies, the id, and its path."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated and isinstance(raw, str):
        yield from ((mark, raw, path) for mark in args[1:] if isinstance(mark, Ref))
    elif is_dataclass(kind) and isinstance(raw, dict):
        hints = get_type_hints(kind, include_extras=True)
        for key in raw.keys() & hints.keys():
            yield from references(hints[key], raw[key], (*path, key))
    elif origin in (tuple, frozenset) and isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from references(args[0], value, (*path, index))
    elif origin in (dict, Mapping) and isinstance(raw, dict):
        for key, value in raw.items():
            yield from references(args[0], key, (*path, key))
            yield from references(args[1], value, (*path, key))
    elif origin in (Union, UnionType):
        for option in args:
            if option is not type(None) and get_origin(option) is not Literal:
                yield from references(option, raw, path)


def json_schema(kind: Any, vocabularies: dict[str, list[str]]) -> dict[str, Any]:
    """JSON Schema of a file, in which every id lists what it may be."""
    schema = _adapter(kind).json_schema()
    for definition in schema.get("$defs", {}).values():
        # The key of an entry is its id, and who speaks follows from the file: neither is written inside the entry.
        for derived in ("id", *(("source",) if definition.get("title") == "Claim" else ())):
            definition.get("properties", {}).pop(derived, None)
    for cls in _dataclasses(kind):
        definition = schema.get("$defs", {}).get(cls.__name__, schema)
        for field in fields(cls):
            hint = get_type_hints(cls, include_extras=True)[field.name]
            ids = sorted(
                {id_ for mark in _marks(hint) for name in mark.vocabularies for id_ in vocabularies.get(name, ())}
            )
            if ids and field.name in definition.get("properties", {}):
                _enumerate(definition["properties"][field.name], ids)
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def _dataclasses(kind: Any) -> set[Any]:
    found: set[Any] = set()
    stack = [kind]
    while stack:
        item = stack.pop()
        if isinstance(item, type) and is_dataclass(item) and item not in found:
            found.add(item)
            stack.extend(get_type_hints(item, include_extras=True).values())
        stack.extend(get_args(item))
    return found


def _marks(hint: Any) -> Iterator[Ref]:
    for arg in get_args(hint):
        if isinstance(arg, Ref):
            yield arg
        elif not is_dataclass(arg):
            yield from _marks(arg)


def _enumerate(schema: dict[str, Any], ids: list[str]) -> None:
    """Put the ids where the schema says `string`, or, for mappings, where their keys are."""
    if schema.get("type") == "object":
        schema["propertyNames"] = {"enum": ids}
    elif schema.get("type") == "string":
        schema["enum"] = ids
    for inner in [schema.get("items"), *schema.get("anyOf", ())]:
        if isinstance(inner, dict):
            _enumerate(inner, ids)
