"""`supple new`: stubs that check leads from, down to a sixth source whose practice stands in a routine."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from bot.author.check import check_all
from bot.author.stubs import StubError, write_stubs
from bot.engine.evaluation import evaluate
from bot.engine.facts import Facts
from bot.engine.routine import compose
from bot.knowledge import load_knowledge

from tests.conftest import ROOT


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for folder in ("rules", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def errors(content: Path, sources: Path | None = None) -> list[str]:
    return [str(problem) for problem in check_all(content, sources) if not problem.warning]


def rewrite(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def test_a_sixth_source_gets_its_practice_into_a_routine(content: Path, tmp_path: Path) -> None:
    leaflet = tmp_path / "articles" / "clinic_leaflet.txt"
    leaflet.parent.mkdir()
    leaflet.write_text("For a clenched jaw\nHum softly for one minute with the lips closed.\n")
    write_stubs("source", "clinic_leaflet", content)
    write_stubs("practice", "humming", content)
    assert any("still to be written" in error for error in errors(content))

    rewrite(
        content / "rules/practices.yml",
        ('"TODO: number in your notes"', "L1"),
        ('"TODO: at most six words"', "Humming"),
        ('["TODO: only what the article says, in your own words"]', '["Close your lips and hum softly."]'),
        (
            "described: []        # [{source: …, section: …, lines: [1, 2], anchors: [word, word]}]",
            "described: [{source: clinic_leaflet, section: Jaw, lines: [1, 2], anchors: [hum, lips]}]",
        ),
    )
    rewrite(content / "data/en/phrases.yml", ('["TODO how people name it"]', "[humming]"))
    path = content / "rules/sources/clinic_leaflet.yml"
    text = path.read_text("utf-8")
    text = text.replace('"TODO: a number of three digits"', '"900"').replace("any_of: []", "any_of: [jaw_tension]")
    text = text.replace('"TODO: sha256sum of that file"', hashlib.sha256(leaflet.read_bytes()).hexdigest())
    text = text.replace("practices: []", "practices: [humming]").replace("[TODO one, TODO two]", "[jaw, hum]")
    text = text.replace("lines: [1, 1]", "lines: [1, 2]")
    path.write_text(re.sub(r'"TODO: [^"]*"', "our own leaflet", text), "utf-8")

    assert errors(content, None) == []
    assert [error for error in errors(content, leaflet.parent) if "clinic_leaflet" in error] == []

    knowledge = load_knowledge([content])
    facts = Facts(symptoms=frozenset({"jaw_tension"}))
    routine = compose(knowledge, evaluate(knowledge, facts), facts)
    assert "humming" in [suggestion.practice for suggestion in routine.practices]


@pytest.mark.parametrize(
    ("kind", "id_", "files"),
    [
        (
            "symptom",
            "cold_hands",
            {"rules/symptoms.yml", "data/en/phrases.yml", "data/en/rasa/nlu.yml", "tests/cases/cold_hands.yml"},
        ),
        ("practice", "humming", {"rules/practices.yml", "data/en/phrases.yml"}),
        ("source", "clinic_leaflet", {"rules/sources/clinic_leaflet.yml"}),
        ("safety-rule", "rf_hot_calf", {"rules/safety.yml"}),
    ],
)
def test_every_stub_is_told_by_check_until_it_is_written(content: Path, kind: str, id_: str, files: set[str]) -> None:
    written = write_stubs(kind, id_, content)

    assert {re.sub(r"wrote (.*):\d+", r"\1", line) for line in written[:-1]} == files
    told = {error.partition(":")[0] for error in errors(content) if "still to be written" in error}
    assert told == {file for file in files if not file.startswith("tests/")}


@pytest.mark.parametrize(
    ("kind", "id_"), [("symptom", "Cold Hands"), ("safety-rule", "cold_hands"), ("symptom", "tight_hips")]
)
def test_an_id_that_cannot_be_is_refused(content: Path, kind: str, id_: str) -> None:
    with pytest.raises(StubError):
        write_stubs(kind, id_, content)


def test_the_schemas_are_up_to_date() -> None:
    assert [str(problem) for problem in check_all() if "not up to date" in problem.message] == []


def test_anchors_that_are_not_where_they_should_be_are_told(content: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "001_b4b64b3366a86da1.txt").write_text("something else\n" * 100)
    told = errors(content, articles)

    assert any("is not the text that the places were taken from" in error for error in told)
    assert any("does not stand in lines" in error for error in told)
    assert sum("no 0" in error for error in told) == 4
