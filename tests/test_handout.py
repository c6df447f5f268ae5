"""What is taken home: a sheet that says what the card said, a calendar file that tells nothing; and nothing is kept."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot.cli.start import cache_folder
from bot.handout.page import page
from bot.handout.plain import plain
from bot.handout.reminder import calendar, reminder_of
from bot.handout.sheet import HandoutError, Sheet, chosen_of, make_sheet
from bot.knowledge import Knowledge, without
from bot.model.site import Hidden, Site
from bot.replies.wording import Wording
from bot.service import Service
from bot.service.once import answer
from bot.sessions import MemoryStore
from bot.web import Settings, create_app
from bot.web.logs import Log
from icalendar import Calendar
from werkzeug.test import TestResponse

from tests.test_talk_page import Browser, Page
from tests.web import LISTED, Door, open_door

CLINIC = Site(id="clinic", name="Hillside Clinic", phone="+44 20 7946 0018")
DAY = date(2026, 11, 20)  # a Friday
STAMP = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SITTING = {"kind": "routine", "practices": "kneeling_psoas_stretch,sit_less", "cautions": "c11_not_leaning_forward"}
TALKS = [
    ("tight hips from sitting all day", ("none",)),
    ("my SI joint hurts and my low back aches", ("none",)),
    ("anxious and stressed, my breath is shallow", ("none",)),
    ("my hips are stiff, I am clumsy and I want to move", ("none",)),
    ("I want stronger hips for running", ("none",)),
    ("my jaw is like concrete", ("none",)),
    ("low back pain from sitting, I use the machines at the gym", ("none",)),
    ("my hips are stiff", ("rf_pregnancy",)),
]


def sheet_of(knowledge: Knowledge, fields: dict[str, Any], site: Site = CLINIC) -> Sheet:
    return make_sheet(knowledge, Wording(knowledge, "GB"), site, chosen_of(fields), day=DAY)


def fields_of(kind: str, *practices: str, cautions: list[str] | None = None) -> dict[str, Any]:
    return {"kind": kind, "practices": list(practices), "cautions": cautions}


class Text(Page):
    """A page that stands by itself, read as the talk's tests read theirs."""

    def __init__(self, html: str) -> None:
        super().__init__(TestResponse([html.encode()], "200 OK", {}, None))  # type: ignore[arg-type]


# ---- the sheet


@pytest.mark.parametrize(("text", "gate"), TALKS, ids=[text for text, _ in TALKS])
def test_the_sheet_says_all_that_the_card_said(service: Service, text: str, gate: tuple[str, ...]) -> None:
    _, reply = answer(service, text, gate=gate)
    routine = next(block for block in reply.blocks if block.type == "routine").data
    sheet = make_sheet(service.knowledge, service.wording, CLINIC, chosen_of(routine["handout"]), day=DAY)

    assert len(sheet.items) == len(routine["practices"]) > 0
    for item, card in zip(sheet.items, routine["practices"], strict=True):
        assert (item.title, list(item.steps), item.amount) == (card["title"], card["steps"], card["amount"])
        assert (item.care, item.stop) == (card["care"], card["stop_if"])
        assert card["setup"] is None or card["setup"] in item.notes


def test_every_caution_of_a_person_goes_with_the_form(service: Service) -> None:
    _, reply = answer(service, "my SI joint hurts and I am anxious", gate=("none",))
    routine = next(block for block in reply.blocks if block.type == "routine").data
    shown = {caution for practice in routine["practices"] for caution in practice["cautions"]}

    assert set(routine["handout"]["cautions"]) == shown
    assert "c12_si_joint_first" in shown
    assert routine["handout"]["kind"] == "routine"


def test_a_reply_without_practices_has_nothing_to_take_home(service: Service) -> None:
    _, reply = answer(service, "my scoliosis bothers me", gate=("none",), equipment=("no_floor",))
    routines = [block.data for block in reply.blocks if block.type == "routine"]

    assert [bool(data["practices"]) == (data["handout"] is not None) for data in routines] == [True] * len(routines)


def test_a_form_can_add_warnings_and_leave_none_out(knowledge: Knowledge) -> None:
    def care(cautions: list[str] | None) -> str:
        return sheet_of(knowledge, fields_of("routine", "constructive_rest", cautions=cautions)).items[0].care

    always = "Care: Never force it; spare your lower back. Anxiety or fear may surface."
    assert care([]) == always
    assert care(["c12_si_joint_first"]) == f"{always} SI joint looked at first, psoas work after."
    assert care(["c02_never_roll_the_psoas"]) == always  # of another practice
    assert care(None).startswith(f"{always} SI joint looked at first")
    assert "You can stop, open your eyes, sit up." in care(None)


def test_without_a_kind_only_safe_forms_are_shown(knowledge: Knowledge) -> None:
    sheet = sheet_of(knowledge, {"practices": ["sit_less", "swim_ski_skate_walk"]})

    assert sheet.intro == "Until someone has looked at it, only this:"
    assert [(item.title, item.amount) for item in sheet.items] == [("Change position often", ""), ("Easy walking", "")]
    with pytest.raises(HandoutError, match="unknown"):
        sheet_of(knowledge, {"practices": ["sit_less", "kneeling_psoas_stretch"]})


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (fields_of("routine"), "nothing"),
        (fields_of("routine", "sit_less", "sit_less"), "unknown"),
        (fields_of("everything", "sit_less"), "unknown"),
        (fields_of("routine", "stand_on_your_head"), "unknown"),
        (fields_of("routine", "c05_pad_the_knee"), "unknown"),
        (fields_of("routine", "sit_less", cautions=["cx_made_up"]), "unknown"),
        (fields_of("routine", "sit_less", "vary_training", "piyo", "runners_lunge", "belly_breathing"), "unknown"),
        (fields_of("floor", "kneeling_psoas_stretch"), "unknown"),
    ],
)
def test_what_no_reply_showed_is_no_sheet(knowledge: Knowledge, fields: dict[str, Any], why: str) -> None:
    with pytest.raises(HandoutError, match=f"^{why}$"):
        sheet_of(knowledge, fields)


def test_what_a_site_hides_is_unknown_there(knowledge: Knowledge) -> None:
    known = without(knowledge, Hidden(practices=("piyo",), sources=("seven_secrets",)))

    for hidden in ("piyo", "runners_lunge"):
        with pytest.raises(HandoutError, match="unknown"):
            sheet_of(known, fields_of("routine", hidden))
    [reference] = sheet_of(known, fields_of("routine", "sit_less")).references
    assert reference.places == (((1,), "Where to start, line 11"),)


def test_the_sheet_as_text(knowledge: Knowledge) -> None:
    sheet = sheet_of(knowledge, fields_of("routine", "kneeling_psoas_stretch", "sit_less", cautions=[]))

    assert (
        plain(sheet, knowledge.widget.handout)
        == f"""\
Your routine
Hillside Clinic, Phone +44 20 7946 0018
Made on 20 November 2026

Stop, and get help
Worse than before? Stop, and ask your clinic or doctor. Not medical advice. If legs turn weak or numb, peeing or \
pooing changes, or you feel very ill, get help at once.
Emergency: 999.
Urgent care: NHS 111.

From the articles:

1. Kneeling psoas stretch
One knee on the ground, on something soft.
- Squeeze the buttock of the kneeling side and move forward.
- Hold for 2 seconds, then go back to the start.
- Repeat 8-10 times.
How much: hold 2 s, 8-10 times, regularly.
Care: Pelvis aligned, back not arched. Pad the knee.
Stop if it pinches or pain spreads.

2. Sit less
- Notice how often you sit: desk, car, sofa, chair.
- When you have to sit, take breaks often.
- Think about a desk for sitting and standing in turn.
How much: frequent breaks.
Care: Most of all, avoid sitting bent forward.
Change position if something hurts more.

From these articles, which are no evidence:
- Can the Psoas Be Saved? (Jenn Bendfelt): [1] After the pictures, lines 13-18; [1, 2] Where to start, line 11.
- 7 Secrets to Heal the Psoas Muscle to Stay Active and Pain Free (not named in the text): [2] 6. Change Habits, \
lines 170-183.

No clinician has signed off the safety questions yet.
Supple 0.1.0, content {knowledge.key[:15]}.
"""
    )


def test_the_sheet_to_print_holds_the_same_and_a_week_to_tick(knowledge: Knowledge) -> None:
    sheet = sheet_of(knowledge, fields_of("routine", "kneeling_psoas_stretch", "sit_less", cautions=[]))
    html = Text(page(sheet, knowledge.widget.handout))
    said = html.text

    for line in plain(sheet, knowledge.widget.handout).split("\n"):
        assert line.removeprefix("- ").removeprefix("Hillside Clinic, ") in said
    weeks = [element for element in html.all("ul") if element.attrs.get("class") == "week"]
    assert [week.text for week in weeks] == ["MonTueWedThuFriSatSun"] * 2
    assert [drawing.attrs["aria-label"] for drawing in html.all("div") if drawing.attrs.get("role") == "img"] == [
        knowledge.practices[id_].drawing for id_ in ("kneeling_psoas_stretch", "sit_less")
    ]
    assert html.all("script", "link", "img") == []  # a file that stands by itself


def test_a_sheet_is_black_on_white(knowledge: Knowledge) -> None:
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", page(sheet_of(knowledge, SITTING_FIELDS), knowledge.widget.handout)))
    screen_only = {"#eef1f1"}

    assert {colour for colour in colours - screen_only if len({*_channels(colour)}) > 1} == set()


SITTING_FIELDS = fields_of("routine", "kneeling_psoas_stretch", "sit_less")


def _channels(colour: str) -> Iterator[str]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    return (digits[at : at + 2] for at in (0, 2, 4))


def test_a_practice_without_a_drawing_leaves_no_gap(knowledge: Knowledge) -> None:
    html = Text(page(sheet_of(knowledge, fields_of("routine", "release_jaw")), knowledge.widget.handout))

    assert html.all("div") == [element for element in html.all("div") if element.attrs["class"] == "head"]
    assert "gives no steps" in html.text


def test_names_that_are_markup_stay_names(knowledge: Knowledge) -> None:
    name = "<script>alert(1)</script> & \"Sons\" '</style>'"
    title = "<img src=x onerror=alert(1)>"
    practice = replace(knowledge.practices["release_jaw"], title=title)
    known = replace(knowledge, practices={**knowledge.practices, "release_jaw": practice})
    site = replace(CLINIC, name=name, phone="<b>1</b>")
    html = Text(page(sheet_of(known, fields_of("routine", "release_jaw"), site), known.widget.handout))

    assert html.all("script", "img", "b") == []
    assert name in html.one("header").text
    assert f"1. {title}" in html.text
    assert name in html.one("title").text


def test_the_same_makes_the_same_byte_for_byte(knowledge: Knowledge) -> None:
    words = knowledge.widget.handout

    assert page(sheet_of(knowledge, SITTING_FIELDS), words) == page(sheet_of(knowledge, SITTING_FIELDS), words)
    assert _calendar(knowledge, "mon,fri") == _calendar(knowledge, "fri,mon")


# ---- the calendar file


def _calendar(knowledge: Knowledge, days: str, clock: str = "18:30", today: date = DAY, **words: str) -> bytes:
    told = {**knowledge.widget.handout, **words}
    return calendar(reminder_of(days.split(","), clock), told, today=today, stamp=STAMP)


def test_the_calendar_file_is_a_weekly_reminder(knowledge: Knowledge) -> None:
    made = Calendar.from_ical(_calendar(knowledge, "wed,mon"))
    [event] = made.walk("VEVENT")
    [alarm] = event.walk("VALARM")

    assert (made["version"], made["prodid"]) == ("2.0", "-//supple-bot//EN")
    assert event["summary"] == "Exercise time"
    assert event["description"] == "Your printed sheet says what to do."
    assert event["dtstart"].dt == datetime(2026, 11, 23, 18, 30)  # the Monday after; of no zone, so local everywhere
    assert dict(event["rrule"]) == {"FREQ": ["WEEKLY"], "BYDAY": ["MO", "WE"]}
    assert event["dtstamp"].dt == STAMP
    assert (event["class"], event["transp"]) == ("PRIVATE", "TRANSPARENT")
    assert (alarm["action"], alarm["description"], alarm["trigger"].dt) == ("DISPLAY", "Exercise time", timedelta(0))
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "RRULE", "SUMMARY", "DESCRIPTION", "CLASS", "TRANSP"}


@pytest.mark.parametrize(("days", "first"), [("fri", 20), ("sat", 21), ("thu", 26), ("thu,fri", 20), ("wed,tue", 24)])
def test_the_first_day_is_the_first_chosen_one_from_today_on(knowledge: Knowledge, days: str, first: int) -> None:
    [event] = Calendar.from_ical(_calendar(knowledge, days)).walk("VEVENT")

    assert event["dtstart"].dt == datetime(2026, 11, first, 18, 30)


def test_the_id_is_the_same_for_the_same_reminder_only(knowledge: Knowledge) -> None:
    def id_of(*args: Any, **words: Any) -> str:
        return str(Calendar.from_ical(_calendar(knowledge, *args, **words)).walk("VEVENT")[0]["uid"])

    assert id_of("mon") == id_of("mon", today=date(2027, 3, 1))
    assert len({id_of("mon"), id_of("tue"), id_of("mon", "18:31")}) == 3
    assert re.fullmatch(r"[0-9a-f]{32}", id_of("mon"))


def test_words_of_any_kind_arrive_as_they_are(knowledge: Knowledge) -> None:
    odd = 'Move; stretch, breathe\\ "a bit"\nBEGIN:VALARM\r\nATTENDEE:x ' + "längere Übung 腰 " * 12
    raw = _calendar(knowledge, "mon", event=odd)
    [event] = Calendar.from_ical(raw).walk("VEVENT")

    assert str(event["summary"]) == odd.replace("\r\n", "\n")
    assert len(event.walk("VALARM")) == 1
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("days", "clock", "wrong"),
    [("", "18:30", "days"), ("mon,someday", "18:30", "days"), ("mon", "", "time"), ("mon", "24:00", "time"),
     ("mon", "6pm", "time"), ("mon", "18:30:00", "time"), ("mon", "١٨:30", "time")],
)  # fmt: skip
def test_days_and_times_that_are_none(days: str, clock: str, wrong: str) -> None:
    with pytest.raises(HandoutError, match=wrong):
        reminder_of(days.split(","), clock)


def test_a_reminder_keeps_the_order_of_the_week() -> None:
    assert reminder_of(["sun", "mon", "mon"], "06:05").days == ("mon", "sun")
    assert reminder_of(["sun"], "06:05").at == time(6, 5)


# ---- the command


def ask(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "ask", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, encoding="utf-8")


def test_the_command_writes_each_format(service: Service, tmp_path: Path) -> None:
    for name in ("sheet.html", "sheet.txt", "sheet.ics"):
        done = ask("tight hips from sitting", "--gate", "none", "--handout", str(tmp_path / name), "--time", "07:15")
        assert (done.returncode, done.stderr) == (0, f"supple: wrote {tmp_path / name}\n")
        assert "Kneeling psoas stretch" in done.stdout

    assert "Kneeling psoas stretch" in Text((tmp_path / "sheet.html").read_text("utf-8")).text
    assert (tmp_path / "sheet.txt").read_text("utf-8").startswith("Your routine\nSupple\nMade on ")
    [event] = Calendar.from_ical((tmp_path / "sheet.ics").read_bytes()).walk("VEVENT")
    assert event["rrule"]["byday"] == ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    assert event["dtstart"].dt.time() == time(7, 15)


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("tight hips", "--handout", "sheet.pdf"), 2, "sheet.pdf must end in .html, .ics, .txt"),
        (("tight hips", "--handout", "nowhere/sheet.html"), 2, "there is no folder nowhere"),
        (("tight hips", "--handout", "a.ics", "--days", "mon,someday"), 2, "must be days such as mon,wed,fri"),
        (("tight hips", "--handout", "a.ics", "--time", "6pm"), 2, "must be hours and minutes, such as 18:30"),
        (("tight hips", "--gate", "none", "--handout", "a" * 300 + ".txt"), 1, "File name too long"),
        (("tight hips", "--handout", "a.html"), 1, "no sheet: this reply has no routine; --gate none answers"),
        (("my back aches and I cannot feel between my legs", "--gate", "none", "--handout", "a.html"), 1,
         "no sheet: this needs a person before any exercise"),
    ],
)  # fmt: skip
def test_the_command_says_why_there_is_no_sheet(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = ask(*args)

    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


# ---- the web


def post(door: Door, data: dict[str, Any], **headers: str) -> TestResponse:
    return door.client.post("/handout", data=data, headers=headers)


def test_the_form_gets_a_page_to_print(door: Door) -> None:
    response = post(door, {"site": "clinic", **SITTING}, Origin=LISTED[0])
    html = Text(response.text)

    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "1. Kneeling psoas stretch" in html.text
    assert "A clinic" in html.one("header").text
    assert [link.attrs["href"] for link in html.all("link")] == ["/static/sheet.css"]
    assert [script.attrs["src"] for script in html.all("script")] == ["/static/sheet.js"]
    assert html.all("style") == []
    assert not [name for element in html.all() for name in element.attrs if name == "style" or name.startswith("on")]
    for element in (*html.all("link"), *html.all("script")):
        kept = door.client.get(element.attrs.get("href") or element.attrs["src"])
        assert (kept.status_code, kept.cache_control.max_age) == (200, 3600)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_the_text_can_be_fetched_from_a_listed_page(door: Door) -> None:
    response = post(door, {"site": "clinic", "format": "txt", **SITTING}, Origin=LISTED[0])

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == LISTED[0]
    assert response.text.startswith("Your routine\nA clinic\n")


def test_a_calendar_file_comes_under_a_neutral_name(door: Door) -> None:
    when = {"format": "ics", "days": ["mon", "fri"], "time": "18:30"}
    response = post(door, {**SITTING, **when})
    [event] = Calendar.from_ical(response.data).walk("VEVENT")

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="exercise-time.ics"'
    assert event["rrule"]["byday"] == ["MO", "FR"]
    assert post(door, {**SITTING, **when, "days": "fri,mon"}).data.count(b"BYDAY=MO,FR") == 1
    assert not re.search(rb"psoas|hip|back|clinic|kneel|sit", response.data.lower())


def test_without_days_the_page_asks_for_them_and_keeps_the_ids(door: Door) -> None:
    asks = Text(post(door, {**SITTING, "format": "ics"}).text)
    again = post(door, {**SITTING, "format": "ics", "time": "18:30"})
    no_time = post(door, {**SITTING, "format": "ics", "days": "mon", "time": "soon"})

    hidden = {
        field.attrs["name"]: field.attrs["value"] for field in asks.all("input") if field.attrs["type"] == "hidden"
    }
    assert hidden == {**SITTING, "format": "ics"}
    assert list(asks.options()) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert (again.status_code, no_time.status_code) == (422, 422)
    assert Text(again.text).one("p", role="alert").text == "Please choose at least one day."
    assert Text(no_time.text).one("p", role="alert").text == "Please give a time, such as 18:30."


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "routine", "practices": "stand_on_your_head"}, "names something that is not here"),
        ({"kind": "routine", "practices": "<script>alert(1)</script>"}, "names something that is not here"),
        ({"kind": "routine", "practices": "sit_less", "cautions": "cx_made_up"}, "names something that is not here"),
        ({"kind": "routine", "practices": ","}, "There is no routine to take home yet"),
        ({}, "There is no routine to take home yet"),
        ({**SITTING, "format": "pdf"}, "A sheet is html, ics or txt."),
    ],
)
def test_a_form_that_no_reply_made_gets_a_clear_page(door: Door, form: dict[str, str], said: str) -> None:
    response = post(door, form)
    html = Text(response.text)

    assert response.status_code == 400
    assert said in html.one("p", role="alert").text
    assert "alert(1)" not in response.text


@pytest.mark.parametrize(
    ("site", "origin"),
    [("clinic", "https://evil.example"), ("closed", "null"), ("closed", "https://closed.example"), ("nobody", None)],
)
def test_others_get_one_refusal(door: Door, site: str, origin: str | None) -> None:
    response = post(door, {"site": site, **SITTING}, **({"Origin": origin} if origin else {}))

    assert response.status_code == 403
    assert "This site cannot be used from here." in Text(response.text).one("p", role="alert").text
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_that_sends_no_referrer_gets_its_sheet_and_is_shown_to_nobody_else(door: Door) -> None:
    response = post(door, {"site": "clinic", **SITTING}, Origin="null")

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_large_form_is_refused(door: Door) -> None:
    response = post(door, {**SITTING, "cautions": "x" * 17_000})

    assert response.status_code == 413
    assert 'role="alert"' in response.text


def test_only_a_form_opens_it(door: Door) -> None:
    assert door.client.get("/handout").status_code == 405


def test_too_many_sheets_are_refused() -> None:
    door = open_door(address_rate=1)
    statuses = [post(door, SITTING).status_code for _ in range(2)]

    assert statuses == [200, 429]


def test_nothing_is_kept_of_a_sheet() -> None:
    store = MemoryStore()
    door = open_door(store=store)
    before = json.dumps(store.__dict__, default=str)
    response = post(door, {**SITTING, "session": "demo.AAAAAAAAAAAAAAAAAAAAAA"})
    line = door.last_line()

    assert "Set-Cookie" not in response.headers
    assert json.dumps(store.__dict__, default=str) == before
    assert (line["route"], line["site"], line["format"]) == ("/handout", "demo", "html")
    assert not {"kneeling_psoas_stretch", "sit_less"} & set(json.dumps(line).split('"'))
    assert "AAAA" not in response.text + json.dumps(line)


def test_what_a_clinic_hides_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "strict.yml").write_text("name: A strict clinic\nhide: {practices: [piyo]}\n", "utf-8")
    settings = Settings(cache=str(cache_folder()), sites=str(tmp_path), address_rate=0)
    client = create_app(settings, store=MemoryStore(), log=Log(io.StringIO())).test_client()
    form = {"kind": "routine", "practices": "piyo"}

    assert client.post("/handout", data=form).status_code == 200
    assert client.post("/handout", data={"site": "strict", **form}).status_code == 400


def test_the_sheet_has_the_day_of_the_clinic(door: Door) -> None:
    late = replace_clock(door.service(), datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp())
    try:
        assert "Made on 20 November 2026" in post(door, SITTING).text
        door.service().site = replace(door.service().site, timezone="Pacific/Auckland")
        assert "Made on 21 November 2026" in post(door, SITTING).text
    finally:
        late()


def replace_clock(service: Service, now: float) -> Any:
    """Set a service's clock; what is returned puts clock and site back."""
    clock, site = service._clock, service.site

    def back() -> None:
        service._clock, service.site = clock, site

    service._clock = lambda: now
    return back


def test_the_page_without_scripts_leads_to_the_sheet(door: Door) -> None:
    browser = Browser(door.client)
    talk = browser.tick(browser.say("tight hips from sitting all day"), "None of these")
    talk = browser.tick(talk, "None of these")
    forms = {button: talk.form(button) for button in ("Print or save", "Calendar", "As text")}

    assert {frozenset(form) for form in forms.values()} == {
        frozenset({"site", "kind", "practices", "cautions", "format"})
    }
    assert forms["Print or save"]["practices"] == "kneeling_psoas_stretch,runners_lunge,sit_less"
    assert "2. Runner's lunge" in Text(post(door, forms["Print or save"], Origin="http://localhost").text).text
    assert Text(post(door, forms["Calendar"]).text).one("legend").text == "On which days?"
    assert post(door, forms["As text"]).text.startswith("Your routine\n")


@pytest.mark.parametrize("more", [{"minutes": 10}, {"equipment": ("no_floor",)}])
def test_what_is_given_beside_danger_does_not_hide_its_card(service: Service, more: dict[str, Any]) -> None:
    turns, reply = answer(service, "crushing chest pain", **more)

    assert len(turns) == 1
    assert reply.blocks[0].type == "care_card"


def test_a_weak_sign_that_is_named_is_there(service: Service) -> None:
    _, reply = answer(service, "my hips are tight", gate=("rf_cancer_history",))

    assert reply.level == "same_day"
