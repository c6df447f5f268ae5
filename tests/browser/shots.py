"""`make shots`: a picture of every state, on a phone and at a desk, to look at."""

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import launched
from tests.browser.rig import Visit, World, serving, visiting
from tests.browser.talking import MORE, PHONE, STATES, Talk
from tests.conftest import ROOT

FOLDER = ROOT / "build" / "shots"
SIZES: dict[str, dict[str, Any]] = {"desk": {}, "phone": PHONE}


def main(only: list[str]) -> None:
    """Make those of the states that are named, or all."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as world,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        for size, options in SIZES.items():
            for name, state in {**STATES, **MORE}.items():
                if not only or name in only:
                    take(browser, world, state, FOLDER / f"{name.replace(' ', '-')}-{size}.png", options)
            if not only:
                take_pages(browser, world, size, options)
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER.relative_to(ROOT)}")


def take(browser: Browser, world: World, state: Any, file: Path, options: dict[str, Any]) -> None:
    """One state, as it is when all that moves has come to rest."""
    with contextlib.ExitStack() as stack:

        def visits(**given: Any) -> Visit:
            return stack.enter_context(visiting(browser, world, **{"reduced_motion": "reduce", **options, **given}))

        talk: Talk = state(visits)
        talk.page.mouse.move(0, 0)
        talk.page.wait_for_timeout(300)
        talk.page.screenshot(path=file)


def take_pages(browser: Browser, world: World, size: str, options: dict[str, Any]) -> None:
    """The demo page, in both colour schemes, and the sheet to print."""
    for scheme in ("light", "dark"):
        with visiting(browser, world, color_scheme=scheme, **options) as visit:
            visit.page.goto(world.supple)
            visit.page.screenshot(path=FOLDER / f"demo-{scheme}-{size}.png", full_page=True)
    with visiting(browser, world, **options) as visit:
        visit.to()
        talk = Talk(visit, visit.page).open().to_routine()
        with visit.context.expect_page() as opened:
            talk.button("Print or save").last.click()
        sheet = opened.value
        expect(sheet.get_by_role("heading", level=1)).to_be_visible()
        sheet.screenshot(path=FOLDER / f"sheet-{size}.png", full_page=True)
        sheet.emulate_media(media="print")
        sheet.screenshot(path=FOLDER / f"sheet-print-{size}.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1:])
