"""What a clinic is handed: the recipes hold, and the sheet to sign has a row for each rule."""

import re
import textwrap
from pathlib import Path

import pytest
from bot.content.load import load
from bot.content.sites import load_sites
from bot.knowledge import Knowledge

from tests.conftest import ROOT

CLINIC = ROOT / "bot" / "deploy" / "clinic"
RECIPES = (CLINIC / "README.md").read_text("utf-8")
FILES = sorted(CLINIC.glob("*.md"))


def test_the_sheet_to_sign_has_one_row_for_each_safety_rule_with_its_level_and_lane(knowledge: Knowledge) -> None:
    sheet = (CLINIC / "sign_off.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|", sheet, re.MULTILINE)
    rules = [(rule.id, rule.label, rule.level.replace("_", " "), rule.lane) for rule in knowledge.safety.values()]

    assert sorted(rows) == sorted(rules)


def test_the_clinic_s_files_say_that_no_clinician_has_signed_until_all_have(knowledge: Knowledge) -> None:
    said = ["No clinician has signed off", "No clinician has reviewed or signed off", "Today no rule is signed"]
    files = ["README.md", "intended_use.md", "sign_off.md"]

    told = [words in (CLINIC / name).read_text("utf-8") for words, name in zip(said, files, strict=True)]

    assert told == [bool(knowledge.unreviewed())] * 3


def test_the_site_file_of_the_recipe_is_accepted(tmp_path: Path) -> None:
    (recipe,) = re.findall(r"```yaml\n(.*?)```", RECIPES, re.DOTALL)
    (tmp_path / "hillside.yml").write_text(textwrap.dedent(recipe), "utf-8")
    documents, _ = load()

    site = load_sites(tmp_path, documents)["hillside"]

    assert site.origins == ("https://www.hillside.example", "https://hillside.example")
    assert site.consent


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_link_and_file_that_is_named_is_there(file: Path) -> None:
    text = file.read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    named = re.findall(r"`((?:rules|data|tests)/[\w/.]+)`", text)
    beside = re.findall(r"`(\w+\.md)`", text)

    gone = [link for link in links if not (file.parent / link).exists()]
    gone += [name for name in named if not (ROOT / name).exists()]
    gone += [name for name in beside if not (CLINIC / name).exists()]

    assert gone == []
