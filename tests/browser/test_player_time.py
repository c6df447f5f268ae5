"""The player's clock and counter, under a clock of the test's own: what is said when; nothing moves on by itself."""

import json

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.rig import Visit, Visits, expect_focus, focused
from tests.browser.talking import talk_on

HIPS = "tight hips from sitting all day"
BACK = "my lower back aches"
MINUTE = 60_000


class Player:
    """The player of a talk, on its first practice."""

    def __init__(self, visit: Visit, said: str) -> None:
        self.visit, self.page, self.clock = visit, visit.page, visit.page.clock
        self.clock.install()
        self.talk = talk_on(visit, policy="strict").open().to_routine(said)
        self.start()
        self.wait(5000)  # until the talk has been said
        self.talk.listen()

    def start(self) -> None:
        self.talk.button("Start").last.click()
        expect(self.stage.get_by_role("heading", level=3)).to_be_visible()

    @property
    def stage(self) -> Locator:
        return self.talk.chat.locator(".stage")

    @property
    def title(self) -> Locator:
        return self.stage.get_by_role("heading", level=3)

    @property
    def number(self) -> Locator:
        return self.stage.get_by_role("timer")

    @property
    def count(self) -> Locator:
        return self.stage.locator(".play-count")

    def press(self, *names: str) -> "Player":
        for name in names:
            self.stage.get_by_role("button", name=name, exact=True).click()
        return self

    def go_to(self, title: str) -> "Player":
        while self.title.inner_text() != title:
            self.press("Skip")
        return self

    def wait(self, milliseconds: int) -> "Player":
        self.clock.run_for(milliseconds)
        return self

    def buttons(self) -> list[str]:
        return [text for text in self.stage.get_by_role("button").all_inner_texts() if text]

    def said(self) -> list[str]:
        self.wait(3000)  # the announcer empties itself
        return [text for region, text in self.talk.heard() if region == "polite"]


def test_a_hold_is_counted_when_it_ends_and_waits_for_the_next(visit: Visit) -> None:
    player = Player(visit, HIPS)

    player.press("Hold").wait(2200)

    expect(player.count).to_have_text("1 of 8–10")
    expect(player.number).to_have_text("2")
    expect(player.title).to_have_text("Kneeling psoas stretch")
    assert player.buttons() == ["Back to the talk", "Hold", "+10 s", "Take one back", "Change sides", "Skip"]
    assert player.wait(5 * MINUTE).said() == ["Hold.", "Let go. 1 of 8–10"]
    expect(player.count).to_have_text("1 of 8–10")


def test_the_stated_amount_is_reached_at_its_least_and_more_may_be_done(visit: Visit) -> None:
    player = Player(visit, HIPS)
    reached = player.stage.get_by_text("That is as much as the article says.")

    for _ in range(7):
        player.press("Hold").wait(2200)
    expect(reached).to_be_hidden()
    player.press("Hold").wait(2200)
    expect(reached).to_be_visible()
    assert player.buttons()[-1] == "Next"
    player.press("Hold").wait(2200)
    expect(player.count).to_have_text("9 of 8–10")
    player.press("Take one back")
    expect(player.count).to_have_text("8 of 8–10")


def test_of_long_times_start_half_last_seconds_and_end_are_said_once_each(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")
    expect(player.number).to_have_text("15:00")

    player.press("Start").wait(15 * MINUTE + 1000)

    expect(player.number).to_have_text("0")
    assert player.wait(10 * MINUTE).said() == [
        "Started. 15 minutes.",
        "Half way.",
        "3 seconds left.",
        "The time is up.",
    ]
    expect(player.title).to_have_text("Constructive rest")
    assert player.buttons()[-1] == "Next"


def test_after_a_sleep_only_what_still_holds_is_said(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")

    player.press("Start")
    player.clock.fast_forward(40 * MINUTE)

    expect(player.number).to_have_text("0")
    assert player.said() == ["Started. 15 minutes.", "The time is up."]


def test_a_pause_stops_the_clock_and_ten_seconds_more_are_ten_seconds(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")

    player.press("Start").wait(MINUTE)
    player.press("Pause")
    expect(player.number).to_have_text("14:00")
    player.wait(3 * MINUTE)
    expect(player.number).to_have_text("14:00")
    player.press("+10 s")
    expect(player.number).to_have_text("14:10")
    player.press("Go on").wait(MINUTE)
    expect(player.number).to_have_text("13:10")
    assert player.said() == ["Started. 15 minutes.", "Paused.", "Going on."]


def test_the_person_chooses_within_what_the_article_states(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")
    minutes = player.stage.get_by_label("Minutes")

    assert minutes.locator("option").all_inner_texts() == ["15", "16", "17", "18", "19", "20"]
    minutes.select_option("18")
    expect(player.number).to_have_text("18:00")


def test_where_the_article_gives_no_number_there_is_none_until_the_person_sets_one(visit: Visit) -> None:
    player = Player(visit, BACK)
    expect(player.title).to_have_text("Belly breathing lying down")
    expect(player.stage.get_by_text("The article gives no number.")).to_be_visible()
    expect(player.number).to_be_hidden()
    expect(player.count).to_be_hidden()
    expect(player.stage.get_by_label("Seconds")).to_have_value("")

    player.stage.get_by_label("Seconds").fill("0")
    player.press("Use these")
    expect(player.stage.get_by_role("alert")).to_have_text("Type a whole number from 1 to 3600, or leave it empty.")
    assert "input" in focused(player.page)

    player.stage.get_by_label("Seconds").fill("90")
    player.press("Use these")
    expect(player.number).to_have_text("1:30")
    expect_focus(player.page, "button Start")
    player.press("Start").wait(91_000)
    expect(player.stage.get_by_text("That is what you set.")).to_be_visible()
    assert player.said()[0] == "Started. 90 seconds."


def test_repetitions_are_counted_by_the_person(visit: Visit) -> None:
    player = Player(visit, BACK)
    player.stage.get_by_label("How many times").fill("3")
    player.press("Use these", "Count one", "Count one", "Take one back", "Count one", "Count one")

    expect(player.count).to_have_text("3 of 3")
    expect(player.number).to_be_hidden()


def test_sides_are_told_where_the_steps_speak_of_them(visit: Visit) -> None:
    player = Player(visit, HIPS)
    side = player.stage.locator(".play-side")
    player.press("Hold").wait(2200)
    expect(side).to_have_text("First side")

    player.press("Change sides")

    expect(side).to_have_text("Other side")
    expect(player.count).to_have_text("0 of 8–10")
    assert player.said()[-1] == "Other side."
    player.press("Skip", "Skip")
    expect(player.title).to_have_text("Sit less")
    assert player.buttons() == ["Back to the talk", "Back", "Finish"]
    expect(side).to_have_count(0)


def test_where_sides_take_turns_each_count_is_the_other_side(visit: Visit) -> None:
    page = visit.to(policy="strict")
    site = page.request.get(f"{visit.world.supple}/api/v1/sites/demo").json()
    practice = {
        "id": "alternating_knee_to_chest", "title": "Knees", "phase": "strengthen", "setup": None, "steps": ["Switch."],
        "stop_if": "Stop if it pinches.", "amount": "", "drawing": None, "sides": "alternate", "dose": {"reps": [2, 2]},
    }  # fmt: skip
    page.evaluate(
        """async ([module, words, practice]) => {
          const { mountPlayer } = await import(module), root = document.createElement("div");
          const announce = text => window.told.push(text);
          window.told = [];
          document.body.append(root);
          mountPlayer(root, {practices: [practice], words, announce, storage: null, drawings: {}});
        }""",
        [visit.world.supple + site["files"]["routine.js"], site["words"]["routine"], practice],
    )

    for _ in range(2):
        page.get_by_role("button", name="Count one").click()

    assert page.evaluate("window.told") == ["1 of 2 Other side.", "2 of 2 First side."]


def test_a_reload_comes_back_to_the_same_set_and_waits(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")
    player.press("Start").wait(5 * MINUTE)
    expect(player.number).to_have_text("10:00")

    player.page.reload()
    expect(player.talk.button("Start").last).to_be_visible()  # before time runs on, which would be a request's time-out
    player.wait(2 * MINUTE)
    player.start()

    expect(player.title).to_have_text("Constructive rest")
    expect(player.number).to_have_text("10:00")
    expect(player.stage.get_by_text("This is where you were.")).to_be_visible()
    player.press("Go on").wait(MINUTE)
    expect(player.number).to_have_text("9:00")


def test_what_the_player_keeps_is_where_one_is_and_goes_at_the_end(visit: Visit) -> None:
    player = Player(visit, HIPS)
    player.press("Hold").wait(2200)
    kept = [json.loads(text) for key, text in visit.stored()["tab"].items() if key.endswith("player")]
    assert [(each["screen"], each["count"]) for each in kept] == [(0, 1)]

    player.press("Skip", "Skip", "Finish")

    expect(player.title).to_have_text("That was all")
    assert [key for key in visit.stored()["tab"] if key.endswith("player")] == []
    assert visit.stored()["local"] == {}


def test_a_panel_that_is_closed_holds_the_clock(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")
    player.press("Start").wait(MINUTE)

    player.talk.button("Close").click()
    player.wait(5 * MINUTE)
    player.talk.launcher.click()

    expect(player.number).to_have_text("14:00")
    player.press("Go on").wait(MINUTE)
    expect(player.number).to_have_text("13:00")


def test_a_second_round_begins_anew_and_says_so(visit: Visit) -> None:
    player = Player(visit, BACK).go_to("Constructive rest")
    player.press("Start").wait(15 * MINUTE + 1000).press("Once more").wait(MINUTE)

    expect(player.number).to_have_text("14:00")
    assert player.said()[-1] == "Started. 15 minutes."


def test_the_focus_is_on_each_new_screen_and_stays_on_a_button_that_changes(visit: Visit) -> None:
    player = Player(visit, HIPS)
    expect_focus(player.page, "h3 Kneeling psoas stretch")
    player.press("Hold")
    expect_focus(player.page, "button Pause")
    player.wait(2200)
    expect_focus(player.page, "button Hold")
    player.press("Skip")
    expect_focus(player.page, "h3 Runner's lunge")
    player.press("Back")
    expect_focus(player.page, "h3 Kneeling psoas stretch")
    player.press("Back to the talk")
    expect_focus(player.page, "button Start")


@pytest.mark.parametrize(("motion", "rings"), [("no-preference", 1), ("reduce", 0)])
def test_who_wants_less_motion_sees_a_number_and_no_ring(visits: Visits, motion: str, rings: int) -> None:
    player = Player(visits(reduced_motion=motion), HIPS)

    expect(player.number).to_have_text("2")
    expect(player.stage.locator(".play-dial svg")).to_have_count(rings)


COUNTING = """() => {
  window.asked = {awake: 0, tones: 0};
  const request = WakeLock.prototype.request, Tones = AudioContext;
  WakeLock.prototype.request = function (...given) { asked.awake += 1; return request.apply(this, given); };
  window.AudioContext = class extends Tones { constructor(...given) { super(...given); asked.tones += 1; } };
}"""


def test_the_screen_is_kept_on_only_from_start_and_no_sound_is_made_unasked(visit: Visit) -> None:
    player = Player(visit, HIPS)
    player.page.evaluate(COUNTING)

    player.press("Change sides")
    assert player.page.evaluate("asked") == {"awake": 0, "tones": 0}
    player.press("Hold").wait(2200)
    assert player.page.evaluate("asked") == {"awake": 1, "tones": 0}
    player.stage.get_by_label("A short sound and buzz at the end").check()
    player.press("Hold").wait(2200)
    assert player.page.evaluate("asked") == {"awake": 2, "tones": 1}
    assert player.visit.errors == []
