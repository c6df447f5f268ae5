"""What a screen reader is told: each message once, what is grave at once, and names that are short and right."""

from playwright.sync_api import expect

from tests.browser.rig import Visit
from tests.browser.talking import DANGER, SORE, talk_on


def test_each_message_is_announced_exactly_once(visit: Visit) -> None:
    talk = talk_on(visit)
    talk.listen()
    talk.open().say(SORE).press("None of these").press("None of these")
    talk.page.wait_for_timeout(4500)

    heard = talk.heard()
    assert {region for region, _ in heard} == {"polite"}
    assert len(heard) == len({text for _, text in heard}) == 4
    opening, gate, floor, routine = (text for _, text in heard)
    assert opening.startswith("Hello. I'm a program, not a clinician")
    assert "First, is any of this there?" in gate
    assert "choices. Press Tab to reach them." in gate
    assert "things to do: " in floor
    assert "things to do: " in routine


def test_danger_is_announced_assertively_once_and_not_politely_again(visit: Visit) -> None:
    talk = talk_on(visit).open()
    talk.page.wait_for_timeout(1200)
    talk.listen()
    talk.say(DANGER)
    talk.page.wait_for_timeout(3500)

    heard = talk.heard()
    alerts = [text for region, text in heard if region == "alert"]
    assert len(alerts) == 1
    assert alerts[0].startswith("Emergency: get help now.")
    assert not [text for region, text in heard if region == "polite" and "emergency department" in text]


def test_the_visible_talk_itself_is_never_live(visit: Visit) -> None:
    talk = talk_on(visit).open().to_routine()

    live = talk.chat.evaluate(
        """chat => [...chat.shadowRoot.querySelectorAll('li')].filter(item =>
            item.closest('[aria-live]:not([aria-live=off])') || item.closest('[role=status], [role=alert]')).length"""
    )

    assert live == 0


def test_live_regions_are_emptied_so_that_nothing_is_found_twice(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    talk.page.wait_for_timeout(3500)

    regions = talk.chat.locator(".unseen[aria-live], .unseen[role=alert]")
    assert regions.all_text_contents() == ["", ""]


def test_a_failed_message_is_told_once_with_what_to_do(visit: Visit) -> None:
    talk = talk_on(visit).open()
    talk.page.wait_for_timeout(1200)
    talk.listen()
    visit.context.set_offline(True)
    talk.text.fill(SORE)
    talk.button("Send").click()
    expect(talk.button("Try again")).to_be_visible()
    talk.page.wait_for_timeout(1500)

    assert [text for _, text in talk.heard()] == [
        "Not sent yet. Your words are still here. You can also call +44 20 7946 0018."
    ]


def test_after_a_reload_the_old_talk_is_not_read_out(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)
    talk.page.reload()
    talk.listen()
    expect(talk.answers).to_have_count(2)
    talk.page.wait_for_timeout(2500)

    assert not [text for _, text in talk.heard() if "First, is any of this there?" in text]


def test_the_tree_of_the_closed_widget_is_one_button(visit: Visit) -> None:
    talk = talk_on(visit)

    assert talk.chat.locator(".root").aria_snapshot() == '- button "Stiff or sore?"'


def test_the_tree_of_an_open_question_reads_in_the_order_of_use(visit: Visit) -> None:
    talk = talk_on(visit).open().say(SORE)

    expect(talk.panel).to_match_aria_snapshot("""
        - dialog "Hillside Clinic":
          - heading "Hillside Clinic" [level=2]
          - paragraph: A program, not a person
          - button "Close"
          - button "In an emergency"
          - button "Exit now"
          - log "Your talk":
            - list:
              - listitem:
                - text: "Supple said:"
                - paragraph
                - paragraph
              - listitem:
                - text: "You said:"
                - paragraph: my lower back is sore from sitting all day
              - listitem:
                - text: "Supple said:"
                - paragraph: "I heard: low back pain, long sitting."
                - button "That's not what I meant"
          - group "First, is any of this there?":
            - text: First, is any of this there?
            - paragraph: Tick all that fit. If nothing fits, press “None of these”.
            - checkbox "Numb or odd between the legs; peeing or pooing changed"
          - button "None of these"
          - button "Send my ticks"
          - text: Or say it in your own words
          - textbox "Or say it in your own words"
          - button "Send"
          - button "Start again"
          - button "Delete my answers"
    """)


def test_the_tree_of_danger_says_the_level_first(visit: Visit) -> None:
    talk = talk_on(visit).open().say(DANGER)

    expect(talk.last).to_match_aria_snapshot("""
        - listitem:
          - text: "Supple said:"
          - 'heading "Emergency: get help now" [level=3]'
          - paragraph
          - list:
            - listitem:
              - text: "Emergency:"
              - link "999"
    """)


def test_every_control_has_a_short_name_of_its_own(visit: Visit) -> None:
    talk = talk_on(visit).open().to_routine()

    controls = talk.chat.get_by_role("button").or_(talk.chat.get_by_role("link")).or_(talk.chat.get_by_role("checkbox"))
    names = [
        one.evaluate("e => (e.ariaLabel || e.labels?.[0]?.textContent || e.textContent).trim()")
        for one in controls.all()
    ]

    assert [name for name in names if not 0 < len(name) <= 70] == []
