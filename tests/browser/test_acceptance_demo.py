"""The demo page: a made-up clinic's, which works without JavaScript too."""

import pytest
from playwright.sync_api import expect

from tests.browser.rig import Visits, axe
from tests.browser.talking import Talk


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_demo_page_and_nothing_is_cut_off(visits: Visits, colours: str, width: int) -> None:
    visit = visits(viewport={"width": width, "height": 700}, color_scheme=colours)
    page = visit.page
    page.goto(visit.world.supple)

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_javascript_its_button_leads_to_the_talk(visits: Visits) -> None:
    visit = visits(java_script_enabled=False)
    page = visit.page
    page.goto(visit.world.supple)

    page.get_by_role("link", name="Ask the chat program").first.click()

    expect(page).to_have_url(f"{visit.world.supple}/talk")
    expect(page.get_by_label("Your words")).to_be_visible()


def test_it_says_that_the_clinic_is_made_up_and_where_the_endpoints_are_described(visits: Visits) -> None:
    visit = visits()
    page = visit.page
    page.goto(visit.world.supple)

    assert page.get_by_role("complementary").inner_text().startswith("Demo. This clinic does not exist.")
    for name in ("its OpenAPI description", "the JSON Schema of a reply"):
        address = page.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(f"{visit.world.supple}{address}").ok


def test_with_javascript_its_links_open_the_widget_and_a_talk_goes_to_a_sheet(visits: Visits) -> None:
    visit = visits()
    visit.page.goto(visit.world.supple)
    visit.page.get_by_role("link", name="Ask the chat program").first.click()
    talk = Talk(visit, visit.page)
    expect(talk.answers).to_have_count(1)

    talk.to_routine()
    with visit.context.expect_page() as sheet:
        talk.button("Print or save").last.click()

    expect(sheet.value.get_by_role("heading", level=1)).to_have_text("Your routine")
    assert visit.errors == []
    assert visit.page.url == f"{visit.world.supple}/"


def test_before_the_first_click_it_asks_for_its_own_files_and_the_widget_s_one(visits: Visits) -> None:
    visit = visits()
    visit.page.goto(visit.world.supple, wait_until="networkidle")

    asked = {path for path in visit.asked_service() if path != "/static/icon.svg"}
    assert asked == {"/", "/widget.js", "/static/clinic.css", "/static/clinic.js"}
