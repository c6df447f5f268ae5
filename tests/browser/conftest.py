"""What browser tests share: one browser and one service a process, and a new visitor for each test."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.rig import Visit, Visits, World, serving, visiting

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str:
    """The browser's program; skips where there is none, and in continuous integration that is a failure."""
    if found := next(filter(None, map(shutil.which, CHROMIUM)), None):
        return found
    why = "there is no chromium here: apt-get install chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    program = find_chromium()
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=flags) as started:
        yield started


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The service, and clinics' pages on an origin of their own."""
    with serving(tmp_path_factory.mktemp("world")) as there:
        yield there


@pytest.fixture
def visits(browser: Browser, world: World) -> Iterator[Visits]:
    """Makes visitors. No page that a test opens may ever break its policy, whatever the test is about."""
    with contextlib.ExitStack() as stack:
        made: list[Visit] = []

        def visit(**options: Any) -> Visit:
            made.append(stack.enter_context(visiting(browser, world, **options)))
            return made[-1]

        yield visit
        assert [each for visitor in made for each in visitor.violations] == []


@pytest.fixture
def visit(visits: Visits) -> Visit:
    """One visitor at a desk."""
    return visits()
