"""What tests share: the project's own knowledge and service, built once a process."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bot.content.files import cache_folder
from bot.knowledge import Knowledge, load_knowledge
from bot.service import Service
from bot.sessions import MemoryStore
from bot.understand.models import ensure_model
from bot.understand.reader import Reader

from tests.web import Door, open_door

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "tests" / "invalid" / "base"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tests of a group share a process; under a pytest that pytest-xdist does not know they silently do not."""
    grouped = [item for item in session.items if any(item.iter_markers("xdist_group"))]
    if session.config.getoption("loadgroup", False) and not all("@" in item.nodeid for item in grouped):
        pytest.exit("pytest-xdist keeps no groups together here: install the versions that pyproject.toml names", 3)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def reader(knowledge: Knowledge) -> Reader:
    return Reader(knowledge, ensure_model(cache_folder(), knowledge))


@pytest.fixture(scope="session")
def phrase_reader(knowledge: Knowledge) -> Reader:
    """A reader without its classifier: what the phrases do alone."""
    return Reader(knowledge, None)


@pytest.fixture(scope="session")
def service(knowledge: Knowledge, reader: Reader) -> Service:
    return Service(knowledge, reader, MemoryStore(), country="GB")


@pytest.fixture(scope="session")
def door() -> Door:
    """The web application, without rates that many tests at once would reach."""
    return open_door(session_rate=0)


@pytest.fixture
def small_pack(tmp_path: Path) -> Callable[[Path | None], list[Path]]:
    """Content folders of the small pack, with another laid over it; shared texts are the project's own."""

    def roots(over: Path | None = None) -> list[Path]:
        shared = tmp_path / "shared"
        texts = (f"data/en/{name}.yml" for name in ("assertion", "replies", "slots", "widget"))
        for name in (*texts, "data/helplines.yml"):
            (shared / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, shared / name)
        return [shared, BASE, *([over] if over else [])]

    return roots
