"""Strict YAML: strings stay strings, duplicate keys and aliases are refused, and every value knows its line.

Plain YAML 1.1 reads `no` as false, `12:30` as 750 and keeps the last of two equal keys without a word; an author
of health content must be able to rely on what stands in the file.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from bot.content.problems import Problem

MAX_BYTES = 4 * 1024 * 1024
"""Larger files are refused unread."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS = {"true": True, "false": False, "null": None, "": None}


class LinedDict(dict[str, Any]):
    """A mapping that knows the line of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


class LinedList(list[Any]):
    """A sequence that knows the line of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def read(path: Path, name: str) -> tuple[Any, list[Problem]]:
    """Read one file; `name` is what problems call it. A file that cannot be read at all gives None."""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            return None, [Problem(name, 1, f"larger than {MAX_BYTES // 1024 // 1024} MiB")]
        node = yaml.compose(raw.decode("utf-8"), Loader=yaml.CSafeLoader)
    except OSError as error:
        return None, [Problem(name, 1, f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        return None, [Problem(name, raw[: error.start].count(b"\n") + 1, "not valid UTF-8")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "cannot be parsed"
        return None, [Problem(name, mark.line + 1 if mark else 1, f"not valid YAML: {reason}")]
    if node is None:
        return None, [Problem(name, 1, "the file is empty")]
    builder = _Builder(name)
    return builder.value(node), builder.problems


def written(value: Any) -> str:
    """A value as YAML for people to read: keys in their order, texts of several lines as blocks."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110)


def line_of(value: Any, path: tuple[Any, ...], default: int = 1) -> int:
    """Line of the deepest part of `path` that exists below `value`; steps that lead nowhere are passed over."""
    line = default
    for step in path:
        if (isinstance(value, LinedDict) and step in value) or (
            isinstance(value, LinedList) and isinstance(step, int) and step < len(value)
        ):
            line, value = value.lines[step], value[step]
    return line


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self._seen:
            self._problem(node, "aliases (&name, *name) are not allowed; write it out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        return self._sequence(node) if isinstance(node, yaml.SequenceNode) else None

    def _mapping(self, node: yaml.MappingNode) -> LinedDict:
        result = LinedDict()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(key_node, "a key must be plain text")
                continue
            key, line = key_node.value, key_node.start_mark.line + 1
            if key in result:
                self._problem(key_node, f'key "{key}" stands twice, first on line {result.lines[key]}')
                continue
            result[key] = self.value(value_node)
            result.lines[key] = line
        return result

    def _sequence(self, node: yaml.SequenceNode) -> LinedList:
        result = LinedList()
        for item in node.value:
            result.append(self.value(item))
            result.lines.append(item.start_mark.line + 1)
        return result

    def _problem(self, node: yaml.Node, message: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, message))


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style in ("'", '"', "|", ">"):  # quoted or a block: what stands there is text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


class _Writer(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand below their key, indented."""
        super().increase_indent(flow, False)


_Writer.add_representer(
    str,
    lambda writer, text: writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)
