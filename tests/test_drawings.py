"""One drawing for each practice that has steps: there, told in words, and nothing in it but plain shapes."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bot.author.drawings import check_drawings
from bot.content.files import DRAWINGS, list_files
from bot.content.load import examine
from bot.knowledge import Knowledge

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"g", "path", "circle", "rect", "line", "polyline", "ellipse"}
ATTRIBUTES = {
    "viewBox", "d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "points", "width", "height", "fill",
    "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "paint-order",
}  # fmt: skip
INKS = {"#17323a", "#8299a1", "#d5dfe2", "#d4541e", "#fff", "none"}

Roots = Callable[[Path | None], list[Path]]
FILES = sorted(DRAWINGS.glob("*.svg"))


def test_every_practice_with_steps_and_no_other_has_a_drawing(knowledge: Knowledge) -> None:
    with_steps = {practice.id for practice in knowledge.practices.values() if practice.steps}

    assert {file.stem for file in FILES} == with_steps
    assert {practice.id for practice in knowledge.practices.values() if practice.drawing} == with_steps


def test_the_check_tells_what_is_missing(small_pack: Roots, tmp_path: Path) -> None:
    documents, _ = examine(list_files(small_pack(None)))
    practices = documents["rules/practices.yml"]["practices"]
    first = next(iter(practices))
    line = practices.lines[first]

    def told() -> list[str]:
        return [str(problem) for problem in check_drawings(documents, tmp_path) if f'"{first}"' in problem.message]

    where = f"rules/practices.yml:{line}"
    assert told() == [f'{where}: warning: practice "{first}" has no drawing']
    (tmp_path / f"{first}.svg").touch()
    missing = f'practice "{first}" has no words in `drawing` for who does not see it'
    assert told() == [f"{where}: warning: {missing}"]
    practices[first]["drawing"] = "Someone lies down."
    assert told() == []
    (tmp_path / f"{first}.svg").unlink()
    practices[first].lines["drawing"] = line
    assert told() == [f'{where}: practice "{first}" tells of a drawing, but there is no {first}.svg in {tmp_path}']


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_drawing_is_plain_shapes_in_the_inks_of_the_house(file: Path) -> None:
    root = ElementTree.parse(file).getroot()
    parts = list(root.iter())

    assert root.tag == f"{SVG}svg"
    assert {part.tag.removeprefix(SVG) for part in parts[1:]} <= SHAPES
    assert {name for part in parts for name in part.attrib} <= ATTRIBUTES
    assert {part.attrib[name] for part in parts for name in ("fill", "stroke") if name in part.attrib} <= INKS
    assert "#d4541e" in {part.get("fill") for part in parts} | {part.get("stroke") for part in parts}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_drawings_share_a_scale(file: Path) -> None:
    root = ElementTree.parse(file).getroot()
    heads = re.findall(r"a13 13 ", " ".join(part.get("d", "") for part in root.iter()))

    assert root.attrib["viewBox"].split()[2] == "320"
    assert len(heads) in (2, 4)  # a circle is two arcs; one person, or two
