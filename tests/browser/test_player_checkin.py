"""How it went: few questions, advice to stop where it is worse, and notes that stay on the device of who wants them."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.rig import Visit, Visits, axe, expect_focus, focused
from tests.browser.talking import Talk, talk_on

HIPS = "tight hips from sitting all day"


class CheckIn:
    """The check-in, reached by the button at the widget's foot or, where the site has no scores, through the player."""

    def __init__(self, visit: Visit, site: str = "diary") -> None:
        self.visit, self.page = visit, visit.page
        self.talk: Talk = talk_on(visit, site=site, policy="strict").open()
        if site in ("diary", "careful"):
            self.open()
        else:
            self.talk.to_routine(HIPS).button("Start").last.click()
            for name in ("Skip", "Skip", "Finish", "How did it go?"):
                self.press(name)

    @property
    def stage(self) -> Locator:
        return self.talk.chat.locator(".stage")

    def open(self) -> "CheckIn":
        self.talk.button("How did it go?").click()
        expect(self.stage.get_by_role("heading", name="How did it go?")).to_be_visible()
        return self

    def press(self, name: str) -> "CheckIn":
        self.stage.get_by_role("button", name=name, exact=True).click()
        return self

    def choose(self, *labels: str) -> "CheckIn":
        for label in labels:
            self.stage.get_by_label(label, exact=True).check()
        return self

    def score(self, before: int, after: int) -> "CheckIn":
        for legend, number in (("How strong was it before?", before), ("How strong is it now?", after)):
            self.stage.get_by_role("group", name=legend).locator(f"input[value='{number}']").check()
        return self

    def keep(self, how: str, before: int, after: int) -> "CheckIn":
        """One kept answer, and back to the check-in."""
        self.choose(how).score(before, after)
        self.stage.get_by_label("Keep a note on this device").check()
        before_it = self.talk.answers.count()
        self.press("Send")
        self.talk.answered(before_it)
        return self.open()

    def notes(self) -> list[dict[str, Any]]:
        return [each for text in self.visit.stored()["local"].values() for each in json.loads(text)]

    def rows(self) -> list[list[str]]:
        return [row.locator("td").all_inner_texts()[:-1] for row in self.stage.locator("tbody tr").all()]


def test_an_answer_leads_to_the_danger_signs_and_keeps_nothing(visit: Visit) -> None:
    check = CheckIn(visit, "clinic")
    expect(check.stage.get_by_role("heading", name="How did it go?")).to_be_focused()
    expect(check.stage.get_by_text("How strong was it before?")).to_have_count(0)

    check.choose("Partly", "No, not worse").press("Send")

    expect(check.talk.chat.locator("li.you").last).to_contain_text("Partly")
    expect(check.talk.last).to_contain_text("A danger sign can show up later")
    expect(check.talk.chat.get_by_role("group", name="First, is any of this there?")).to_be_visible()
    assert visit.stored()["local"] == {}
    check.talk.press("None of these")
    expect(check.talk.last).to_contain_text("A day without it is fine.")


def test_worse_than_before_leads_to_stop_and_to_the_clinic(visit: Visit) -> None:
    check = CheckIn(visit, "clinic").choose("Done", "Yes, worse").press("Send")

    expect_focus(check.page, "h3 Stop for now")
    call = check.stage.get_by_role("link", name="Call Hillside Clinic: +44 20 7946 0018")
    expect(call).to_have_attribute("href", "tel:+442079460018")
    book = check.stage.get_by_role("link", name="Book a visit")
    expect(book).to_have_attribute("href", "https://hillside.example/book")
    assert axe(check.page) == []

    check.press("On to a few safety questions")
    expect(check.talk.last).to_contain_text("Stop these for now")
    check.talk.press("None of these")
    expect(check.talk.last).to_contain_text("let a physiotherapist or doctor look at it first")
    check.talk.say("how do I do the kneeling stretch")
    expect(check.talk.last).to_contain_text("Leave the practices for now")
    for offer in ("Start", "Print or save", "Calendar", "Copy as text"):
        expect(check.talk.button(offer)).to_have_count(0)


def test_worse_told_before_consent_counts_once_it_is_given(visit: Visit) -> None:
    check = CheckIn(visit, "careful")
    check.choose("Done").score(3, 6).press("Send").press("On to a few safety questions")
    expect(check.talk.last).to_contain_text("Before I take anything in")

    before = check.talk.answers.count()
    check.talk.button("Yes, you may").click()

    expect(check.talk.answers).to_have_count(before + 2)  # to the consent, and to what waited for it
    expect(check.talk.last).to_contain_text("Stop these for now")
    expect(check.talk.chat.get_by_role("group", name="First, is any of this there?")).to_be_visible()


def test_a_check_in_that_was_deleted_before_consent_is_not_sent_after_it(visit: Visit) -> None:
    check = CheckIn(visit, "careful")
    check.choose("Done").score(3, 6).press("Send").press("On to a few safety questions")
    expect(check.talk.last).to_contain_text("Before I take anything in")
    check.talk.button("Delete my answers").click()
    expect(check.talk.answers).to_have_count(1)

    check.talk.press("Yes, you may")

    expect(check.talk.last).not_to_contain_text("Stop these for now")
    expect(check.talk.chat.locator("li.you")).to_have_count(1)


def test_a_danger_sign_at_a_check_in_hands_over(visit: Visit) -> None:
    check = CheckIn(visit, "clinic").choose("Done").press("Send")
    expect(check.talk.last).to_contain_text("A danger sign can show up later")

    check.talk.tick("Numb or odd between the legs; peeing or pooing changed")

    expect(check.talk.last.get_by_role("heading").first).to_contain_text("Emergency")
    expect(check.talk.button("Start")).to_have_count(0)


def test_nothing_is_sent_or_kept_without_an_answer_to_the_first_question(visit: Visit) -> None:
    check = CheckIn(visit)
    check.stage.get_by_label("Keep a note on this device").check()

    check.press("Send")

    expect(check.stage.get_by_role("alert")).to_have_text("Choose what you did first.")
    assert focused(check.page).startswith("input")
    assert check.notes() == []
    assert "/api/v1/messages" not in visit.asked_service()


def test_a_higher_score_after_than_before_is_worse(visit: Visit) -> None:
    check = CheckIn(visit).choose("Done").score(3, 4).press("Send")

    expect(check.stage.get_by_role("heading", name="Stop for now")).to_be_visible()
    assert check.notes() == []


def test_worse_is_told_even_if_the_panel_is_closed_on_it(visit: Visit) -> None:
    check = CheckIn(visit).choose("Done").score(3, 4).press("Send")
    expect(check.stage.get_by_role("heading", name="Stop for now")).to_be_visible()

    check.talk.button("Close").click()
    check.talk.launcher.click()

    expect(check.talk.last).to_contain_text("Stop these for now")
    expect(check.stage).to_be_hidden()


def test_only_ids_are_sent_and_scores_stay_here(visit: Visit) -> None:
    sent: list[Any] = []
    visit.page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    check = CheckIn(visit).keep("Partly", 6, 4)

    assert [{key: value for key, value in each.items() if key != "id"} for each in sent] == [
        {"site": "diary"},
        {"choose": ["partly"], "question": "checkin"},
    ]
    assert [(note["how"], note["before"], note["after"], note["worse"]) for note in check.notes()] == [
        ("partly", 6, 4, False)
    ]
    assert list(visit.stored()["local"]) == ["supple-notes.diary"]


def test_a_chart_comes_with_the_second_note_and_a_table_says_the_same(visit: Visit) -> None:
    check = CheckIn(visit).keep("Done", 6, 4)
    picture = check.stage.get_by_role("img")
    expect(picture).to_have_count(0)
    assert check.rows() == [["Done", "6", "4"]]

    check.keep("Not today", 5, 2)

    expect(picture).to_have_accessible_name(
        "Line chart of 2 notes, from 0 to 10. The last: before 5, after 2. The table below says the same."
    )
    lines = {name: check.stage.locator(f"polyline.{name}").get_attribute("points") for name in ("before", "after")}
    assert lines == {"before": "28.0,60.0 312.0,72.0", "after": "28.0,84.0 312.0,108.0"}
    assert check.rows() == [["Done", "6", "4"], ["Not today", "5", "2"]]
    assert axe(check.page) == []


def test_a_note_can_be_changed_and_deleted(visit: Visit) -> None:
    check = CheckIn(visit).keep("Done", 6, 4).keep("Partly", 5, 5)
    first = check.stage.locator("tbody tr").first

    first.get_by_role("button", name="Change").click()
    expect(check.stage.get_by_role("heading", level=3)).to_contain_text("Change the note of")
    expect(check.stage.get_by_label("Done", exact=True)).to_be_checked()
    check.score(7, 2).press("Save")
    assert check.rows() == [["Done", "7", "2"], ["Partly", "5", "5"]]

    first.get_by_role("button", name="Delete").click()
    assert check.rows() == [["Partly", "5", "5"]]
    check.press("Delete all notes")
    assert check.notes() == []
    assert visit.stored()["local"] == {}


def test_notes_outlast_a_reload_and_go_with_delete_my_answers(visit: Visit) -> None:
    check = CheckIn(visit).keep("Done", 6, 4)
    check.page.reload()
    check.open()
    assert check.rows() == [["Done", "6", "4"]]

    check.press("Cancel")
    check.talk.button("Start again").click()
    assert len(check.notes()) == 1
    check.talk.button("Delete my answers").click()
    expect(check.talk.chat.get_by_text("Your answers are deleted.").first).to_be_visible()
    assert visit.stored()["local"] == {}


def test_a_check_in_outlasts_a_talk_that_the_service_forgot(visit: Visit) -> None:
    check = CheckIn(visit)
    check.press("Cancel").talk.say(HIPS)
    session = json.loads(visit.stored()["tab"]["supple.diary"])["session"]
    visit.context.request.delete(f"{visit.world.supple}/api/v1/session", headers={"X-Supple-Session": session})

    check.open().choose("Done").press("Send")

    expect(check.talk.last).to_contain_text("A danger sign can show up later")


@pytest.mark.parametrize("options", [{}, {"viewport": {"width": 320, "height": 256}}, {"color_scheme": "dark"}])
def test_the_form_has_no_fault_that_axe_finds_and_its_targets_are_large(visits: Visits, options: Any) -> None:
    check = CheckIn(visits(**options))

    assert axe(check.page) == []
    boxes = [(label.inner_text(), label.bounding_box()) for label in check.stage.locator("label, button").all()]
    assert [text for text, box in boxes if not box or box["height"] < 44 or box["width"] < 44] == []
    assert check.stage.evaluate("e => e.scrollWidth <= e.clientWidth")
