"""A talk in the widget, as a person has it: what is pressed, typed and heard. And the states that are looked at."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.rig import Visit, Visits

DANGER = "I can't feel when I wipe and my legs are getting weak"
SORE = "my lower back is sore from sitting all day"

MEASURES = (Path(__file__).parent / "measures.js").read_text("utf-8").strip().removesuffix(";").partition("\n")[2]
"""Without its first line, which is a remark."""
# Every text that a live region gets, once for each time that it gets it. A region that is emptied says nothing.
LISTEN = """host => {
  const heard = (window.heard_aloud = []);
  const live = "[aria-live=polite], [aria-live=assertive], [role=alert], [role=status]";
  const region = node => (node.nodeType === 1 ? node : node.parentElement)?.closest(live);
  const quiet = node => region(node)?.closest("[hidden], [aria-live=off]");
  const say = node => { const at = region(node);
    if (at && !quiet(node) && at.textContent.trim())
      heard.push([at.getAttribute("role") === "alert" ? "alert" : "polite", at.textContent.trim()]); };
  new MutationObserver(changes => {
    const told = new Set();
    for (const change of changes) {
      const at = region(change.target);
      if (at && !told.has(at)) { told.add(at); say(change.target); }
      for (const added of change.addedNodes)
        if (added.nodeType === 1) for (const inner of added.querySelectorAll(live)) say(inner);
    }
  }).observe(host.shadowRoot, {subtree: true, childList: true, characterData: true});
}"""


@dataclass
class Talk:
    """The widget of a visit."""

    visit: Visit
    page: Page

    @property
    def chat(self) -> Locator:
        return self.page.locator("supple-chat")

    @property
    def launcher(self) -> Locator:
        return self.chat.locator("button.launcher")

    @property
    def panel(self) -> Locator:
        return self.chat.locator(".panel")

    @property
    def text(self) -> Locator:
        return self.chat.get_by_role("textbox", name="own words").or_(self.chat.get_by_label("Your words"))

    @property
    def answers(self) -> Locator:
        return self.chat.locator("li.bot")

    @property
    def last(self) -> Locator:
        return self.answers.last

    def button(self, name: str) -> Locator:
        return self.chat.get_by_role("button", name=name, exact=True)

    def open(self) -> "Talk":
        """Press the launcher, and wait for the opening."""
        self.launcher.click()
        expect(self.answers).to_have_count(1)
        return self

    def answered(self, before: int) -> "Talk":
        expect(self.answers).to_have_count(before + 1)
        return self

    def say(self, text: str) -> "Talk":
        before = self.answers.count()
        self.text.fill(text)
        self.button("Send").click()
        return self.answered(before)

    def press(self, name: str) -> "Talk":
        """Press a button that answers."""
        before = self.answers.count()
        self.button(name).click()
        return self.answered(before)

    def tick(self, *labels: str) -> "Talk":
        for label in labels:
            self.chat.get_by_label(label, exact=True).check()
        return self.press("Send my ticks")

    def to_routine(self, said: str = SORE) -> "Talk":
        """From the opening to the first practices beyond the safe floor."""
        self.say(said).press("None of these").press("None of these")
        expect(self.button("Start").last).to_be_visible()
        return self

    def measure(self, what: str) -> list[str]:
        """What is wrong on the page, by a function of measures.js."""
        found: list[str] = self.page.evaluate(f"({MEASURES}).{what}()")
        return found

    def listen(self) -> None:
        """From now on keep what live regions say."""
        self.chat.evaluate(LISTEN)

    def heard(self) -> list[tuple[str, str]]:
        """Region and text of each announcement since `listen`."""
        return [(region, text) for region, text in self.page.evaluate("heard_aloud")]


def talk_on(visit: Visit, file: str = "plain.html", **query: str) -> Talk:
    """Go to a host's page, and be about to press the launcher."""
    return Talk(visit, visit.to(file, **query))


def opened(visits: Visits, **options: object) -> Talk:
    return talk_on(visits(**options)).open()


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def _error(visits: Visits) -> Talk:
    talk = opened(visits)
    talk.button("Send").click()
    expect(talk.chat.get_by_text("Type a few words first.")).to_be_visible()
    return talk


def _offline(visits: Visits) -> Talk:
    talk = opened(visits)
    talk.visit.context.set_offline(True)
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.button("Try again")).to_be_visible()
    return talk


def _routine(visits: Visits, **options: object) -> Talk:
    return opened(visits, **options).to_routine()


def _timer(visits: Visits, **options: object) -> Talk:
    talk = _routine(visits, **options)
    talk.button("Start").last.click()
    expect(talk.chat.locator(".stage")).to_be_visible()
    return talk


def _calendar(visits: Visits, **options: object) -> Talk:
    talk = _routine(visits, **options)
    talk.button("Calendar").last.click()
    expect(talk.button("Get the calendar file").last).to_be_visible()
    return talk


def _gate(visits: Visits, **options: object) -> Talk:
    return opened(visits, **options).say(SORE)


STATES: dict[str, Callable[[Visits], Talk]] = {
    "closed": lambda visits: talk_on(visits()),
    "open": opened,
    "consent": lambda visits: talk_on(visits(), site="consent").open(),
    "question": _gate,
    "error": _error,
    "red flag": lambda visits: opened(visits).say(DANGER),
    "routine": _routine,
    "timer": _timer,
    "offline": _offline,
    "rtl": lambda visits: talk_on(visits(), "rtl.html").open().to_routine(),
    "dark": lambda visits: _routine(visits, color_scheme="dark"),
    "phone": lambda visits: _routine(visits, **PHONE),
}
"""The twelve states in which axe must find nothing, each reached as a person reaches it."""

MORE: dict[str, Callable[[Visits], Talk]] = {
    "calendar": _calendar,
    "clock": lambda visits: _running(visits),
    "check-in": lambda visits: _check_in(visits),
    "chart": lambda visits: _chart(visits),
    "help": lambda visits: _pressed(opened(visits), "In an emergency"),
    "crisis": lambda visits: opened(visits).say("I want to kill myself"),
    "why": lambda visits: _unfolded(_routine(visits)),
    "inline": lambda visits: talk_on(visits(), "inline.html").open(),
    "dark site": lambda visits: talk_on(visits(), site="dark").open().to_routine(),
    "dark red flag": lambda visits: opened(visits, color_scheme="dark").say(DANGER),
    "dark timer": lambda visits: _timer(visits, color_scheme="dark"),
    "forced colours": lambda visits: _gate(visits, forced_colors="active"),
    "phone question": lambda visits: _gate(visits, **PHONE),
    "phone timer": lambda visits: _timer(visits, **PHONE),
    "refused": lambda visits: _refused(visits),
}
"""More states that are looked at."""


def _pressed(talk: Talk, name: str) -> Talk:
    talk.button(name).click()
    return talk


def _unfolded(talk: Talk) -> Talk:
    for fold in talk.last.locator("summary").all():
        fold.click()
    return talk


def _refused(visits: Visits) -> Talk:
    talk = talk_on(visits(), site="closed")
    talk.launcher.click()
    expect(talk.chat.locator(".wait")).to_contain_text("The chat did not load.")
    return talk


def _running(visits: Visits) -> Talk:
    talk = _timer(visits)
    talk.button("Hold").click()
    talk.button("Pause").click()
    return talk


def _check_in(visits: Visits) -> Talk:
    talk = talk_on(visits(), site="diary").open().to_routine()
    talk.button("Start").last.click()
    for name in ("Skip", "Skip"):
        talk.button(name).click()
    talk.button("Finish").click()
    talk.button("How did it go?").click()
    expect(talk.chat.get_by_role("group", name="How strong is it now?")).to_be_visible()
    return talk


def _chart(visits: Visits) -> Talk:
    """The same with two notes on the device, as an earlier visit leaves them."""
    days = [("2026-11-16", "done", 6, 4), ("2026-11-18", "partly", 5, 3)]
    notes = [{"day": day, "how": how, "before": before, "after": after} for day, how, before, after in days]

    def visit(**options: Any) -> Visit:
        made = visits(**options)
        made.context.add_init_script(f"localStorage.setItem('supple-notes.diary', {json.dumps(json.dumps(notes))})")
        return made

    talk = _check_in(visit)
    talk.chat.locator(".play-chart").scroll_into_view_if_needed()
    return talk
