"""What goes wrong between the widget and the service: nothing typed is lost, nothing is asked or answered twice."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.bench.serving import free_port
from tests.browser.rig import Visit, World, visiting
from tests.browser.talking import SORE, Talk, talk_on
from tests.deployed import supple

LONG = "a" * 5000
HOSTILE = [
    '<img src=x onerror="window.hurt = 1">',
    "<script>window.hurt = 1</script>",
    "javascript:window.hurt=1",
    "\u202egnihton si siht\u202c",
    "[link](javascript:window.hurt=1) **bold** &lt;b&gt;",
    LONG,
    "${alert(1)} {{7*7}} %s \\u0000",
]


def kept_events(visit: Visit) -> list[dict[str, object]]:
    """What the person did, as the service keeps it of the talk of this tab."""
    session = json.loads(visit.stored()["tab"]["supple.clinic"])["session"]
    answer = visit.page.request.get(f"{visit.world.supple}/api/v1/export", headers={"X-Supple-Session": session})
    return [event for event in answer.json()["events"] if event["type"] != "asked"]


def test_offline_the_words_stay_and_go_when_the_line_is_back_once(visit: Visit) -> None:
    talk = talk_on(visit).open()
    visit.context.set_offline(True)
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.button("Try again")).to_be_visible()
    expect(talk.chat.get_by_text(SORE)).to_be_visible()

    visit.context.set_offline(False)

    expect(talk.answers).to_have_count(2)
    expect(talk.button("Try again")).to_have_count(0)
    assert len(kept_events(visit)) == 1


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again_and_not_doubled(visit: Visit) -> None:
    talk = talk_on(visit).open()
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.request.post_data or "")
        route.fetch()  # the service has it; the browser never hears of it
        return route.abort()

    talk.page.route("**/api/v1/messages", lose)
    talk.text.fill(SORE)
    talk.button("Send").click()
    talk.button("Try again").click()

    expect(talk.answers).to_have_count(2)
    assert len(kept_events(visit)) == 1
    expect(talk.chat.locator("li.you")).to_have_count(1)


def test_a_slow_answer_is_said_to_be_slow_and_comes(visit: Visit) -> None:
    talk = talk_on(visit).open()
    held: list[Route] = []
    talk.page.route("**/api/v1/messages", lambda route: held.append(route))
    talk.text.fill(SORE)
    talk.button("Send").click()

    expect(talk.chat.get_by_text("Sending…")).to_be_visible()
    expect(talk.chat.locator("li.you").get_by_text("This is slow today.")).to_be_visible()
    held[0].continue_()

    expect(talk.answers).to_have_count(2)
    expect(talk.chat.locator(".status", has_text="slow")).to_have_count(0)


def test_what_is_said_while_an_answer_is_on_its_way_waits_for_its_turn(visit: Visit) -> None:
    talk = talk_on(visit).open()
    held: list[Route] = []
    talk.page.route("**/api/v1/messages", lambda route: route.continue_() if held else held.append(route))
    for words in (SORE, "also my jaw is tight"):
        talk.text.fill(words)
        talk.button("Send").click()
    talk.page.wait_for_timeout(300)
    assert [path for path in visit.asked_service() if path == "/api/v1/messages"] == ["/api/v1/messages"]
    held[0].continue_()

    expect(talk.answers).to_have_count(3)
    assert [event["type"] for event in kept_events(visit)] == ["said", "said"]


def test_too_many_messages_are_told_kindly_and_sent_later(visit: Visit) -> None:
    talk = talk_on(visit).open()
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if refused:
            return route.continue_()
        refused.append(route.request.url)
        headers = {"Retry-After": "1", "Access-Control-Allow-Origin": visit.world.host}
        headers["Access-Control-Expose-Headers"] = "Retry-After"
        return route.fulfill(status=429, headers=headers, json={"error": {"code": "too_many", "message": "wait"}})

    talk.page.route("**/api/v1/messages", refuse)
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.chat.locator("li.you").get_by_text("That was a lot at once.")).to_be_visible()

    expect(talk.answers).to_have_count(2)


@pytest.mark.slow
def test_a_service_that_is_killed_and_started_again_answers_once(
    browser: Browser, world: World, tmp_path: Path
) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "clinic.yml").write_text(f"name: Hillside Clinic\norigins: [{world.host}]\n", "utf-8")
    port = free_port()
    service = supple(tmp_path / "home", "--sites", str(tmp_path / "sites"), "--workers", "1", port=port).start()
    try:
        with visiting(browser, world) as visit:
            talk = talk_on(visit, supple=f"http://127.0.0.1:{port}").open().say(SORE)
            service.kill(with_workers=True)
            talk.button("None of these").click()
            expect(talk.button("Try again")).to_be_visible()
            service.start()
            talk.button("Try again").click()

            expect(talk.answers).to_have_count(3)
            expect(talk.button("Start").or_(talk.chat.locator("section.routine")).first).to_be_visible()
            expect(talk.chat.locator("li.you")).to_have_count(2)
    finally:
        service.end()


def test_a_reload_at_each_step_shows_the_same_question_and_asks_nothing_twice(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    for step in range(3):
        question = talk.chat.locator(".asked").inner_text()
        answers = talk.answers.count()
        talk.page.reload()
        expect(talk.answers).to_have_count(answers)
        expect(talk.chat.locator(".asked")).to_have_text(question, use_inner_text=True)
        if step < 2:
            talk.press("None of these")

    assert [event["type"] for event in kept_events(visit)] == ["said", "chose", "chose"]
    expect(talk.button("Start").last).to_be_visible()


def test_a_reload_while_a_message_is_on_its_way_sends_it_once(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    talk.page.route("**/api/v1/messages", lambda route: None)
    talk.button("None of these").click()
    talk.page.wait_for_timeout(100)
    talk.page.unroute("**/api/v1/messages")
    talk.page.reload()

    expect(talk.answers).to_have_count(3)
    assert [event["type"] for event in kept_events(visit)] == ["said", "chose"]


def test_another_page_of_the_site_and_back_goes_on_with_the_talk(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    visit.to("long.html")
    expect(talk.answers).to_have_count(2)

    talk.page.go_back()

    expect(talk.answers).to_have_count(2)
    expect(talk.button("None of these")).to_be_visible()
    talk.press("None of these")


def test_two_tabs_have_two_talks(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    other = Talk(visit, visit.new_page())
    other.page.goto(f"{visit.world.host}/plain.html")
    other.open()
    assert other.chat.get_by_text(SORE).count() == 0

    other.say("my hips are tight")
    talk.press("None of these")

    expect(talk.answers).to_have_count(3)
    expect(other.answers).to_have_count(2)


def test_a_tab_that_was_copied_goes_on_without_harm(visit: Visit) -> None:
    """Browsers copy a tab's storage into one that is duplicated or opened by it."""
    talk = talk_on(visit).open().say(SORE)
    kept = visit.stored()["tab"]["supple.clinic"]
    copy = Talk(visit, visit.new_page())
    copy.page.goto(f"{visit.world.host}/plain.css")
    copy.page.evaluate("kept => sessionStorage.setItem('supple.clinic', kept)", kept)
    copy.page.goto(f"{visit.world.host}/plain.html")
    expect(copy.answers).to_have_count(2)

    talk.press("None of these")
    copy.press("None of these")

    assert not [line for line in visit.errors if not line.startswith("error: Failed to load")]


def test_a_talk_that_is_over_starts_anew_with_the_words_that_were_typed(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    session = json.loads(visit.stored()["tab"]["supple.clinic"])["session"]
    talk.page.request.delete(f"{visit.world.supple}/api/v1/session", headers={"X-Supple-Session": session})

    talk.text.fill("my hips are tight")
    talk.button("Send").click()

    expect(talk.chat.get_by_text("That talk was over, so this is a new one.")).to_be_visible()
    expect(talk.last).to_contain_text("I heard: tight hips")


def test_a_reload_of_a_talk_that_is_over_says_so_and_does_not_loop(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    session = json.loads(visit.stored()["tab"]["supple.clinic"])["session"]
    talk.page.request.delete(f"{visit.world.supple}/api/v1/session", headers={"X-Supple-Session": session})
    talk.page.reload()

    expect(talk.chat.get_by_text("That talk was over, so this is a new one.")).to_be_visible()
    talk.page.reload()
    expect(talk.launcher).to_have_text("Stiff or sore?")


@pytest.mark.parametrize(
    "kept", ["{", "null", "[]", '{"session": 1, "entries": "x"}', '{"entries": [{}], "open": true}']
)
def test_what_is_broken_in_the_tab_s_storage_stops_nothing(visit: Visit, kept: str) -> None:
    talk = talk_on(visit)
    talk.page.evaluate("kept => sessionStorage.setItem('supple.clinic', kept)", kept)
    talk.page.reload()
    expect(talk.launcher.or_(talk.panel).first).to_be_attached()
    if talk.launcher.is_visible():
        talk.launcher.click()

    expect(talk.last).to_contain_text("What do you feel, and where?")
    talk.say(SORE)


def test_a_browser_that_keeps_nothing_has_a_talk_all_the_same(visit: Visit) -> None:
    visit.context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )

    talk_on(visit).open().to_routine()

    assert visit.errors == []


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_of_the_person_are_shown_as_they_are(visit: Visit, words: str) -> None:
    talk = talk_on(visit).open()
    talk.text.fill(words)
    talk.button("Send").click()
    expect(talk.chat.locator("li.you")).to_have_count(1)
    expect(talk.answers).to_have_count(2)

    shown = talk.chat.locator("li.you .words").evaluate("words => words.textContent")
    assert shown == words[: len(shown)] and len(shown) >= min(len(words), 2000)
    assert talk.page.evaluate("window.hurt") is None
    assert talk.measure("cut") == []


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_of_the_service_are_shown_as_they_are(visit: Visit, words: str) -> None:
    def poison(route: Route) -> None:
        response = route.fetch()
        body = re.sub(
            r'("(?:text|label|title|why|care|amount|because)": ?)"[^"]*"',
            lambda m: m[1] + json.dumps(words),
            response.text(),
        )
        route.fulfill(response=response, body=body)

    talk = talk_on(visit).open()
    talk.page.route("**/api/v1/messages", poison)
    talk.say(SORE)

    assert talk.last.evaluate("(item, words) => item.textContent.includes(words)", words)
    talk.chat.locator(".asked button").first.click()
    talk.page.wait_for_timeout(200)
    assert talk.page.evaluate("window.hurt") is None
    assert talk.chat.locator("a[href^='javascript']").count() == 0
    assert talk.measure("cut") == []


def test_hostile_settings_make_no_link_and_no_picture_of_what_is_none(visit: Visit) -> None:
    page = visit.to()

    def poison(route: Route) -> None:
        response = route.fetch()
        bad = {"booking": "javascript:window.hurt=1", "logo": "javascript:window.hurt=1", "name": HOSTILE[0]}
        route.fulfill(response=response, json={**response.json(), **bad})

    page.route("**/api/v1/sites/clinic", poison)
    talk = Talk(visit, page).open()
    talk.button("In an emergency").click()

    expect(talk.chat.locator("h2")).to_have_text(HOSTILE[0])
    expect(talk.chat.locator("a[href^='javascript'], img[src^='javascript']")).to_have_count(0)
    assert page.evaluate("window.hurt") is None


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"blocks": null}', "<!doctype html>"])
def test_an_answer_that_is_none_is_a_failed_message_that_can_be_tried_again(visit: Visit, body: str) -> None:
    talk = talk_on(visit).open()
    headers = {"Access-Control-Allow-Origin": visit.world.host}
    given = {"status": 200, "body": body, "content_type": "application/json", "headers": headers}
    talk.page.route("**/api/v1/messages", lambda route: route.fulfill(**given))
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.button("Try again")).to_be_visible()

    talk.page.unroute("**/api/v1/messages")
    talk.button("Try again").click()

    expect(talk.answers).to_have_count(2)
