"""What browser tests share: one browser and one service a process, and a new visitor for each test."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.rig import Visit, Visits, World, serving, visiting

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The browser's program."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def launched(playwright: Playwright) -> Browser:
    """Debian's chromium, without a window."""
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    return playwright.chromium.launch(executable_path=find_chromium(), args=flags)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests here; without one they skip, which continuous integration calls a failure.

    It ends with them: while it runs, its event loop stands in the way of tests that need one of their own.
    """
    if not find_chromium():
        why = "there is no chromium here: apt-get install chromium"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    with sync_playwright() as playwright, launched(playwright) as started:
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
