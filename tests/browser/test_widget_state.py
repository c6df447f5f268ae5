"""The widget's state as one pure function, and its colours as another, run in the browser on a page without it."""

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.rig import Visit

OPENING = {"level": "none", "blocks": [{"type": "text", "text": "Hello."}]}
GATE = {"type": "choices", "question": "gate", "multiple": True, "text": "Any?", "options": []}
CONFIRM = {"type": "choices", "question": "confirm", "multiple": False, "text": "I heard.", "options": []}
CRISIS = {"type": "care_card", "lane": "crisis", "level": "emergency", "text": "Call.", "lines": []}
SITE = {"consent": False, "opening": OPENING}


@pytest.fixture
def page(visit: Visit) -> Page:
    visit.page.goto(f"{visit.world.supple}/away")
    return visit.page


def call(page: Page, name: str, *arguments: Any) -> Any:
    """What a function of the widget's file answers."""
    return page.evaluate(
        "async ([name, given]) => (await import('/widget.js'))[name](...given)", [name, list(arguments)]
    )


def fold(page: Page, *events: dict[str, Any], site: dict[str, Any] = SITE) -> Any:
    """The state after these events, from the beginning."""
    begin = [{"type": "loaded", "site": site}, {"type": "cleared", "id": "o"}, *events]
    return page.evaluate(
        """async events => { const {initial, reduce} = await import('/widget.js');
            return events.reduce(reduce, initial()) }""",
        begin,
    )


def said(id_: str, **message: Any) -> dict[str, Any]:
    shown = message.pop("shown", message.get("text", "a tick"))
    return {"type": "said", "id": id_, "text": shown, "message": message}


def answered(id_: str, *blocks: Any, question: str | None = None) -> dict[str, Any]:
    reply = {"level": "none", "understood": {"text": "secret words"}, "blocks": list(blocks)}
    return {"type": "answered", "id": id_, "reply": reply, "question": question}


def test_a_message_waits_until_it_is_answered(page: Page) -> None:
    waiting = fold(page, {"type": "begun", "session": "s"}, said("a", text="sore"))
    after = fold(page, {"type": "begun", "session": "s"}, said("a", text="sore"), answered("a", GATE))

    assert (waiting["waiting"], [e["id"] for e in waiting["entries"]]) == (["a"], ["o:reply", "a"])
    assert (after["waiting"], [e["id"] for e in after["entries"]]) == ([], ["o:reply", "a", "a:reply"])
    assert [e.get("status") for e in after["entries"]] == [None, "sent", None]


def test_a_question_stands_only_while_nothing_waits(page: Page) -> None:
    asked = fold(page, said("a", text="sore"), answered("a", CONFIRM, GATE))
    answering = fold(page, said("a", text="sore"), answered("a", CONFIRM, GATE), said("b", choose=["none"]))

    assert call(page, "standing", asked)["id"] == "a:reply"
    assert call(page, "standing", answering) is None
    assert call(page, "questionOf", {"blocks": [CONFIRM, GATE]}) == GATE
    assert call(page, "questionOf", {"blocks": [CONFIRM]}) is None


def test_the_same_events_make_the_same_state_and_change_none_that_was(page: Page) -> None:
    same = page.evaluate(
        """async events => { const {initial, reduce} = await import('/widget.js');
            const frozen = x => {
              if (x && typeof x === 'object') { Object.values(x).forEach(frozen); Object.freeze(x) }
              return x };
            const run = () => JSON.stringify(events.reduce((s, e) => frozen(reduce(s, e)), frozen(initial())));
            return run() === run() }""",
        [{"type": "loaded", "site": SITE}, {"type": "cleared", "id": "o"}, said("a", text="sore"), answered("a", GATE)],
    )

    assert same is True


def test_nothing_is_kept_before_a_talk_and_of_one_what_is_shown(page: Page) -> None:
    assert call(page, "keepable", fold(page)) is None

    talk = fold(page, {"type": "begun", "session": "s"}, said("a", text="sore"), answered("a", GATE))
    kept = call(page, "keepable", talk)

    assert set(kept) == {"session", "consented", "entries", "waiting"}
    assert "secret words" not in str(kept)  # what was understood holds the person's words once more


def test_nothing_is_kept_before_consent(page: Page) -> None:
    asking = {**SITE, "consent": True}
    begun = {"type": "begun", "session": "s"}
    ask = {**GATE, "question": "consent", "multiple": False}
    before = fold(page, begun, said("a", text="sore"), answered("a", ask), site=asking)
    refused = fold(page, begun, said("a", choose=["no"]), answered("a", ask, question="consent"), site=asking)
    given = fold(page, begun, said("a", choose=["yes"]), answered("a", GATE, question="consent"), site=asking)

    assert call(page, "keepable", before) is None
    assert call(page, "keepable", refused) is None
    assert call(page, "keepable", given)["session"] == "s"


def test_of_words_that_led_to_a_crisis_card_none_are_kept(page: Page) -> None:
    talk = fold(page, {"type": "begun", "session": "s"}, said("a", text="dark words"), answered("a", CRISIS))
    kept = call(page, "keepable", talk)

    assert "dark words" in str(talk)  # they stay on the screen
    assert "dark words" not in str(kept)


def test_the_note_holds_what_was_ticked_and_a_yes_with_its_question(page: Page) -> None:
    line = {"id": "rf_bone_stress_hip", "label": "Yes"}
    asked = {**GATE, "question": "safety", "multiple": False, "text": "Does it hurt to hop?", "options": [line]}
    talk = fold(
        page, said("a", text="sore"), answered("a", GATE),
        said("b", shown="Thin bones", choose=["thin"], question="gate"), answered("b", asked),
        said("c", shown="Yes", choose=["rf_bone_stress_hip"], question="safety"), answered("c", CONFIRM),
        said("d", shown="None of these", choose=["none"], question="fit"), answered("d", CONFIRM),
    )  # fmt: skip

    assert call(page, "ticked", talk) == ["Thin bones", "Does it hurt to hop? Yes"]


def test_starting_again_leaves_a_note_and_the_opening(page: Page) -> None:
    again = fold(
        page, {"type": "begun", "session": "s"}, said("a", text="sore"), answered("a", GATE),
        {"type": "cleared", "id": "n", "note": "A new talk.", "keep": True},
    )  # fmt: skip

    assert [(e["who"], e["text"]) for e in again["entries"]] == [("note", "A new talk."), ("bot", "")]
    assert (again["session"], again["waiting"], again["consented"]) == ("s", [], False)


# ---- colours

COLOURS = ("#0b5c5c", "#000000", "#ffffff", "#ffd166", "#e91e63", "#777777", "#00ff00", "#101418", "#8b0000")
READ = (
    ("--supple-text", "--supple-background", 7), ("--supple-text", "--supple-tint", 4.5),
    ("--supple-soft", "--supple-background", 4.5), ("--supple-soft", "--supple-tint", 4.5),
    ("--supple-accent", "--supple-background", 4.5), ("--supple-accent", "--supple-tint", 4.5),
    ("--supple-on-accent", "--supple-accent", 4.5), ("--supple-line", "--supple-background", 3),
    ("--supple-grave", "--supple-grave-tint", 4.5), ("--supple-care", "--supple-care-tint", 4.5),
    ("--supple-grave", "--supple-background", 4.5), ("--supple-text", "--supple-grave-tint", 4.5),
    ("--supple-text", "--supple-care-tint", 4.5),
)  # fmt: skip
"""What is read on what, and the contrast that it needs."""


def test_whatever_colours_are_given_all_that_is_read_can_be_read(page: Page) -> None:
    themes = [
        {"accent": accent, "on_accent": on_accent, "background": background, "text": text}
        for accent, on_accent, background, text in product(COLOURS, COLOURS[:3], COLOURS, COLOURS[:3])
    ]
    faults = page.evaluate(
        """async ([themes, read]) => { const {palette, contrast} = await import('/widget.js'); const found = [];
            for (const theme of themes) for (const dark of [false, true]) { const made = palette(theme, dark);
              for (const [front, back, least] of read) { const is = contrast(made[front], made[back]);
                if (is < least) found.push([JSON.stringify(theme), dark, front, back, is.toFixed(2)]) } }
            return found }""",
        [themes, READ],
    )

    assert faults == []


def test_the_contrast_is_that_of_the_site_s_check(page: Page) -> None:
    from bot.content.check_sites import contrast

    for one, other in product(COLOURS, COLOURS):
        assert call(page, "contrast", one, other) == pytest.approx(contrast(one, other))


def test_a_site_s_own_colours_stay_where_they_can_be_read(page: Page) -> None:
    theme = {"accent": "#114488", "on_accent": "#ffffff", "background": "#fffdf5", "text": "#111111"}
    made = call(page, "palette", theme, False)

    names = ("accent", "on-accent", "background", "text")
    assert [made[f"--supple-{name}"] for name in names] == [theme[name.replace("-", "_")] for name in names]
    assert (made["color-scheme"], call(page, "palette", theme, True)["color-scheme"]) == ("light", "dark")
