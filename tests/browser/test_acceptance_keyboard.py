"""Whole talks by the keyboard alone, and the focus, which is never lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rig import Visit, Visits, expect_focus, focused
from tests.browser.talking import DANGER, PHONE, SORE, Talk, talk_on


class Keys:
    """A person who has a keyboard and nothing else."""

    def __init__(self, talk: Talk) -> None:
        self.talk, self.page = talk, talk.page

    def to(self, what: str, *, back: bool = False) -> "Keys":
        """Press Tab until the focus is on what begins with these words."""
        seen: list[str] = []
        while not focused(self.page).partition(" ")[2].startswith(what):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            seen.append(focused(self.page))
            assert len(seen) < 80, seen
        return self

    def press(self, what: str, key: str = "Enter", *, back: bool = False) -> "Keys":
        self.to(what, back=back).page.keyboard.press(key)
        return self

    def answered(self, count: int) -> "Keys":
        expect(self.talk.answers).to_have_count(count)
        assert not is_lost(self.page)
        return self


def is_lost(page: Page) -> bool:
    """Whether the focus fell to the page's body."""
    return focused(page).startswith("body")


def test_from_consent_to_a_printed_routine_a_calendar_file_and_the_player(visit: Visit) -> None:
    talk = talk_on(visit, site="consent")
    keys = Keys(talk).press("Stiff or sore?").answered(1)
    keys.press("Yes, you may", "Space").answered(2)
    keys.to("Your words").page.keyboard.type(SORE)
    keys.page.keyboard.press("Enter")
    keys.answered(3).press("None of these").answered(4).press("None of these").answered(5)

    with visit.context.expect_page() as sheet:
        keys.press("Print or save")
    expect(sheet.value.get_by_role("heading", level=1)).to_have_text("Your routine")
    sheet.value.close()

    keys.press("Calendar").to("Get the calendar file")
    with talk.page.expect_download() as file:
        keys.page.keyboard.press("Enter")
    assert file.value.suggested_filename == "exercise-time.ics"

    keys.press("Start", back=True)
    expect(talk.chat.locator(".stage")).to_be_visible()
    assert not is_lost(talk.page)
    keys.press("Back to the talk", back=True)
    expect_focus(talk.page, "button Start")
    keys.page.keyboard.press("Escape")
    expect(talk.panel).not_to_be_visible()
    expect_focus(talk.page, "button Back to your talk")


def test_danger_is_one_tab_away_from_help(visit: Visit) -> None:
    talk = talk_on(visit)
    keys = Keys(talk).press("Stiff or sore?").answered(1)
    keys.to("Your words").page.keyboard.type(DANGER)
    keys.page.keyboard.press("Enter")
    keys.answered(2)

    expect(talk.last.locator(".card")).to_be_focused()
    talk.page.keyboard.press("Tab")
    expect_focus(talk.page, "a 999")
    assert talk.button("Start").count() == 0


def test_boxes_are_ticked_by_the_space_bar_and_a_missing_tick_is_told(visit: Visit) -> None:
    talk = talk_on(visit)
    keys = Keys(talk).press("Stiff or sore?").answered(1)
    keys.to("Your words").page.keyboard.type(SORE)
    keys.page.keyboard.press("Enter")
    keys.answered(2).press("Send my ticks")
    expect(talk.chat.get_by_role("alert").filter(has_text="Tick what fits first")).to_have_count(1)

    keys.press("Fever, chills", "Space", back=True)
    keys.press("Send my ticks").answered(3)

    expect(talk.chat.locator("li.you").last).to_contain_text("Fever, chills or feeling very ill")


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_the_focus_is_never_lost_on_a_walk_with_tab(visits: Visits, device: dict[str, object]) -> None:
    talk = talk_on(visits(**device), "long.html" if not device else "plain.html").open().to_routine()
    talk.text.focus()

    walked = []
    for _ in range(60):
        talk.page.keyboard.press("Tab")
        walked.append(focused(talk.page))

    stops = [stop for stop in walked if stop.startswith("body")]
    assert len(stops) <= walked.count("button Send")  # the browser's own bar, once a round


@pytest.mark.parametrize("name", ["Start again", "Delete my answers"])
def test_what_takes_the_talk_away_leaves_the_focus_in_the_panel(visit: Visit, name: str) -> None:
    talk = talk_on(visit).open().say(SORE)

    Keys(talk).press(name)

    expect(talk.answers).to_have_count(1)
    expect_focus(talk.page, "h2 Hillside Clinic")


def test_escape_closes_the_panel_even_from_the_page_and_leaves_the_focus_there(visit: Visit) -> None:
    talk = talk_on(visit).open()
    link = talk.page.get_by_role("link", name="Opening hours")
    link.focus()

    talk.page.keyboard.press("Escape")

    expect(talk.panel).not_to_be_visible()
    expect(link).to_be_focused()


def test_on_a_phone_the_panel_is_modal_and_escape_gives_the_focus_back(visits: Visits) -> None:
    talk = talk_on(visits(**PHONE))
    Keys(talk).press("Stiff or sore?").answered(1)
    seen = set()
    for _ in range(30):
        talk.page.keyboard.press("Tab")
        seen.add(focused(talk.page))
    assert not [stop for stop in seen if "Opening hours" in stop]

    talk.page.keyboard.press("Escape")

    expect(talk.launcher).to_be_focused()


def test_on_a_touch_screen_opening_does_not_bring_up_the_keyboard(visits: Visits) -> None:
    talk = talk_on(visits(**PHONE))
    talk.launcher.tap()
    expect(talk.answers).to_have_count(1)

    expect_focus(talk.page, "h2 Hillside Clinic")


def test_a_pressed_choice_is_gone_only_after_the_focus_has_moved_on(visit: Visit) -> None:
    talk = talk_on(visit).open().to_routine()
    talk.page.evaluate(
        """() => { window.lost = 0; const chat = document.querySelector('supple-chat');
            const look = () => {
                if (document.activeElement === document.body) window.lost += 1;
                requestAnimationFrame(look) };
            chat.shadowRoot.querySelector('.choice, .ends button').focus(); look() }"""
    )
    for _ in range(2):
        before = talk.answers.count()
        talk.page.keyboard.press("Enter")
        talk.answered(before)
        talk.chat.locator(".asked button").first.focus()

    assert talk.page.evaluate("lost") == 0


def test_closing_and_opening_again_keeps_what_was_typed(visit: Visit) -> None:
    talk = talk_on(visit).open()
    talk.text.fill("half a sen")
    talk.page.keyboard.press("Escape")

    talk.launcher.click()

    expect(talk.text).to_have_value("half a sen")
