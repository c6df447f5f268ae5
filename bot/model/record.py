"""The base of every dataclass that content files are read into, and how plain data becomes one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True)
class Ref:
    """Marks a string as an id of one of these vocabularies, so that checks and schemas know what it may be."""

    vocabularies: tuple[str, ...]
    """Names of vocabularies: "symptom", "context", "practice", "claim", …"""


class Record:
    """A frozen dataclass that a content file holds; keys it does not know are errors."""

    __slots__ = ()
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by the schema check, never written


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class a frozen, slotted dataclass with keyword arguments only."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def build(kind: Any, value: Any) -> Any:
    """Build `kind` (a dataclass, tuple, frozenset, dict, union or scalar type) from checked plain data.

    An entry of a mapping learns its `id` from its key. Raises KeyError or TypeError on data that was not checked.
    """
    return _builder(kind)(value)


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    origin, args = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _dataclass_builder(kind)
    if origin is Annotated:
        return _builder(args[0])
    if origin is tuple:
        return _tuple_builder(args[0])
    if origin is frozenset:
        inner = _builder(args[0])
        return lambda value: frozenset(inner(item) for item in value)
    if origin in (dict, Mapping):
        return _mapping_builder(args[1])
    if origin in (Union, UnionType):
        return _union_builder(args)
    return _same


def _same(value: Any) -> Any:
    return value


def _tuple_builder(item_kind: Any) -> Callable[[Any], Any]:
    inner = _builder(item_kind)
    return tuple if inner is _same else lambda value: tuple(inner(item) for item in value)


def _dataclass_builder(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind, include_extras=True)
    builders = {field.name: _builder(hints[field.name]) for field in fields(kind)}
    return lambda value: kind(**{name: builders[name](item) for name, item in value.items()})


def _mapping_builder(kind: Any) -> Callable[[Any], Any]:
    inner = _builder(kind)
    named = is_dataclass(kind) and any(field.name == "id" for field in fields(kind))
    if named:
        return lambda value: {key: inner({**item, "id": key}) for key, item in value.items()}
    return lambda value: {key: inner(item) for key, item in value.items()}


def _union_builder(args: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Unions in content are `X | None`, or a dataclass beside a literal word."""
    options = [arg for arg in args if arg is not NoneType and get_origin(arg) is not Literal]
    if len(options) != 1:
        return _same
    inner = _builder(options[0])
    beside_a_word = (
        options[0] is not str and len(args) > len(options) and any(get_origin(arg) is Literal for arg in args)
    )
    return lambda value: value if value is None or (beside_a_word and isinstance(value, str)) else inner(value)
