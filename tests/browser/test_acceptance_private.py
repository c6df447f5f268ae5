"""What leaves the browser and what stays in it: nothing before the first click, and never more than was sent."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.rig import Visit, Visits
from tests.browser.talking import DANGER, SORE, Talk, opened, talk_on

NOTHING: dict[str, Any] = {"local": {}, "tab": {}, "databases": [], "caches": [], "cookies": []}
CANARY = "quuxfrob"


def sent_to_service(visit: Visit) -> list[Request]:
    """Requests to the service from now on, whole."""
    seen: list[Request] = []
    visit.page.on(
        "request", lambda request: seen.append(request) if request.url.startswith(visit.world.supple) else None
    )
    return seen


def test_before_the_first_click_one_file_is_asked_for_and_nothing_is_kept(visit: Visit) -> None:
    talk = talk_on(visit)
    talk.launcher.hover()
    talk.page.keyboard.press("Tab")
    talk.launcher.focus()
    talk.page.wait_for_timeout(300)

    assert visit.asked_service() == ["/widget.js"]
    assert visit.stored() == NOTHING
    assert visit.errors == []


def test_opening_begins_no_talk_and_keeps_nothing(visit: Visit) -> None:
    talk_on(visit).open()

    assert visit.asked_service() == ["/widget.js", "/api/v1/sites/clinic"]
    assert visit.stored() == NOTHING


def test_before_consent_nothing_is_kept_and_after_it_only_in_the_tab(visit: Visit) -> None:
    talk = talk_on(visit, site="consent").open()
    assert visit.stored() == NOTHING

    talk.press("Yes, you may").say(SORE)

    kept = visit.stored()
    assert list(kept.pop("tab")) == ["supple.consent"]
    assert kept == {name: value for name, value in NOTHING.items() if name != "tab"}


def test_who_says_no_leaves_nothing_behind(visit: Visit) -> None:
    talk = talk_on(visit, site="consent").open()
    talk.press("No")

    assert visit.stored() == NOTHING


def test_a_whole_talk_tells_nothing_of_the_page_it_stands_on(visit: Visit) -> None:
    page = visit.to(secret=CANARY)
    page.evaluate(f"document.title = '{CANARY}'; history.replaceState(null, '', '?{CANARY}=1#{CANARY}')")
    seen = sent_to_service(visit)

    Talk(visit, page).open().to_routine()

    assert len(seen) > 3
    for request in seen:
        said = json.dumps([request.url, request.post_data or "", request.all_headers()])
        assert CANARY not in said
        assert "referer" not in request.all_headers()


def test_the_session_is_in_a_header_and_in_no_address_and_there_is_no_cookie(visit: Visit) -> None:
    page = visit.to()
    seen = sent_to_service(visit)
    Talk(visit, page).open().to_routine()

    sessions = {header for request in seen if (header := request.all_headers().get("x-supple-session"))}
    (session,) = sessions

    assert [url for _, url in visit.requests if session in url] == []
    assert all("cookie" not in request.all_headers() for request in seen)
    assert visit.context.cookies() == []


def test_what_is_typed_and_not_sent_stays_in_the_browser(visit: Visit) -> None:
    page = visit.to()
    seen = sent_to_service(visit)
    talk = Talk(visit, page).open()
    talk.text.press_sequentially(f"my {CANARY} back", delay=5)
    talk.button("In an emergency").click()
    talk.button("Close").click()

    assert [request for request in seen if CANARY in (request.post_data or "")] == []
    assert CANARY not in json.dumps(visit.stored())


def test_of_a_crisis_no_words_are_kept_in_the_tab(visit: Visit) -> None:
    talk = talk_on(visit).open().say(f"I want to kill myself {CANARY}")

    expect(talk.last.locator(".card")).to_be_visible()
    assert CANARY not in json.dumps(visit.stored())


def test_nothing_is_written_down_by_the_service(visit: Visit) -> None:
    talk_on(visit).open().say(f"my back is sore {CANARY}").press("None of these")

    assert CANARY not in visit.world.log.read_text("utf-8")


def test_delete_my_answers_deletes_them_here_and_there(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    session = json.loads(visit.stored()["tab"]["supple.clinic"])["session"]

    talk.button("Delete my answers").click()
    expect(talk.chat.get_by_text("Your answers are deleted.")).to_be_visible()

    assert visit.stored() == NOTHING
    address = f"{visit.world.supple}/api/v1/session"
    assert talk.page.request.get(address, headers={"X-Supple-Session": session}).status == 404


def test_exit_leaves_for_an_empty_page_and_takes_the_talk_along(visit: Visit) -> None:
    talk = talk_on(visit).open().say(DANGER)
    session = json.loads(visit.stored()["tab"]["supple.clinic"])["session"]

    talk.button("Exit now").click()
    talk.page.wait_for_url("**/away")

    assert talk.page.title() == "Empty page"
    address = f"{visit.world.supple}/api/v1/session"
    assert talk.page.request.get(address, headers={"X-Supple-Session": session}).status == 404
    talk.page.go_back()
    assert not talk.page.url.startswith(visit.world.host)  # the page was replaced: Back does not lead to it
    visit.to()
    assert visit.stored() == NOTHING


def refusal(page: Page) -> str:
    """What a person is told where the widget may not be used: the browser lets it read no reason."""
    chat = page.locator("supple-chat")
    chat.locator("button.launcher").click()
    expect(chat.locator(".wait")).to_contain_text("The chat did not load.")
    told: str = chat.locator(".panel").inner_text()
    return told


@pytest.mark.parametrize("site", ["clinic", "unheard-of", "closed"])
def test_an_unlisted_origin_an_unknown_site_and_a_closed_one_are_refused_alike(visits: Visits, site: str) -> None:
    visit = visits()
    unlisted = refusal(visit.to(origin=visit.world.stranger, site=site))

    assert unlisted == refusal(visits().to(site="closed"))
    assert "Hillside" not in unlisted
    assert visit.stored() == NOTHING


def test_a_page_without_an_origin_is_refused(visit: Visit) -> None:
    page = visit.to("plain.html")
    page.evaluate(
        """address => { const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';
            frame.src = address; document.body.append(frame) }""",
        f"{visit.world.host}/plain.html",
    )
    frame = page.frame_locator("iframe")
    frame.locator("supple-chat button.launcher").click()

    expect(frame.locator("supple-chat .wait")).to_contain_text("The chat did not load.")


@pytest.mark.parametrize("query", ["site=closed", "site=unheard-of", "site=", ""])
def test_a_page_to_frame_is_the_same_refusal_for_all_that_may_not_be_framed(visit: Visit, query: str) -> None:
    answer = visit.page.request.get(f"{visit.world.supple}/frame?{query}")
    other = visit.page.request.get(f"{visit.world.supple}/frame?site=closed")

    assert (answer.status, answer.text()) == (other.status, other.text())
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_page_to_frame_names_its_site_s_origins_alone(visit: Visit) -> None:
    answer = visit.page.request.get(f"{visit.world.supple}/frame?site=clinic")

    assert f"frame-ancestors {visit.world.host}" in answer.headers["content-security-policy"]


def test_an_old_talk_of_another_site_is_not_shown(visits: Visits) -> None:
    visit = visits()
    talk_on(visit).open().say(SORE)

    other = talk_on(visit, site="diary").open()

    assert other.chat.get_by_text(SORE).count() == 0


def test_addresses_that_are_asked_for_are_the_service_s_and_the_page_s_own(visit: Visit) -> None:
    opened(lambda **_: visit).to_routine()

    hosts = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for _, url in visit.requests}
    assert hosts == {visit.world.host, visit.world.supple}
