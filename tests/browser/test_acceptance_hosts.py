"""The widget on pages that are rude to it: it looks and works the same, and leaves the page as it found it."""

import pytest
from playwright.sync_api import expect

from tests.browser.rig import Visit, Visits, expect_focus
from tests.browser.talking import PHONE, SORE, Talk, talk_on

LOOKS = """host => [...host.shadowRoot.querySelectorAll("button, textarea, h2, p, label, legend, li, .panel")]
  .filter(e => e.checkVisibility()).map(e => { const s = getComputedStyle(e), b = e.getBoundingClientRect();
    return [e.localName, e.className, s.fontFamily, s.fontSize, s.color, s.backgroundColor, s.textTransform,
      s.textIndent, s.display, s.borderTopWidth, s.borderTopStyle, s.letterSpacing,
      Math.round(b.width), Math.round(b.height)].join(" ") })"""
TELL = """names => { window.told_events = [];
  for (const name of names) addEventListener(`supple:${name}`, e => told_events.push([name, e.detail])) }"""
COVERED = """async () => { const covered = [];
  for (const link of document.querySelectorAll("a")) {
    link.focus();
    await new Promise(requestAnimationFrame);
    const b = link.getBoundingClientRect(), xs = [b.left + 1, b.right - 1], ys = [b.top + 1, b.bottom - 1];
    const seen = xs.some(x => ys.some(y => document.elementFromPoint(x, y) === link));
    if (!seen) covered.push(link.textContent);
  }
  return covered }"""


def looks(visits: Visits, file: str) -> list[str]:
    """How every visible part is drawn, with a question open."""
    talk = talk_on(visits(reduced_motion="reduce"), file).open().say(SORE)
    found: list[str] = talk.chat.evaluate(LOOKS)
    return found


@pytest.mark.parametrize("file", ["wordpress.html", "hostile.html", "overlay.html", "builder.html"])
def test_it_looks_the_same_whatever_the_page_s_style_says(visits: Visits, file: str) -> None:
    assert looks(visits, file) == looks(visits, "plain.html")


@pytest.mark.parametrize("file", ["wordpress.html", "hostile.html", "builder.html", "dialog.html", "noreferrer.html"])
def test_a_talk_goes_to_its_routine_on_any_page_without_an_error(visits: Visits, file: str) -> None:
    visit = visits()

    talk_on(visit, file).open().to_routine()

    assert visit.errors == []


def test_the_page_keeps_its_own_names_and_gets_no_new_ones(visits: Visits) -> None:
    names = "() => Object.getOwnPropertyNames(window).sort()"
    visit = visits()
    page = visit.to("wordpress.html")
    page.wait_for_function("() => customElements.get('supple-chat')")
    without = visits()
    without.page.route("**/widget.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    bare = without.to("wordpress.html")

    assert page.evaluate(names) == bare.evaluate(names)


def test_custom_code_that_runs_again_on_each_inner_page_makes_one_button(visit: Visit) -> None:
    page = visit.to("builder.html")
    expect(page.locator("supple-chat")).to_have_count(1)

    page.evaluate("location.hash = 'team'")
    page.wait_for_timeout(300)

    assert page.locator("supple-chat").count() == 1


def test_in_a_frame_a_talk_goes_to_its_routine(visit: Visit) -> None:
    page = visit.to("builder_frame.html")
    chat = page.frame_locator("iframe").locator("supple-chat")
    chat.locator("button.launcher").click()
    chat.get_by_label("Your words").fill(SORE)
    chat.get_by_role("button", name="Send", exact=True).click()
    for answers in (2, 3):
        expect(chat.locator("li.bot")).to_have_count(answers)
        chat.get_by_role("button", name="None of these", exact=True).click()

    expect(chat.get_by_role("button", name="Start", exact=True).last).to_be_visible()
    assert visit.errors == []


def test_a_frame_on_a_page_that_is_not_listed_stays_empty(visit: Visit) -> None:
    page = visit.to("builder_frame.html", origin=visit.world.stranger)

    page.wait_for_timeout(300)
    assert page.frame_locator("iframe").locator("supple-chat").count() == 0
    assert [line for line in visit.errors if "frame-ancestors" in line]


def test_react_may_mount_it_twice_and_take_it_away_and_back(visit: Visit) -> None:
    talk = Talk(visit, visit.to("react.html"))
    expect(talk.chat).to_have_count(1)
    talk.open().say(SORE)
    talk.page.locator("#route").click()
    expect(talk.chat).to_have_count(0)
    talk.page.locator("#route").click()

    expect(talk.chat.get_by_text(SORE)).to_be_visible()
    talk.press("None of these")
    assert [name for name, _ in talk.page.evaluate("heard")].count("answer") == 2
    assert visit.errors == []


def test_events_tell_ids_and_never_words(visit: Visit) -> None:
    page = visit.to()
    page.evaluate(TELL, ["open", "close", "consent", "answer", "handover", "routine", "error"])
    talk = Talk(visit, page).open().to_routine("quuxfrob: my lower back is sore")
    talk.say("quuxfrob I cannot feel when I wipe").button("Close").click()

    events = page.evaluate("told_events")
    answered = ["answer", "answer", "routine", "answer", "routine", "answer", "handover"]
    assert [name for name, _ in events] == ["open", *answered, "close"]
    assert "quuxfrob" not in str(events)


def test_the_page_may_open_send_reset_and_close(visit: Visit) -> None:
    talk = Talk(visit, visit.to("overlay.html"))
    talk.page.get_by_role("button", name="Ask").click()
    expect(talk.answers).to_have_count(1)

    talk.chat.evaluate("(chat, text) => chat.send(text)", SORE)
    expect(talk.answers).to_have_count(2)
    talk.chat.evaluate("chat => chat.reset()")
    expect(talk.answers).to_have_count(1)
    talk.chat.evaluate("chat => chat.close()")

    expect(talk.launcher).to_be_visible()


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_an_open_panel_lies_over_the_highest_layer_of_the_page(visits: Visits, device: dict[str, object]) -> None:
    talk = Talk(visit := visits(**device), visit.to("overlay.html"))
    talk.page.locator("#ask").click()
    expect(talk.answers).to_have_count(1)
    talk.page.evaluate("document.querySelector('.overlay').style.pointerEvents = 'auto'")

    talk.say(SORE).press("None of these")


def test_when_it_is_closed_nothing_but_the_button_takes_clicks(visit: Visit) -> None:
    talk = talk_on(visit, "long.html")
    talk.open().button("Close").click()
    button = talk.launcher.bounding_box()
    assert button

    taken = talk.page.evaluate(
        """() => { const points = []; for (let x = 5; x < innerWidth; x += 25) for (let y = 5; y < innerHeight; y += 25)
            if (document.elementFromPoint(x, y)?.localName === 'supple-chat') points.push([x, y]); return points }"""
    )

    assert taken
    for x, y in taken:
        assert button["x"] <= x <= button["x"] + button["width"]
        assert button["y"] <= y <= button["y"] + button["height"]


def test_escape_closes_the_page_s_own_dialog_first_and_the_panel_next(visit: Visit) -> None:
    talk = talk_on(visit, "dialog.html").open()
    talk.page.locator("#book").click()
    dialog = talk.page.get_by_role("dialog", name="Booking")

    talk.page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(talk.panel).to_be_visible()

    talk.page.locator("#book").focus()
    talk.page.keyboard.press("Escape")
    expect(talk.panel).not_to_be_visible()
    expect_focus(talk.page, "button Book")


def test_the_button_makes_way_for_what_the_keyboard_is_on(visit: Visit) -> None:
    talk = talk_on(visit, "long.html")
    assert talk.page.evaluate(COVERED) == []


def test_a_page_without_referrers_can_still_print_and_save(visit: Visit) -> None:
    talk = talk_on(visit, "noreferrer.html").open().to_routine()

    with visit.context.expect_page() as sheet:
        talk.button("Print or save").last.click()

    expect(sheet.value.get_by_role("heading", level=1)).to_have_text("Your routine")


def test_importing_it_where_there_is_no_page_does_nothing(visit: Visit) -> None:
    page = visit.to("plain.html")

    told = page.evaluate(
        """address => new Promise(done => {
            const source = `import('${address}').then(() => postMessage('imported'), e => postMessage(String(e)))`;
            const worker = new Worker(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
            worker.onmessage = event => done(event.data); })""",
        f"{visit.world.supple}/widget.js",
    )

    assert told == "imported"
