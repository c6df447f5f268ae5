"""The talk without JavaScript: whole conversations through its forms, read as a browser reads them."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from bot.cli.talk import message_of
from bot.content.files import cache_folder
from bot.model.talk import Block, Reply
from bot.service import Service
from bot.sessions import MemoryStore
from bot.web import Settings, create_app
from bot.web.logs import Log
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import ROOT
from tests.test_conversations import SCRIPTS

VOID = {"meta", "link", "input", "br"}


@dataclass(repr=False)
class Element:
    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Page(HTMLParser):
    """A page as a tree; unclosed and misplaced tags are failures."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.root = self._at = Element("root", {})
        self.status = response.status_code
        self.feed(response.text)
        assert self._at is self.root, self._at.tag

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.children.append(element)
        if tag not in VOID:
            self._at = element

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._at.tag, f"</{tag}> closes <{self._at.tag}>"
        assert self._at.parent
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.children.append(data)

    def all(self, *tags: str) -> list[Element]:
        return list(self.root.all(*tags))

    def one(self, tag: str, **attrs: str) -> Element:
        found = [e for e in self.all(tag) if all(e.attrs.get(name) == value for name, value in attrs.items())]
        assert len(found) == 1, (tag, attrs, len(found))
        return found[0]

    @property
    def text(self) -> str:
        return " ".join(self.one("main").text.split())

    def options(self) -> dict[str, str]:
        """Label and value of what can be ticked."""
        labels = {label.attrs["for"]: " ".join(label.text.split()) for label in self.all("label")}
        return {
            labels[box.attrs["id"]]: box.attrs["value"]
            for box in self.all("input")
            if box.attrs["type"] in ("checkbox", "radio")
        }

    def form(self, button: str) -> dict[str, Any]:
        """What the form of this button sends when nothing is filled in."""
        pressed = next(e for e in self.all("button") if e.text == button)
        form = pressed.parent
        while form and form.tag != "form":
            form = form.parent
        assert form
        assert form.attrs["method"] == "post"
        sent: dict[str, Any] = {
            e.attrs["name"]: e.attrs["value"] for e in form.all("input") if e.attrs["type"] == "hidden"
        }
        return {**sent, pressed.attrs["name"]: pressed.attrs["value"]}


@dataclass
class Browser:
    client: FlaskClient

    def get(self, path: str = "/talk") -> Page:
        return Page(self.client.get(path))

    def press(self, page: Page, button: str = "Send", **fields: Any) -> Page:
        """Fill in a form, press its button, and follow to the page."""
        response = self.client.post("/talk", data={**page.form(button), **fields})
        if response.status_code != 303:
            return Page(response)
        return self.get(response.headers["Location"].partition("#")[0])

    def tick(self, page: Page, *labels: str, **fields: Any) -> Page:
        options = page.options()
        return self.press(page, choose=[options[label] for label in labels], **fields)

    def say(self, *texts: str) -> Page:
        page = self.get()
        for text in texts:
            page = self.press(page, text=text)
        return page


@pytest.fixture(scope="module")
def app() -> Flask:
    settings = Settings(cache=str(cache_folder()), country="GB", address_rate=0, session_rate=0)
    return create_app(settings, store=MemoryStore(), log=Log(io.StringIO()))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def service(app: Flask) -> Service:
    found: Service = app.extensions["supple"].services["demo"]
    return found


def session_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("supple_talk", path="/talk")
    assert cookie
    return cookie.value


def events_of(browser: Browser, service: Service) -> list[Any]:
    """What was done; a message without effect leaves only its id, so that it stays without."""
    return [event for event in service.store.events(session_of(browser)) if event["type"] != "nothing"]


def pages(browser: Browser) -> Iterator[Page]:
    """A page of every kind."""
    yield browser.get("/")
    yield browser.get()
    yield (gate := browser.say("my lower back is sore and my knees hurt"))
    yield browser.press(gate)
    yield (fit := browser.tick(gate, "None of these"))
    yield (routine := browser.tick(fit, "None of these"))
    yield browser.press(routine, text="why these?")
    yield browser.press(routine, text="which articles?")
    yield browser.press(routine, text="I cannot feel between my legs and cannot pee")
    yield browser.press(routine, "Delete my answers")
    yield browser.say("I want to kill myself")
    yield Page(browser.client.post("/talk", data={"text": "x" * 70_000}))


def test_a_conversation_goes_from_the_opening_to_a_routine(browser: Browser) -> None:
    page = browser.get()
    assert "What do you feel, and where?" in page.text
    assert "For people aged 18 and over." in page.one("footer").text

    page = browser.press(page, text="my lower back is sore")
    assert "I heard: low back pain" in page.text
    assert page.one("legend").text == "First, is any of this there?"
    assert {box.attrs["type"] for box in page.all("input") if "id" in box.attrs} == {"checkbox"}

    page = browser.tick(page, "None of these")
    assert "Easy walking" in page.text
    page = browser.tick(page, "None of these")
    titles = [heading.text for heading in page.all("h3")]
    assert "Belly breathing lying down" in titles
    assert len(page.all("article")) == len(titles)
    assert "Because you said low back pain." in page.text
    assert "How much: 15-20 minutes, can be daily. Care: Never force it" in page.text
    assert "Stop if pain spreads or feelings overwhelm you." in page.text
    assert "Not medical advice." in page.text

    page = browser.tick(page, "10 minutes")
    assert "Constructive rest" not in [heading.text for heading in page.all("h3")]
    page = browser.tick(page, "None of these") if "None of these" in page.options() else page
    page = browser.tick(page, "Why these?")
    assert "7 Secrets to Heal the Psoas Muscle" in page.text


def test_a_question_about_a_practice_is_answered_after_the_redirect(browser: Browser) -> None:
    page = browser.say("my lower back is sore")
    page = browser.tick(browser.tick(page, "None of these"), "None of these")
    page = browser.press(page, text="how do I do the belly breathing?")

    assert "1) Breathe in deeply" in page.text


def as_kept(reply: Reply) -> list[Any]:
    """Blocks without what hangs on the person's words, or on which crisis it is, which are not kept."""
    crisis = any(block.type == "care_card" and block.data["lane"] == "crisis" for block in reply.blocks)
    return [
        (
            block.type,
            "" if block.type in ("note", "coverage", "care_card") or _of_crisis(block) else block.text,
            None if crisis else block.data.get("options"),
        )
        for block in reply.blocks
    ]


def _of_crisis(block: Block) -> bool:
    """The question about a doubtful crisis: of which rule it was is not kept, so it is put in general words."""
    return [option["id"] for option in block.data.get("options", ())] == ["crisis", "none"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_the_last_reply_is_made_anew_from_ids(script: Any, service: Service) -> None:
    session = f"last {script['name']}"
    reply = service.open(session)
    assert service.last(session) == reply
    for turn in script["turns"]:
        told = service.turn(session, message_of(turn["type"], reply))
        reply = told.reply
        if told.changed:
            assert as_kept(service.last(session)) == as_kept(reply)
            assert service.last(session).level == reply.level


def test_what_is_not_right_is_changed(browser: Browser) -> None:
    page = browser.press(browser.say("my lower back is sore"), "Not right?")
    assert "Tight hips" in page.options()

    page = browser.tick(page, "Tight hips")
    assert "I heard: tight hips" in page.text


def test_every_form_is_answered_with_a_redirect_that_a_reload_does_not_repeat(
    browser: Browser, service: Service
) -> None:
    form = {**browser.get().form("Send"), "text": "my lower back is sore"}
    response = browser.client.post("/talk", data=form)
    assert response.status_code == 303
    assert response.headers["Location"].endswith("#reply")

    once, kept = browser.get().text, events_of(browser, service)
    assert browser.get().text == once
    assert browser.client.post("/talk", data=form).status_code == 303  # the same form, from a double click
    assert browser.get().text == once
    assert events_of(browser, service) == kept


def test_a_form_that_was_changed_after_going_back_counts(browser: Browser) -> None:
    form = browser.get().form("Send")
    browser.client.post("/talk", data={**form, "text": "my lower back is sore"})
    browser.client.post("/talk", data={**form, "text": "I cannot feel between my legs"})

    assert "emergency department now" in browser.get().text


def test_the_cookie_is_the_least_there_can_be(browser: Browser) -> None:
    looked = browser.client.get("/talk")
    assert "Set-Cookie" not in looked.headers
    assert "one cookie" in looked.text

    cookie = browser.client.post("/talk", data={"text": "my hips are stiff"}).headers["Set-Cookie"]
    assert re.match(r"supple_talk=demo\.[\w-]{22}; ", cookie)
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/talk", "SameSite=Strict"}
    secure = browser.client.post("/talk", data={"text": "my hips are stiff"}, base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"].split("; ")


def test_a_browser_without_cookies_is_told(app: Flask) -> None:
    browser = Browser(app.test_client(use_cookies=False))

    assert "did not keep the cookie" in browser.press(browser.get(), text="my hips are stiff").text


def test_a_danger_sign_hands_over_with_a_note_and_numbers_to_tap(browser: Browser) -> None:
    page = browser.tick(browser.say("my lower back is sore"), "Numb or odd between the legs; peeing or pooing changed")

    card = page.one("section", role="alert")
    assert next(card.all("h2")).text == "Emergency: get help now"
    assert "tel:999" in [link.attrs["href"] for link in card.all("a")]
    note = page.one("textarea", id="note")
    assert "readonly" in note.attrs
    assert "low back pain" in note.text
    assert page.all("article") == []
    assert "still stands" in browser.press(page, text="just show me a stretch").text


def test_a_crisis_is_answered_and_not_kept(browser: Browser, service: Service) -> None:
    page = browser.say("I want to kill myself")

    assert "116 123" in page.one("section", role="alert").text
    assert "0808 2000 247" not in page.text
    assert "0808 2000 247" in browser.get().text  # which crisis it was is not kept, so later every line is shown
    assert [event["type"] for event in events_of(browser, service)] == ["handover", "asked"]
    assert "I'm safe but struggling" in page.options()


def test_a_crisis_told_with_a_sign_of_the_body_gets_both_cards(browser: Browser, service: Service) -> None:
    form = {**browser.get().form("Send"), "text": "crushing chest pain and I want to kill myself"}
    response = browser.client.post("/talk", data=form)
    page = Page(response)
    cards = [card.text for card in page.all("section") if card.attrs.get("role") == "alert"]
    kept = events_of(browser, service)

    assert response.status_code == 200
    assert ["116 123" in card for card in cards] == [True, False]
    assert ["999" in card for card in cards] == [True, True]
    assert Page(browser.client.post("/talk", data=form)).text == page.text  # a reload sends the form again
    assert events_of(browser, service) == kept


def test_words_and_ticks_of_one_form_both_count(browser: Browser, service: Service) -> None:
    page = browser.say("my lower back is sore")
    page = browser.tick(page, "None of these", text="my hips are stiff as well")

    state = service.state(session_of(browser))
    assert set(state.present()) == {"low_back_pain", "tight_hips"}
    assert "gate" in state.passed


def test_ticks_never_push_a_graver_reply_to_the_words_away(browser: Browser) -> None:
    page = browser.tick(browser.say("my lower back is sore"), "None of these", text="I want to kill myself")

    assert "116 123" in page.one("section", role="alert").text


def test_a_graver_tick_outweighs_the_words(browser: Browser) -> None:
    page = browser.say("my lower back is sore")
    page = browser.tick(page, "Numb or odd between the legs; peeing or pooing changed", text="and my hips are stiff")

    assert "emergency department now" in page.one("section", role="alert").text


def test_an_empty_form_is_told_kindly(browser: Browser, service: Service) -> None:
    gate = browser.say("my lower back is sore")
    kept = events_of(browser, service)
    page = browser.press(gate, text="  ")

    assert page.status == 422
    assert "Nothing came through" in page.one("p", role="alert").text
    assert page.options() == gate.options()
    assert events_of(browser, service) == kept


def test_a_long_text_is_refused_and_nothing_of_it_lost(browser: Browser) -> None:
    long = "mein Rücken & <b>Hüfte</b> 腰 " * 100
    page = browser.press(browser.get(), text=long)

    assert page.status == 422
    assert "more than I can read at once" in page.one("p", role="alert").text
    assert page.one("textarea", id="text").text.strip() == long.strip()


def test_a_form_that_is_larger_than_any_message_is_refused(browser: Browser) -> None:
    page = Page(browser.client.post("/talk", data={"text": "x" * 70_000}))

    assert page.status == 413
    assert "xxx" not in page.text


def test_a_choice_that_does_not_stand_changes_nothing(browser: Browser) -> None:
    page = browser.press(browser.say("my lower back is sore"), choose=["rf_nonsense"])

    assert page.status == 422
    assert "not one of the choices" in page.one("p", role="alert").text


def test_starting_again_clears_the_talk(browser: Browser, service: Service) -> None:
    page = browser.press(browser.say("my lower back is sore"), "Start again")

    assert "This is a new talk." in page.one("div", role="status").text
    assert "What do you feel, and where?" in page.text
    assert [event["type"] for event in events_of(browser, service)] == ["restart"]


def test_deleting_leaves_nothing(browser: Browser, service: Service) -> None:
    page = browser.say("my lower back is sore")
    session = session_of(browser)
    page = browser.press(page, "Delete my answers")

    assert "Your answers are deleted." in page.one("div", role="status").text
    assert service.store.events(session) == []
    assert browser.client.get_cookie("supple_talk", path="/talk") is None


def test_a_talk_that_is_over_is_told_and_words_still_get_their_answer(browser: Browser, service: Service) -> None:
    gate = browser.say("my lower back is sore")
    service.store.forget(session_of(browser))
    assert "That talk was over" in browser.tick(gate, "None of these").one("div", role="status").text

    browser.say("my lower back is sore")
    service.store.forget(session_of(browser))
    page = browser.press(gate, text="I want to kill myself")
    assert "116 123" in page.one("section", role="alert").text
    assert "That talk was over" in page.one("div", role="status").text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:81", "https://localhost"])
@pytest.mark.parametrize("do", ["send", "again", "delete"])
def test_another_site_cannot_send_in_a_persons_name(browser: Browser, service: Service, origin: str, do: str) -> None:
    browser.say("my lower back is sore")
    kept = events_of(browser, service)
    form = {"do": do, "text": "my hips are stiff"}
    response = browser.client.post("/talk", data=form, headers={"Origin": origin})

    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers
    assert events_of(browser, service) == kept


def test_our_own_page_may_send_and_browsers_are_told_to_say_so(browser: Browser) -> None:
    """Under the other pages' no-referrer policy a browser would send our own forms with "Origin: null"."""
    response = browser.client.post("/talk", data={"text": "stiff hips"}, headers={"Origin": "http://localhost"})

    assert response.status_code == 303
    assert browser.client.get("/talk").headers["Referrer-Policy"] == "same-origin"


def test_an_unknown_site_is_refused(browser: Browser) -> None:
    page = browser.get("/talk?site=nowhere")

    assert page.status == 403
    assert "cannot be used from here" in page.one("p", role="alert").text


def test_too_many_messages_are_refused_on_a_page() -> None:
    settings = Settings(cache=str(cache_folder()), session_rate=1)
    browser = Browser(create_app(settings, store=MemoryStore(), log=Log(io.StringIO())).test_client())
    page = browser.say("my lower back is sore", "my hips are stiff")

    assert page.status == 429
    assert "please wait" in page.one("p", role="alert").text


def test_no_page_needs_a_script_or_a_style_of_its_own(browser: Browser) -> None:
    demo, *talk = pages(browser)
    assert [(script.attrs["src"], script.text) for script in demo.all("script")] == [
        ("/widget.js", ""),
        ("/static/clinic.js", ""),
    ]
    assert [page.all("script") for page in talk] == [[]] * len(talk)
    for page in (demo, *talk):
        assert page.all("style", "iframe", "img") == []
        for element in page.all():
            assert not [name for name in element.attrs if name == "style" or name.startswith("on")]
            for name in ("src", "href", "action"):
                assert not element.attrs.get(name, "").startswith(("http", "//")), element


def test_every_page_can_be_used_without_seeing_it(browser: Browser) -> None:
    for page in pages(browser):
        assert page.one("html").attrs["lang"] == "en"
        assert page.one("title").text.strip()
        assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
        ids = [element.attrs["id"] for element in page.all() if "id" in element.attrs]
        assert len(ids) == len(set(ids))
        _check_labels(page, ids)
        first = next(element for element in page.all("a"))
        assert first.attrs["href"].removeprefix("#") in ids  # the skip link comes first, and leads somewhere
        levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def _check_labels(page: Page, ids: list[str]) -> None:
    labels = {label.attrs["for"] for label in page.all("label")}
    for control in page.all("input", "textarea", "select"):
        if control.attrs.get("type") != "hidden":
            assert control.attrs["id"] in labels
    for element in page.all():
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert element.attrs.get(name, ids[0]) in ids
    for button in page.all("button"):
        assert button.text.strip()
        assert any(ancestor.tag == "form" for ancestor in _ancestors(button))
    if page.options():
        assert len(page.all("fieldset")) == len(page.all("legend")) == 1


def _ancestors(element: Element) -> Iterator[Element]:
    while element.parent:
        element = element.parent
        yield element


def test_the_style_sheet_is_served_and_kept_for_an_hour(browser: Browser) -> None:
    response = browser.client.get("/static/supple.css")
    response.close()

    assert response.mimetype == "text/css"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.cache_control.max_age == 3600


def test_the_style_sheet_keeps_its_contrast() -> None:
    css = (ROOT / "bot" / "web" / "static" / "supple.css").read_text("utf-8")
    schemes = re.findall(r":root \{\n(.*?)\}", css, re.DOTALL)
    assert len(schemes) == 2
    for scheme in schemes:
        colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", scheme))
        for fore, back in (
            *((fore, back) for fore in ("ink", "soft", "accent") for back in ("page", "tint")),
            ("on-accent", "accent"), ("grave", "grave-tint"), ("ink", "grave-tint"), ("care", "care-tint"),
            ("ink", "care-tint"),
        ):  # fmt: skip
            assert _contrast(colour[fore], colour[back]) >= 4.5, (fore, back)
        assert _contrast(colour["line"], colour["page"]) >= 3


def _contrast(one: str, other: str) -> float:
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_exit_leads_to_a_page_that_shows_nothing_of_us(browser: Browser) -> None:
    exit_ = next(link for link in browser.get().all("a") if link.attrs.get("class") == "exit")
    away = browser.client.get(exit_.attrs["href"]).text

    assert not re.search(r"supple|psoas|talk|health", away, re.IGNORECASE)
