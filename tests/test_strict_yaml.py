"""Strict YAML keeps what an author wrote."""

from pathlib import Path
from typing import Any

import pytest
from bot.content.strict_yaml import MAX_BYTES, line_of, read


def value(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "file.yml"
    path.write_text(text, "utf-8")
    result, problems = read(path, "file.yml")
    assert problems == []
    return result["it"]


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "12:30", "010", "1_000", "2014-12-03", "0x1F", "1e3", ".5", "~", "Null", "TRUE"]
)
def test_words_that_plain_yaml_would_change_stay_text(tmp_path: Path, word: str) -> None:
    assert value(tmp_path, f"it: {word}\n") == word


@pytest.mark.parametrize(
    ("text", "meant"),
    [("true", True), ("false", False), ("null", None), ("", None), ("12", 12), ("-3", -3), ("2.5", 2.5)],
)
def test_only_plain_scalars_are_not_text(tmp_path: Path, text: str, meant: object) -> None:
    assert value(tmp_path, f"it: {text}\n") == meant


def test_quoted_numbers_are_text(tmp_path: Path) -> None:
    assert value(tmp_path, 'it: "12"\n') == "12"


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    path.write_text("a:\n  - b: 1\n    c:\n      - x\n      - y\n", "utf-8")
    raw, _ = read(path, "file.yml")

    assert line_of(raw, ("a", 0, "c", 1)) == 5
    assert line_of(raw, ("a", 0, "missing")) == 2


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yml"
    path.write_bytes(b"a" * (MAX_BYTES + 1))

    assert [str(problem) for problem in read(path, "huge.yml")[1]] == ["huge.yml:1: larger than 4 MiB"]


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.yml"
    path.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "utf-8")
    _, problems = read(path, "bomb.yml")

    assert {problem.message for problem in problems} == {"aliases (&name, *name) are not allowed; write it out"}
