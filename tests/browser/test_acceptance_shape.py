"""What sore hands and weak eyes need: large targets, reflow, large text, contrast, in every state."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.rig import Visit, Visits
from tests.browser.talking import DANGER, MORE, PHONE, SORE, STATES, Talk, opened, talk_on


@pytest.mark.parametrize("state", [*STATES, *MORE])
def test_every_target_is_44_pixels_large_and_all_text_has_its_contrast(state: str, visits: Visits) -> None:
    talk = {**STATES, **MORE}[state](visits)

    assert talk.measure("small") == []
    if state != "forced colours":  # there the system's colours hold
        assert talk.measure("pale") == []
    assert talk.measure("cut") == []


def walk(talk: Talk, stops: int) -> list[str]:
    """Go round with Tab; what is focused and cannot be seen."""
    talk.text.focus()
    unseen: list[str] = []
    for _ in range(stops):
        talk.page.keyboard.press("Tab")
        talk.page.wait_for_timeout(20)
        unseen += talk.measure("unseen")
    return unseen


@pytest.mark.parametrize("words", [SORE, DANGER], ids=["question", "danger"])
def test_in_320_by_256_everything_can_be_reached_and_read(visits: Visits, words: str) -> None:
    talk = opened(visits, viewport={"width": 320, "height": 256})
    assert talk.measure("cut") == []
    talk.say(words)

    assert talk.measure("cut") == []
    assert talk.measure("small") == []
    assert walk(talk, 25) == []


def test_in_320_by_256_a_talk_goes_to_its_routine_and_its_player(visits: Visits) -> None:
    talk = opened(visits, viewport={"width": 320, "height": 256}).to_routine()
    talk.button("Start").last.click()

    expect(talk.chat.locator(".play h3")).to_be_in_viewport()
    assert talk.measure("cut") == []
    assert talk.measure("small") == []


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}], ids=["desk", "phone"])
def test_with_text_at_200_percent_nothing_is_cut_off(visits: Visits, size: dict[str, int]) -> None:
    talk = talk_on(visits(viewport=size))
    talk.page.evaluate("document.documentElement.style.fontSize = '200%'")
    normal = talk.launcher.evaluate("button => parseFloat(getComputedStyle(button).fontSize)")
    assert normal == 32
    talk.open().to_routine()
    talk.button("Calendar").last.click()
    assert talk.measure("cut") == []

    talk.button("Start").last.click()
    assert talk.measure("cut") == []


def test_wider_text_spacing_cuts_nothing_off(visit: Visit) -> None:
    """WCAG 1.4.12, as a reader's own style sheet would ask for it."""
    talk = talk_on(visit).open().to_routine()
    talk.measure("spread")

    assert talk.measure("cut") == []


@pytest.mark.parametrize(
    "theme",
    [
        {"accent": "#ffff00", "on_accent": "#ffffff", "background": "#ffffff", "text": "#777777"},
        {"accent": "#808080", "on_accent": "#808080", "background": "#808080", "text": "#808080"},
        {"accent": "#0000ff", "on_accent": "#000000", "background": "#000000", "text": "#111111"},
        {"accent": "#ff66cc", "on_accent": "#ffffff", "background": "#fff0f8", "text": "#552244"},
    ],
    ids=["yellow", "all grey", "night", "pink"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_colours_a_site_gives_what_is_read_can_be_read(
    visits: Visits, theme: dict[str, str], scheme: str
) -> None:
    visit = visits(color_scheme=scheme)
    page = visit.to()

    def paint(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "theme": theme})

    page.route("**/api/v1/sites/clinic", paint)
    talk = Talk(visit, page).open()
    assert talk.measure("pale") == []
    talk.say(SORE)
    assert talk.measure("pale") == []
    talk.press("None of these").say(DANGER)

    assert talk.measure("pale") == []


def test_in_forced_colours_what_has_the_focus_and_what_is_ticked_still_shows(visits: Visits) -> None:
    talk = opened(visits, forced_colors="active").say(SORE)
    box = talk.chat.get_by_role("checkbox").first
    box.focus()
    outline = box.evaluate(
        "box => { const s = getComputedStyle(box); return [s.outlineStyle, parseFloat(s.outlineWidth)] }"
    )
    box.check()

    assert outline[0] != "none" or box.evaluate("box => getComputedStyle(box.labels[0]).outlineStyle") != "none"


def test_right_to_left_the_button_stands_at_the_other_side_and_text_keeps_its_own_direction(visits: Visits) -> None:
    talk = talk_on(visits(), "rtl.html")
    box = talk.launcher.bounding_box()
    assert box
    assert box["x"] < 100

    talk.open().say("أسفل ظهري يؤلمني")
    words = talk.chat.locator("li.you .words")
    assert words.evaluate("p => getComputedStyle(p).direction") == "rtl"


def test_with_reduced_motion_nothing_moves(visits: Visits) -> None:
    talk = opened(visits, reduced_motion="reduce").say(SORE)

    assert talk.measure("moving") == []


def test_on_a_phone_nothing_lies_behind_the_phone_s_keyboard(visits: Visits) -> None:
    talk = opened(visits, **PHONE)
    talk.page.set_viewport_size({"width": 390, "height": 420})  # what is left above the keyboard
    talk.text.focus()

    expect(talk.text).to_be_in_viewport(ratio=0.9)
    expect(talk.button("Send")).to_be_in_viewport(ratio=0.5)


def test_the_newest_answer_is_read_from_its_beginning(visits: Visits) -> None:
    talk = opened(visits, reduced_motion="reduce").to_routine()

    first = talk.last.locator("h3").first
    expect(first).to_be_in_viewport(ratio=1)


def test_levels_differ_in_word_and_sign_and_not_in_colour_alone(visits: Visits) -> None:
    talk = opened(visits)
    said = []
    for words in (DANGER, "my calf is swollen hot and red"):
        card = talk.say(words).last.locator(".card")
        said.append((card.locator("h3").inner_text(), card.locator("path").first.get_attribute("d")))
        talk.button("Start again").last.click()
        expect(talk.answers).to_have_count(1)

    assert [word for word, _ in said] == ["Emergency: get help now", "Today: get this looked at"]
    assert len({sign for _, sign in said}) == 2
    assert not re.search(r"non-urgent", str(said))
