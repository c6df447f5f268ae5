"""A foreign host with a strict policy and Trusted Types: a whole talk, and not one report."""

from playwright.sync_api import expect

from tests.browser.rig import Visit
from tests.browser.talking import talk_on


def test_a_whole_talk_runs_under_a_strict_policy_with_trusted_types(visit: Visit) -> None:
    talk = talk_on(visit, policy="strict").open().to_routine()
    for name in ("Why this?",):
        talk.chat.get_by_text(name).last.click()
    with visit.context.expect_page() as sheet:
        talk.button("Print or save").last.click()
    expect(sheet.value.get_by_role("heading", level=1)).to_have_text("Your routine")
    talk.button("Calendar").last.click()
    with talk.page.expect_download() as file:
        talk.button("Get the calendar file").last.click()
    assert file.value.suggested_filename == "exercise-time.ics"
    talk.button("Start").last.click()
    expect(talk.chat.locator(".play-drawing svg").first).to_be_visible()
    talk.button("Back to the talk").click()
    talk.button("Close").click()

    assert visit.violations == []
    assert visit.errors == []


def test_the_demo_page_and_the_page_to_frame_break_no_rule_of_their_own(visit: Visit) -> None:
    for path in ("/", "/frame?site=demo"):
        visit.page.goto(f"{visit.world.supple}{path}")
        chat = visit.page.locator("supple-chat")
        chat.locator("button.launcher").click()
        expect(chat.locator("li.bot")).to_have_count(1)

    assert visit.violations == []
    assert visit.errors == []


def test_a_diary_is_kept_on_the_device_under_the_strict_policy_too(visit: Visit) -> None:
    talk = talk_on(visit, site="diary", policy="strict").open().to_routine()
    talk.button("Start").last.click()
    onward = talk.button("Skip").or_(talk.button("Next"))
    expect(onward).to_be_visible()
    while onward.count():
        onward.click()
    talk.button("Finish").click()
    talk.button("How did it go?").click()

    expect(talk.chat.get_by_role("group", name="How strong is it now?")).to_be_visible()
    assert visit.errors == []
