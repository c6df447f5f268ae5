"""The demo page: a made-up clinic's, which works without JavaScript too."""

import pytest

from tests.browser.rig import Visits, axe


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

    assert page.url == f"{visit.world.supple}/talk"
    assert page.get_by_label("Your words").is_visible()


def test_it_says_that_the_clinic_is_made_up_and_where_the_endpoints_are_described(visits: Visits) -> None:
    visit = visits()
    page = visit.page
    page.goto(visit.world.supple)

    assert page.get_by_role("complementary").inner_text().startswith("Demo. This clinic does not exist.")
    for name in ("its OpenAPI description", "the JSON Schema of a reply"):
        address = page.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(f"{visit.world.supple}{address}").ok
