"""The wheel: built, installed alone, and asked a question far from the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bot.content.files import cache_folder
from bot.service import Service

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    # through the sdist, as a release is
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)], check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.mark.xdist_group("packaging")
def test_the_wheel_installs_one_name_and_carries_the_content(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names} == {"bot", "supple_bot-0.1.0.dist-info"}
    assert "bot/_content/rules/safety.yml" in names
    assert "bot/_content/data/en/rasa/nlu.yml" in names
    assert not any(name.startswith("bot/_content/rules/sources/") and not name.endswith(".yml") for name in names)


@pytest.mark.xdist_group("packaging")
def test_the_sdist_keeps_the_folders_where_they_are(wheel: Path) -> None:
    import tarfile

    sdist = next(wheel.parent.glob("*.tar.gz"))
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}

    assert {"rules/safety.yml", "data/en/phrases.yml", "bot/__main__.py", "tests/test_packaging.py"} <= names


@pytest.mark.xdist_group("packaging")
def test_the_installed_wheel_answers_outside_the_checkout(wheel: Path, tmp_path: Path, service: Service) -> None:
    """Its own environment; what it depends on is lent from this one, so that nothing is fetched twice."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    python = home / "env" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(home / "env")], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check", str(wheel)], check=True
    )
    lent = next(path for path in sys.path if path.endswith("site-packages"))
    site = next((home / "env" / "lib").glob("python*/site-packages"))
    for entry in Path(lent).iterdir():
        if not entry.name.startswith(("supple_bot", "_supple_bot", "__editable__", "pip", "_virtualenv")):
            (site / entry.name).exists() or (site / entry.name).symlink_to(entry)
    env = {**os.environ, "SUPPLE_CACHE": str(cache_folder()), "HOME": str(home)}
    done = subprocess.run(
        [home / "env" / "bin" / "supple", "ask", "my hips are tight", "--gate", "none", "--json"],
        cwd=home, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    where = subprocess.run(
        [python, "-c", "import bot; print(bot.__file__)"], cwd=home, env=env, check=True, capture_output=True, text=True
    )

    assert str(home) in where.stdout
    assert any(block["type"] == "routine" for block in json.loads(done.stdout)["blocks"])
