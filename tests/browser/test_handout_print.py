"""The sheet on paper: one side for four practices, in black, from a talk without scripts to the print."""

import re
import zlib

import pytest
from bot.knowledge import Knowledge
from playwright.sync_api import Page, expect

from tests.browser.rig import Visit, axe

PAPERS = ("A4", "Letter")


def talk_to_a_routine(visit: Visit) -> Page:
    """A routine by the forms alone."""
    page = visit.page
    page.goto(f"{visit.world.supple}/talk?site=clinic")
    page.get_by_label("Your words").fill("tight hips from sitting all day")
    page.get_by_role("button", name="Send").click()
    for _ in ("gate", "fit"):
        page.get_by_label("None of these").check()
        page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Print or save")).to_be_visible()
    return page


def fill_in(page: Page, **fields: str) -> None:
    """Put other ids into the form of the sheet; an empty one is left out."""
    page.evaluate(
        """fields => { for (const [name, value] of Object.entries(fields)) {
            const field = document.querySelector(`form[action="/handout"] input[name=${name}]`);
            if (value) field.value = value; else field.remove(); } }""",
        fields,
    )


def longest(knowledge: Knowledge, count: int) -> list[str]:
    """The practices with most to print."""

    def length(id_: str) -> int:
        practice = knowledge.practices[id_]
        cautions = [knowledge.cautions[caution].text for caution, _ in knowledge.scopes.get(id_, ())]
        return sum(map(len, [*practice.steps, practice.setup or "", practice.stop_if, *cautions]))

    return sorted(knowledge.practices, key=length, reverse=True)[:count]


def sides(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def colours(pdf: bytes) -> set[tuple[bytes, ...]]:
    """Every colour that is set in the PDF, as red, green and blue."""
    found: set[tuple[bytes, ...]] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:
            drawn = stream
        found |= set(re.findall(rb"(?<![\d.])([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", drawn))
    return found


@pytest.mark.parametrize("count", [3, 4])
def test_the_longest_practices_fit_on_one_side(visit: Visit, knowledge: Knowledge, count: int) -> None:
    page = talk_to_a_routine(visit)
    ids = longest(knowledge, count)
    fill_in(page, practices=",".join(ids), cautions="")  # without them every caution that may apply is printed
    page.get_by_role("button", name="Print or save").click()

    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Stop, and get help", *(f"{at}. {knowledge.practices[id_].title}" for at, id_ in enumerate(ids, start=1))]
    )
    assert {paper: sides(page.pdf(format=paper)) for paper in PAPERS} == dict.fromkeys(PAPERS, 1)


def test_the_print_is_in_black_and_large_enough(visit: Visit) -> None:
    page = talk_to_a_routine(visit)
    page.get_by_role("button", name="Print or save").click()
    page.emulate_media(media="print")
    pdf = page.pdf(format="A4")

    used = colours(pdf)
    assert (b"0", b"0", b"0") in used
    assert {colour for colour in used if len(set(colour)) > 1} == set()
    assert b"/Subtype /Image" not in pdf  # drawn, not rastered: sharp on any printer
    to_read = page.locator(".practices p, .practices h2, .steps li, .warning p, .intro")
    sizes = to_read.evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize) * 0.75)")
    assert min(sizes) == pytest.approx(14, abs=0.01)
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator(".week")).to_have_text(["MonTueWedThuFriSatSun"] * 3)


def test_the_page_prints_at_its_button_and_has_no_fault(visit: Visit) -> None:
    page = talk_to_a_routine(visit)
    page.get_by_role("button", name="Print or save").click()
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    page.get_by_role("button", name="Print, or save as PDF").press("Enter")

    assert page.evaluate("window.printed") == 1
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 568})
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert visit.errors == []


def test_the_calendar_file_is_asked_for_and_saved(visit: Visit) -> None:
    page = talk_to_a_routine(visit)
    page.get_by_role("button", name="Calendar").click()
    assert axe(page) == []
    page.get_by_label("Mon").check()
    page.get_by_label("At what time?").fill("07:30")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the calendar file").click()

    assert saved.value.suggested_filename == "exercise-time.ics"
    assert "BYDAY=MO\r\n" in saved.value.path().read_bytes().decode()
