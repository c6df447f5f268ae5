"""Smaller troubles: words that cannot be sent, ticks that come too late, a window that changes, no service yet."""

import json
import re
from typing import Any

from playwright.sync_api import Request, Route, expect

from tests.browser.rig import Visit, Visits, focused
from tests.browser.talking import SORE, Talk, talk_on

SESSIONS = re.compile(r"/api/v1/sessions$")
MESSAGES = re.compile(r"/api/v1/messages$")
SICK = {"error": {"code": "unavailable", "message": "Later."}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def sent(talk: Talk) -> list[dict[str, Any]]:
    """Bodies of the messages sent from now on."""
    bodies: list[dict[str, Any]] = []

    def keep(request: Request) -> None:
        if MESSAGES.search(request.url) and request.post_data:
            bodies.append(request.post_data_json)

    talk.page.on("request", keep)
    return bodies


def answer_with(talk: Talk, status: int, body: dict[str, Any], **headers: str) -> None:
    """The service's answer to messages, until `unroute`."""
    allow = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", **headers}
    talk.page.route(MESSAGES, lambda route: _fulfil(route, status, body, allow))


def _fulfil(route: Route, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
    if route.request.method == "OPTIONS":
        route.continue_()
    else:
        route.fulfill(status=status, json=body, headers=headers)


def opened_on(visit: Visit, file: str = "plain.html", **query: str) -> Talk:
    return talk_on(visit, file, **query).open()


def test_try_again_sends_the_same_id_and_the_answer_stands_once(visit: Visit) -> None:
    talk = opened_on(visit)
    bodies = sent(talk)
    answer_with(talk, 503, SICK)
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.button("Try again")).to_be_visible()
    talk.page.unroute(MESSAGES)

    talk.button("Try again").click()
    expect(talk.answers).to_have_count(2)

    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    expect(talk.button("Try again")).to_have_count(0)


def test_what_can_never_be_sent_is_given_back_to_be_changed(visit: Visit) -> None:
    talk = opened_on(visit)
    answer_with(talk, 400, {"error": {"code": "bad_message", "message": "No."}})
    talk.text.fill(SORE)
    talk.button("Send").click()

    expect(talk.chat.locator(".composer .error")).to_have_text("That could not be sent. Please say it in other words.")
    expect(talk.text).to_have_value(SORE)
    expect(talk.chat.locator("li.you")).to_have_count(0)


def test_a_text_that_is_too_long_comes_back_whole(visit: Visit) -> None:
    long = "my back is sore and " * 110
    talk = opened_on(visit).say(long.strip())

    expect(talk.last).to_contain_text("more than I can read at once")
    expect(talk.text).to_have_value(long.strip())


def test_a_reload_leaves_the_page_s_focus_where_it_is(visit: Visit) -> None:
    talk = opened_on(visit).say(SORE)
    talk.page.reload()
    expect(talk.chat.locator("form.question")).to_be_visible()

    assert focused(talk.page).startswith("body")


def test_on_a_phone_another_page_is_not_covered_but_offers_to_go_on(visits: Visits) -> None:
    visit = visits(**PHONE)
    talk = talk_on(visit).open().say(SORE)
    visit.page.goto(f"{visit.world.host}/plain.html?elsewhere=1")

    expect(talk.launcher).to_have_text("Back to your talk")
    expect(talk.panel).to_be_hidden()
    talk.launcher.click()
    expect(talk.chat.locator("form.question")).to_be_visible()


def test_ticks_for_a_talk_that_is_over_answer_nothing(visit: Visit) -> None:
    talk = opened_on(visit).say(SORE)
    forget(visit)

    talk.button("None of these").click()

    expect(talk.chat.locator("li.note")).to_have_text("That talk was over, so this is a new one.")
    expect(talk.chat.locator("form.question")).to_have_count(0)
    assert visit.stored()["tab"] == {}


def forget(visit: Visit) -> None:
    """As when the talk was idle for too long."""
    session = json.loads(visit.stored()["tab"]["supple.clinic"])["session"]
    visit.world.app.extensions["supple"].services["clinic"].store.forget(session)


def test_when_the_first_click_finds_no_service_it_says_so_and_tries_again(visit: Visit) -> None:
    talk = talk_on(visit)
    visit.context.set_offline(True)
    talk.launcher.click()
    expect(talk.chat.locator(".wait")).to_contain_text("The chat did not load.")
    talk.button("In an emergency").click()
    expect(talk.chat.locator(".help")).to_have_text("In an emergency call your local emergency number.")
    visit.context.set_offline(False)

    expect(talk.answers).to_have_count(1)


def test_it_reopens_as_a_sheet_where_the_window_becomes_small(visit: Visit) -> None:
    talk = opened_on(visit).say(SORE)
    assert talk.panel.evaluate("e => [e.matches(':popover-open'), e.open]") == [True, False]
    talk.page.set_viewport_size({"width": 400, "height": 700})

    expect(talk.chat.locator("dialog[open]")).to_be_visible()
    box = talk.panel.bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 400, 700)
    assert talk.panel.evaluate("e => e.matches(':modal')")


def test_consent_carries_on_with_the_words_that_waited_for_it(visits: Visits) -> None:
    talk = talk_on(visits(), site="consent").open()
    talk.say("my hips are stiff")
    expect(talk.text).to_have_value("my hips are stiff")

    talk.chat.get_by_role("button", name="Yes, you may").click()

    expect(talk.chat.get_by_text("I heard: tight hips.").first).to_be_visible()
    expect(talk.text).to_have_value("")


def test_what_is_deleted_on_its_way_is_answered_by_nothing_and_leaves_no_talk(visit: Visit) -> None:
    talk = opened_on(visit)
    held: list[Route] = []
    talk.page.route(SESSIONS, lambda route: held.append(route))
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.chat.locator("li.you")).to_have_count(1)
    talk.button("Delete my answers").click()
    expect(talk.chat.locator("li.note")).to_contain_text("deleted")

    with talk.page.expect_response(lambda response: response.request.method == "DELETE") as told:
        held[-1].continue_()
        talk.page.unroute(SESSIONS)

    assert told.value.status == 204
    expect(talk.chat.locator("li.you")).to_have_count(0)
    expect(talk.answers).to_have_count(1)
    assert visit.stored()["tab"] == {}
    talk.say(SORE)
    expect(talk.chat.locator("form.question")).to_be_visible()


def test_an_answer_that_comes_after_start_again_is_not_shown(visit: Visit) -> None:
    talk = opened_on(visit).say(SORE)
    held: list[Route] = []
    talk.page.route(MESSAGES, lambda route: held.append(route))
    talk.text.fill("my jaw is tight")
    talk.button("Send").click()
    expect(talk.chat.locator("li.you")).to_have_count(2)
    talk.button("Start again").click()
    expect(talk.answers).to_have_count(1)

    held[-1].continue_()
    talk.page.unroute(MESSAGES)
    talk.say(SORE)

    expect(talk.chat.locator("li.you")).to_have_text([re.compile(SORE)])
    expect(talk.answers).to_have_count(2)
