"""The documents: their commands run, their transcript is real, and nothing that exists goes unmentioned."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from bot.cli.commands import cli
from bot.knowledge import Knowledge
from bot.model import claims, cues, language, screen, site, words
from bot.service import Message, Service
from bot.web import api, demo, health, pages, rest
from bot.web.settings import Settings
from flask import Flask

from tests.conftest import ROOT

UNLISTED = {"/", "/away", "/webhooks/rest/", "/static/supple.css", "/talk/forget", "/talk/restart"}
"""Pages and parts of pages that nobody calls by themselves."""

README = (ROOT / "README.md").read_text("utf-8")
RULES = (ROOT / "rules" / "README.md").read_text("utf-8")
DATA = (ROOT / "data" / "README.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


COMMANDS = [line for block in blocks(README, "sh") for line in block.splitlines() if line.startswith("supple ")]
RECORDS = [
    kind
    for module in (words, claims, screen, cues, language, site)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, service: Service, tmp_path: Path) -> None:
    run = [sys.executable, "-m", "bot", *shlex.split(command)[1:]]
    done = subprocess.run(run, capture_output=True, timeout=60, cwd=tmp_path)  # some write a file

    assert done.returncode == 0, done.stderr


def test_the_readme_names_the_two_commands_and_make_knows_them() -> None:
    assert {"make chat", "make test"} <= {line for block in blocks(README, "sh") for line in block.splitlines()}
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"chat", "test"} <= set(targets)


def test_the_transcript_is_what_the_program_says(service: Service) -> None:
    transcript = next(block for block in blocks(README, "text") if block.startswith("Hello."))
    typed = [line.removeprefix("> ") for line in transcript.splitlines() if line.startswith("> ")]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="\n".join(typed) + "\n",
        capture_output=True,
        text=True,
        env={**os.environ, "TERM": "dumb"},
        timeout=60,
    )

    assert [line.rstrip() for line in done.stdout.rstrip().splitlines()] == transcript.rstrip().splitlines()


AFTERWARDS = README[README.index("After that, in your own words") : README.index("## Commands")]


@pytest.mark.parametrize("text", [text for text in re.findall(r"\*([^*]+)\*", AFTERWARDS) if text != "quit"])
def test_what_may_be_said_after_a_routine_is_understood_and_sets_off_no_alarm(text: str, service: Service) -> None:
    service.open("afterwards")
    for said in ("my hips are tight", "none", "none"):
        service.handle("afterwards", Message(text=said))
    service.handle("afterwards", Message(choose=("any",), question="minutes"))
    service.handle("afterwards", Message(choose=("none",), question="equipment"))
    turn = service.foresee("afterwards", Message(text=" ".join(text.split())))

    assert turn.reply.blocks[-1].data.get("question") != "safety"
    assert turn.reply.blocks[0].text not in map(service.wording.text, ("unclear_after", "out_of_scope", "may_unsaid"))


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_each_command_stands_in_the_readme(name: str) -> None:
    assert f"`supple {name}" in README


def test_each_setting_stands_in_the_readme() -> None:
    used = {
        name for path in (ROOT / "bot").rglob("*.py") for name in re.findall(r"SUPPLE_[A-Z_]+", path.read_text("utf-8"))
    }

    used |= {f"SUPPLE_{item.name.upper()}" for item in fields(Settings)}

    assert {name for name in used - {"SUPPLE_"} if f"`{name}`" not in README} == set()


def test_each_endpoint_stands_in_the_readme() -> None:
    app = Flask("endpoints")
    for part in (rest, api, demo, pages, health):
        app.register_blueprint(part.blueprint)
    paths = {rule.rule for rule in app.url_map.iter_rules()} - {"/static/<path:filename>"}

    assert {path for path in paths if "<" not in path and f" {path}`" not in README} <= UNLISTED


def test_each_room_stands_in_the_readme() -> None:
    rooms = {path.name for path in (ROOT / "bot").iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert {room for room in rooms - {"model"} if room not in README} == set()


def test_each_id_stands_in_the_rules_readme(knowledge: Knowledge) -> None:
    ids = {
        id_
        for vocabulary in (
            knowledge.sources,
            knowledge.symptoms,
            knowledge.contexts,
            knowledge.topics,
            knowledge.practices,
            knowledge.cautions,
            knowledge.disagreements,
            knowledge.safety,
        )
        for id_ in vocabulary
    }

    assert {id_ for id_ in ids if f"`{id_}`" not in RULES} == set()


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_each_key_of_the_content_is_explained(kind: type) -> None:
    told = set(re.findall(r"`([a-z_0-9]+)`", RULES + DATA)) | set(
        re.findall(r"^ *-? *([a-z_0-9]+):", RULES + DATA, re.MULTILINE)
    )

    assert {field.name for field in fields(kind)} - {"id", "source"} - told == set()


@pytest.mark.parametrize("name", language.REMARKS)
def test_each_remark_is_explained(name: str) -> None:
    assert f"`{name}`" in DATA


@pytest.mark.parametrize("path", ["README.md", "rules/README.md", "data/README.md"])
def test_each_link_leads_somewhere(path: str) -> None:
    document = ROOT / path
    prose = re.sub(r"```.*?```|`[^`]*`", "", document.read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#]+)\)", prose):
        assert ":" in link or (document.parent / link).exists(), link


def test_no_document_names_a_path_of_a_machine() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("rules/*.md"), *ROOT.glob("data/*.md")]:
        assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", Path(path).read_text("utf-8")), path
