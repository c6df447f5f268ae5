"""Broken content: each pack has one fault, and the exact text that tells of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bot.content.files import list_files
from bot.content.load import examine

from tests.conftest import BASE, ROOT

PACKS = sorted(path for path in (ROOT / "tests" / "invalid").iterdir() if path.is_dir() and path != BASE)

Roots = Callable[[Path | None], list[Path]]


def errors(roots: list[Path]) -> list[str]:
    _, problems = examine(list_files(roots))
    return [str(problem) for problem in problems if not problem.warning]


def test_there_are_packs() -> None:
    assert len(PACKS) >= 40


def test_the_small_pack_has_no_fault(small_pack: Roots) -> None:
    assert errors(small_pack(None)) == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_broken_pack_is_told_to_the_letter(pack: Path, small_pack: Roots) -> None:
    expected = (pack / "expected.txt").read_text("utf-8").splitlines()

    assert errors(small_pack(pack)) == expected


def test_a_missing_reply_text_is_told(small_pack: Roots, tmp_path: Path) -> None:
    over = tmp_path / "over"
    texts = (ROOT / "data/en/replies.yml").read_text("utf-8")
    (over / "data/en").mkdir(parents=True)
    (over / "data/en/replies.yml").write_text(texts.replace("  gate: First", "  gaet: First"), "utf-8")

    assert errors(small_pack(over)) == ['data/en/replies.yml:3: text "gate" is missing from texts']


def test_a_placeholder_that_nothing_fills_is_told(small_pack: Roots, tmp_path: Path) -> None:
    over = tmp_path / "over"
    texts = (ROOT / "data/en/replies.yml").read_text("utf-8")
    (over / "data/en").mkdir(parents=True)
    (over / "data/en/replies.yml").write_text(
        texts.replace('heard: "I heard: {present}', 'heard: "I heard: {presnt}'), "utf-8"
    )
    line = 1 + next(n for n, text in enumerate(texts.splitlines()) if text.startswith("  heard:"))

    message = 'text "heard" has a placeholder {presnt} that nothing fills (did you mean "present"?)'
    assert errors(small_pack(over)) == [f"data/en/replies.yml:{line}: {message}"]


def test_braces_that_hold_more_than_a_name_are_told(small_pack: Roots, tmp_path: Path) -> None:
    over = tmp_path / "over"
    texts = (ROOT / "data/en/replies.yml").read_text("utf-8")
    (over / "data/en").mkdir(parents=True)
    (over / "data/en/replies.yml").write_text(texts.replace("{length}", "{length!r}"), "utf-8")
    line = 1 + next(n for n, text in enumerate(texts.splitlines()) if text.startswith("  too_long:"))

    message = 'text "too_long" has braces that are no placeholder: write {name}, and {{ for a brace'
    assert errors(small_pack(over)) == [f"data/en/replies.yml:{line}: {message}"]


@pytest.mark.parametrize("said", ["", "x", "A. Name, 2026-01-31"])
def test_a_sign_off_has_a_name_a_profession_and_a_date(small_pack: Roots, tmp_path: Path, said: str) -> None:
    rules = (BASE / "rules/safety.yml").read_text("utf-8")
    (file := tmp_path / "over/rules/safety.yml").parent.mkdir(parents=True)
    file.write_text(rules.replace("A. Name, physiotherapist, 2026-01-01", said), "utf-8")

    assert [error.partition("is no sign-off: ")[2] for error in errors(small_pack(tmp_path / "over"))] == [
        'write "Name, profession, 2026-01-31", or null'
    ]


def test_a_missing_file_is_told(small_pack: Roots, tmp_path: Path) -> None:
    roots = small_pack(None)
    files = list_files(roots)
    del files["rules/safety.yml"]
    _, problems = examine(files)

    assert str(problems[0]) == "rules/safety.yml:1: the file is missing"


def test_help_lines_age(small_pack: Roots, tmp_path: Path) -> None:
    over, lines = tmp_path / "over", (ROOT / "data/helplines.yml").read_text("utf-8")
    (over / "data").mkdir(parents=True)
    for day, code in (("2026-03-31", "US"), ("2026-03-30", "CA"), ("31.3.2026", "GB"), ("2026-09-28", "AU")):
        head, found, tail = lines.partition(f"\n  {code}:")
        lines = head + found + tail.replace("verified_on: null", f'verified_on: "{day}"', 1)
    (over / "data/helplines.yml").write_text(lines, "utf-8")
    _, problems = examine(list_files(small_pack(over)), today=date(2026, 9, 27))
    told = {problem.message.split('"')[1]: problem for problem in problems if "help lines of" in problem.message}

    assert "US" not in told  # 180 days old
    assert (told["CA"].message, told["CA"].warning) == (
        'help lines of "CA" were verified 181 days ago; check them again after 180',
        True,
    )
    assert (told["GB"].message, told["GB"].warning) == (
        'help lines of "GB": verified_on "31.3.2026" is no day like 2026-03-31',
        False,
    )
    assert (told["AU"].message, told["AU"].warning) == (
        'help lines of "AU": verified_on "2026-09-28" is a day to come',
        False,
    )
    assert told["IE"].message == (
        'help lines of "IE" are not verified: check them on the operator\'s page and fill in verified_on'
    )
    assert told["IE"].warning


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("say", "Call { now.", "a brace in say does not hold a name"),
        ("say", "Call {SITE} now.", "unknown placeholder {SITE} in say"),
        ("ask", "Is it bad? Then {EMERGENCY}?", "unknown placeholder {EMERGENCY} in ask"),
    ],
)
def test_a_brace_that_nothing_fills_in_a_safety_rule_is_told(
    small_pack: Roots, tmp_path: Path, key: str, text: str, fault: str
) -> None:
    rules = (BASE / "rules" / "safety.yml").read_text("utf-8")
    line = next(line for line in rules.splitlines() if line.startswith(f"    {key}:"))
    (tmp_path / "over" / "rules").mkdir(parents=True)
    (tmp_path / "over" / "rules" / "safety.yml").write_text(rules.replace(line, f'    {key}: "{text}"', 1), "utf-8")

    (told,) = errors(small_pack(tmp_path / "over"))
    assert fault in told
