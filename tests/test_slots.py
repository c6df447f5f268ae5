"""Slots: side, how long, since what, how strong, worse or better with what, and the time a person has."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bot.content.files import list_files
from bot.content.load import examine
from bot.knowledge import Knowledge
from bot.model.slots import ACTIVITIES, SIDES
from bot.service import Message as Sent
from bot.service import Service
from bot.understand.assertion import Assertions
from bot.understand.lexicon import Lexicon
from bot.understand.message import Message
from bot.understand.reader import Reader
from bot.understand.slots import SlotReader
from bot.understand.tokens import clean, tokenize
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT


def told(reader: Reader, text: str) -> dict[str, Any]:
    """Slots of a message in short: a duration as its days, or its words where it has none; an event as its words."""
    slots = reader.read(text).slots.to_json()
    for name in ("worse_with", "better_with"):
        if name in slots:
            slots[name] = " ".join(slots[name])
    if "since" in slots:
        slots["since"] = slots["since"]["text"]
    if "duration" in slots:
        slots["duration"] = (
            slots["duration"]["text"] if slots["duration"]["days"] is None else slots["duration"]["days"]
        )
    return slots


SAID: list[tuple[str, dict[str, Any]]] = [
    # the side
    ("left hip pain", {"side": "left"}),
    ("my right lower back hurts", {"side": "right"}),
    ("both hips are stiff", {"side": "both"}),
    ("it's on the left side mostly", {"side": "left"}),
    ("hips ache, the right more than the left", {"side": "both"}),
    ("left and right hips both ache", {"side": "both"}),
    ("pain in my hip on the right", {"side": "right"}),
    ("bilateral hip tightness", {"side": "both"}),
    ("Pain shoots from my right bum cheek down to the calf.", {"side": "right"}),
    ("lhs low back pain", {"side": "left"}),
    ("rigth hip is sore", {"side": "right"}),
    ("my left glute, no pain in the right hip", {"side": "left"}),
    ("my husband's left hip hurts and my right hip too", {"side": "right"}),
    # how long
    ("low back pain for 3 weeks", {"duration": 21}),
    ("stiff hips 6 months now", {"duration": 180}),
    ("my hips have been tight for a couple of months", {"duration": 60}),
    ("back sore half a year", {"duration": 182}),
    ("my back has been sore for a year and a half", {"duration": 548}),
    ("one and a half years of back pain", {"duration": 548}),
    ("lower back pain since 3 months", {"duration": 90}),
    ("back is paining from last 2 weeks", {"duration": 14}),
    ("sir my low back is paining since last one week", {"duration": 7}),
    ("hips tight 2-3 weeks", {"duration": 21}),
    ("hips tight for two or three weeks", {"duration": 21}),
    ("back pain for 3wks", {"duration": 21}),
    ("sore back about a fortnight", {"duration": 14}),
    ("back went 4 days ago", {"duration": 4}),
    ("my back started aching a week ago", {"duration": 7}),
    ("tight hips for twenty five years", {"duration": 9125}),
    ("my hips have been stiff for a few weks", {"duration": 21}),
    ("back pain since yesterday", {"duration": 1}),
    ("back hurts since this morning", {"duration": 0}),
    ("back hurts since monday", {"duration": "since monday"}),
    ("sore hips since last Monday", {"duration": "since last Monday"}),
    ("it began last week, my hips", {"duration": 7}),
    ("hip pain for the past month", {"duration": 30}),
    ("back pain since 2019", {"duration": "since 2019"}),
    ("bad knees and back ache for years", {"duration": "for years"}),
    ("tight hips for as long as I can remember", {"duration": "for as long as I can remember"}),
    ("Sore back for donkey's years mate", {"duration": "for donkey's years"}),
    ("back pain since ages", {"duration": "since ages"}),
    ("it started 2 weeks back after lifting a box, my back", {"duration": 14}),
    ("planks and stretches, six weeks now, back still aches", {"duration": 42}),
    ("breath is all tiny sips, has been for years", {"duration": "for years"}),
    # since what
    ("lumbar area shouting since the motorway", {"since": "since the motorway"}),
    ("hips have been tight since the birth", {"since": "since the birth"}),
    ("back sore ever since I fell off my bike", {"since": "ever since I fell off my bike"}),
    ("since the motorway my back is killing me", {"since": "since the motorway"}),
    ("hip pain since giving birth, worse at night", {"since": "since giving birth", "worse_with": "night"}),
    ("since the accident 3 weeks ago my back aches", {"since": "since the accident", "duration": 21}),
    ("back is stiff since I had my baby", {"since": "since I had my baby"}),
    ("my back's been giving me gyp since I dug the potatoes", {"since": "since I dug the potatoes"}),
    ("sore hips since lockdown", {"since": "since lockdown"}),
    ("tight since yesterday's run, my hips", {"since": "since yesterday's run"}),
    # how strong
    ("back pain 7/10", {"intensity": 7}),
    ("my hip is at 8 out of 10", {"intensity": 8}),
    ("pain is a 6, low back", {"intensity": 6}),
    ("low back pain level 5", {"intensity": 5}),
    ("hip pain, seven out of ten", {"intensity": 7}),
    ("low back pain 7 on 10", {"intensity": 7}),
    ("back pain 6 / 10", {"intensity": 6}),
    ("back pain 6-7/10", {"intensity": 7}),
    ("hip hurts, id say about a 4", {"intensity": 4}),
    ("low back pain 7.5/10", {"intensity": 7.5}),
    ("mild low back pain", {"intensity": 2}),
    ("moderate ache in the hip", {"intensity": 5}),
    ("my back pain is really bad", {"intensity": 7}),
    ("severe pain in the lower back", {"intensity": 8}),
    ("worst pain in my hip", {"intensity": 10}),
    ("my hip hurts badly", {"intensity": 7}),
    # worse and better
    ("low back pain, worse with sitting", {"worse_with": "sitting"}),
    ("my back is worse when I sit or bend over", {"worse_with": "sitting bending"}),
    ("hips worse in the morning", {"worse_with": "morning"}),
    ("my back hurts when getting up from a chair", {"worse_with": "getting_up"}),
    ("pain when driving", {"worse_with": "driving"}),
    ("standing up straight makes my back ache", {"worse_with": "standing"}),
    ("back aches more at night than in the day", {"worse_with": "night"}),
    ("it's worst first thing, stiff hips", {"worse_with": "morning"}),
    ("stairs kill my hips and driving makes my back worse", {"worse_with": "stairs driving"}),
    ("sitting and driving make my back ache", {"worse_with": "sitting driving"}),
    ("back pain, better with heat and rest", {"better_with": "heat rest"}),
    ("hip ache, a hot bath helps", {"better_with": "heat"}),
    ("back is worse after a long drive but walking helps", {"worse_with": "driving", "better_with": "walking"}),
    ("my back feels better lying down", {"better_with": "lying"}),
    ("low back pain eased by movement", {"better_with": "movement"}),
    ("hip pain when climbing stairs", {"worse_with": "stairs"}),
    ("back pain at night", {"worse_with": "night"}),
    ("my back is paining while bending", {"worse_with": "bending"}),
    ("tight hips, worse when stressed", {"worse_with": "stress"}),
    ("back is no better with rest, worse in cold weather", {"worse_with": "cold"}),
    ("standng makes my back worse", {"worse_with": "standing"}),
    ("hip hurts when I take a deep breath", {"worse_with": "breathing"}),
    ("I'm clumsy, I sit all day, and stretching makes my hips worse", {"worse_with": "stretching"}),
    ("my back is stiff when I get out of bed, I move like a plank", {"worse_with": "getting_up"}),
    # the time there is
    ("tight hips, I have ten minutes", {"minutes": 10}),
    ("only 5 min, stiff hips", {"minutes": 5}),
    ("I've got a quarter of an hour, back is stiff", {"minutes": 15}),
    ("stiff back. 15 mins max please", {"minutes": 15}),
    ("my hips are tight and I only have half an hour", {"minutes": 30}),
    ("tight hips, something I can do in 10mins", {"minutes": 10}),
    ("ten minutes", {"minutes": 10}),
    ("I've about twenty-five minutes free", {"minutes": 25}),
    ("I have a ten minute break", {"minutes": 10}),
    # together
    (
        "left low back pain for 3 weeks, 6 out of 10, worse with sitting, better lying down. I have 20 minutes",
        {
            "side": "left",
            "duration": 21,
            "intensity": 6,
            "worse_with": "sitting",
            "better_with": "lying",
            "minutes": 20,
        },
    ),
]

UNSAID = [
    "I had breast cancer six years ago and now my back is sore",
    "my old crash was nine years ago and my hips still brace",
    "vasectomy two weeks ago, hips stiff",
    "I stretched my hips every night for half a year",
    "I moved out twenty years ago, jaw clamped",
    "migraines, two or three a month",
    "one day I'll have a hump, my hips are tight",
    "I push with both hands before I am upright, hips stiff",
    "I used to have awful back pain, all gone now",
    "we had the family round for Sunday lunch",
    "anxious from morning till night",
    "L4-L5 disc bulge and back pain",
    "I have 2 kids and a sore back",
    "I'm age 45 with stiff hips",
    "45 years old, tight hips",
    "my hips are tight after a 5k run",
    "10 reps of squats and my hips are tight",
    "I am right now having tight hips",
    "all right, my hips are stiff",
    "I left work early, my back is stiff",
    "there is nothing left to try for my hips",
    "I'll be right back",
    "I run 3 times a week and my hips are tight",
    "I train five days a week, tight hips",
    "tight hips and I'm 24 weeks pregnant",
    "marathon in 3 weeks, tight hips",
    "I've worked as a nurse for 20 years, my back is stiff",
    "my 2 year old daughter sleeps badly",
    "I stretch every 2 days, hips still tight",
    "sitting for 10 minutes and my hips lock",
    "I can only walk for 5 minutes, hips are stiff",
    "I have 10 minutes of stiffness in my hips",
    "I have a 20 minute drive, stiff hips",
    "my back is not bad",
    "I have bad posture",
    "9/10 times my hips are fine",
    "since I sit all day my hips are tight",
    "no pain when sitting",
    "my back doesn't hurt when I walk",
    "does it get better with rest?",
    "I'd better rest",
    "my wife has had back pain for 3 weeks",
    "my mum's left hip hurts",
    "the first 2 weeks of january",
    "200 km a week, hip flexors are tight",
    "no pain for 3 weeks",
    "I don't have 10 minutes",
    "call me on 7/10",
    "hello",
]


def test_there_are_many_messages_of_each_kind() -> None:
    assert len(SAID) >= 80
    assert len(UNSAID) >= 30


@pytest.mark.parametrize(("text", "slots"), SAID, ids=[text for text, _ in SAID])
def test_a_message_tells_exactly_these_slots(phrase_reader: Reader, text: str, slots: dict[str, Any]) -> None:
    assert told(phrase_reader, text) == slots


@pytest.mark.parametrize("text", UNSAID)
def test_a_message_without_slots_has_none(phrase_reader: Reader, text: str) -> None:
    assert told(phrase_reader, text) == {}


def test_words_and_places_are_the_persons_own(phrase_reader: Reader) -> None:
    text = "Since the birth, 3 Weeks ago, my hips ache"
    slots = phrase_reader.read(text).slots.to_json()

    assert slots == {
        "duration": {"text": "3 Weeks", "span": (17, 24), "days": 21},
        "since": {"text": "Since the birth", "span": (0, 15)},
    }


def test_words_for_a_duration_tell_no_event(phrase_reader: Reader) -> None:
    assert phrase_reader.read("back sore since 3 weeks").slots.since is None
    assert phrase_reader.read("back sore since the fall").slots.duration is None


WORDS = """
    left right both hip back side 3 7/10 12/10 999999 2-3 0 0.5 1.5 weeks years a an half and of to or for since ever
    worse better hurts makes it with when sitting stairs helps I have only minutes min 10mins no not , . ? old pain is
    a 6 severe the motorway my yesterday last week
"""


@example(text="\u02bc")
@given(st.one_of(st.text(max_size=2000), st.lists(st.sampled_from(WORDS.split()), max_size=60).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_within_bounds(phrase_reader: Reader, text: str) -> None:
    read = phrase_reader.read(text)
    slots = read.slots

    for said in (slots.duration, slots.since):
        if said:
            assert 0 <= said.span[0] < said.span[1] <= len(read.text)
            assert said.text == read.text[slice(*said.span)]
            assert said.days is None or 0 <= said.days <= 36500
    assert slots.side in (None, *SIDES)
    assert slots.intensity is None or 0 <= slots.intensity <= 10
    assert slots.minutes is None or 1 <= slots.minutes <= 240
    for activities in (slots.worse_with, slots.better_with):
        assert set(activities) <= set(ACTIVITIES)
        assert len(set(activities)) == len(activities)


@pytest.mark.parametrize(
    "part",
    [
        "worse with sitting and ",
        "sitting, ",
        "sitting and the ",
        "hurts when when ",
        "since the the ",
        "for 3 3 3 ",
        "left and right ",
        "i have only just about ",
        "a ",
        "7/10/",
        "1",
        "pain is is is a ",
        "twenty ",
    ],
)
def test_a_long_text_of_near_matches_takes_little_time(knowledge: Knowledge, part: str) -> None:
    book = knowledge.phrases
    assertions = Assertions(knowledge.assertion)
    raw = clean(part * 2000)[:2000]
    tokens = tokenize(raw, stops=assertions.stops, joins=assertions.joins)
    message = Message(raw, Lexicon(book.places, book.signs, book.lists, {}, {}).tag(tokens), {}, ())
    slots = SlotReader(knowledge, assertions)

    began = time.process_time()
    slots.read(message)

    assert time.process_time() - began < 0.2


def test_every_label_of_an_activity_follows_worse_and_better(knowledge: Knowledge) -> None:
    assert {entry.label.split()[0] for entry in knowledge.slots.activity.activities.values()} == {
        "with",
        "in",
        "at",
        "on",
    }


def said_back(service: Service, session: str, text: str) -> str:
    service.open(session)
    return service.handle(session, Sent(text=text)).blocks[0].text


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (
            "low back pain on the left for 3 weeks, 6 out of 10, worse with sitting",
            "I heard: low back pain (left, 3 weeks, 6 out of 10, worse with sitting).",
        ),
        (
            "tight hips and a clenched jaw since the motorway, worse in the morning",
            "I heard: tight hips, jaw tension. Also: since the motorway, worse in the morning.",
        ),
        ("tight hips, heat and rest help", "I heard: tight hips (better with heat, with rest)."),
        ("tight hips", "I heard: tight hips."),
    ],
)
def test_what_was_said_is_said_back_in_few_words(service: Service, text: str, heard: str) -> None:
    assert said_back(service, f"slots {text}", text) == heard


def test_nobody_knows_whose_side_it_is_beside_a_part_that_no_article_covers(service: Service) -> None:
    assert said_back(service, "slots knee", "my left knee hurts and my hips are tight") == "I heard: tight hips."


def test_ids_and_numbers_are_kept_and_no_words(service: Service) -> None:
    session = "slots kept"
    said_back(
        service, session, "left hip pain since the quuxfrob for 3 weeks, 7/10, worse with stairs, I have 15 minutes"
    )
    event = service.store.events(session)[0]

    assert event["slots"] == {"side": "left", "intensity": 7, "worse_with": ["stairs"], "minutes": 15}
    assert "quuxfrob" not in str(event)
    assert "weeks" not in str(event)
    assert service.last(session).blocks[0].text == "I heard: hip or groin pain (left, 7 out of 10, worse on stairs)."


def test_minutes_said_are_the_limit_of_the_routine(service: Service) -> None:
    def routine(session: str, text: str) -> list[str]:
        said_back(service, session, text)
        for _ in range(2):
            reply = service.handle(session, Sent(choose=("none",)))
        block = next(block for block in reply.blocks if block.type == "routine")
        return [practice["id"] for practice in block.data["practices"]]

    whole = routine("slots whole", "my thighs are tight")
    fitted = routine("slots fitted", "my thighs are tight, I've got a quarter of an hour")
    short = routine("slots short", "my thighs are tight, I've got eight minutes")

    assert whole == fitted
    assert "constructive_rest" in whole
    assert "constructive_rest" not in short


def test_a_time_alone_is_a_preference(phrase_reader: Reader) -> None:
    assert phrase_reader.read("I've got 15 minutes").intent == "preference"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("    left: [left, ", "    lefft: [left, ", 'unknown side "lefft" (did you mean "left"?)'),
        ("    stairs:", "    stars:", 'unknown activity "stars" (did you mean "stairs"?)'),
        ("  makes: [makes", "  makes: [makes it", '"makes it" must be one word'),
        (
            "  half: [and a half",
            "  half: [And a half",
            '"And a half" must be plain words: lower case, no apostrophe, no hyphen, no mark',
        ),
        (
            "this morning: 0",
            "this-morning: 0",
            '"this-morning" must be plain words: lower case, no apostrophe, no hyphen, no mark',
        ),
        ("mild: 2", "mild: 20", '"mild" must be between 0 and 10, not 20'),
        ("    words: [stairs,", "    words: [stairs, sit,", '"sit" stands under "sitting" and "stairs"'),
    ],
)
def test_a_fault_of_the_words_is_told_with_its_line(
    small_pack: Callable[[Path | None], list[Path]], tmp_path: Path, old: str, new: str, problem: str
) -> None:
    over = tmp_path / "over"
    text = (ROOT / "data/en/slots.yml").read_text("utf-8")
    assert old in text
    (over / "data/en").mkdir(parents=True)
    (over / "data/en/slots.yml").write_text(text.replace(old, new, 1), "utf-8")
    line = 1 + text[: text.index(old)].count("\n")
    _, problems = examine(list_files(small_pack(over)))

    assert f"data/en/slots.yml:{line}: {problem}" in [str(found) for found in problems if not found.warning]
