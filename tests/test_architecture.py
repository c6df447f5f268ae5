"""The rooms: who imports whom, how large they are, and what an answer must not load."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BOT = ROOT / "bot"
MODULES = sorted(BOT.rglob("*.py"))

OWNERS = {
    "yaml": {"content"},
    "pydantic": {"content"},
    "sklearn": {"understand"},
    "flask": {"web"},
    "rasa_sdk": {"actions"},
    "sanic": {"actions"},
    "rich": {"cli"},
    "redis": {"sessions"},
    "click": {"cli"},
    "icalendar": {"handout"},
    "jinja2": {"handout"},
    "marisa_trie": {"understand"},
}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_has_one_importing_room(path: Path) -> None:
    room = path.relative_to(BOT).parts[0]
    strangers = {library for library in imports(path) & OWNERS.keys() if room not in OWNERS[library]}

    assert strangers == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_fits_into_one_head(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 320


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name} {node.end_lineno - node.lineno + 1}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno + 1 > 50
    ]

    assert long == []


def test_rules_and_data_are_no_packages() -> None:
    for path in MODULES:
        assert {"rules", "data", "tests"}.isdisjoint(imports(path)), path


def test_a_cold_answer_loads_neither_sklearn_nor_flask_nor_rasa_sdk(service: object) -> None:
    """`service` has trained the model and compiled the content, so that this start is a second one."""
    code = (
        "import sys; from bot.cli.commands import cli\n"
        "try: cli(['ask', 'my hips are stiff', '--gate', 'none', '--json'])\n"
        "except SystemExit: pass\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & "
        "{'sklearn', 'scipy', 'flask', 'rasa_sdk', 'sanic', 'pydantic', 'yaml', 'redis'}), file=sys.stderr)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    second = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert second.stderr.strip() == "[]"


@pytest.mark.parametrize("door", ["bot.cli.commands", "bot.web", "bot.actions.server"])
def test_reading_starts_no_threads_for_its_small_products(door: str) -> None:
    code = (
        f"import {door}, bot.understand.reader, threadpoolctl\n"
        "pools = [pool for pool in threadpoolctl.threadpool_info() if pool['internal_api'] == 'openblas']\n"
        "print(max((pool['num_threads'] for pool in pools), default=1))"
    )
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=env)

    assert done.stdout.strip() == "1"
