"""The screen holds when a message is said another way, and the hazard log names every rule."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from bot.author.forms import IN_COMPANY, unpunctuated
from bot.knowledge import Knowledge, load_knowledge
from bot.model.talk import SafetyFinding
from bot.model.words import LEVELS
from bot.understand.parsing import Parser
from bot.understand.reader import Reader
from bot.understand.screen import Screen

KNOWLEDGE = load_knowledge()
RULES = KNOWLEDGE.safety
CUES_ONLY = Reader(KNOWLEDGE, None)
GRAVE = [rule for rule in RULES.values() if rule.level in ("same_day", "emergency")]
FIRES = [text for rule in GRAVE for text in rule.fires]
# Without its comma the lump binds to the back, and the emergency becomes a same-day sign.
KNOWN = {"no marks": ["groin lump, back pain and temperature"]}

WAYS = {**IN_COMPANY, "capitals": str.upper, "no marks": unpunctuated}


@pytest.mark.parametrize("way", WAYS)
def test_a_message_said_this_way_reaches_no_lower_level(reader: Reader, way: str) -> None:
    lowered = [text for text in FIRES if level(reader, WAYS[way](text)) < level(reader, text)]

    assert [text for text in lowered if not is_anothers_trait(reader, text)] == KNOWN.get(way, [])


def level(reader: Reader, text: str) -> int:
    return LEVELS.index(reader.read(text).level)


def is_anothers_trait(reader: Reader, text: str) -> bool:
    """Whether it is a history of someone else, which a complaint of the writer's own is meant to set aside."""
    gravest = reader.read(text).safety[0]
    return gravest.status == "other_person" and RULES[gravest.id].of_self


def test_the_words_of_a_look_alike_are_heard_where_they_are_meant(reader: Reader) -> None:
    meant = yaml.safe_load(Path(__file__).with_name("meant.yml").read_text("utf-8"))

    assert [text for text in meant if not is_grave(reader, text)] == []


def is_grave(reader: Reader, text: str) -> bool:
    """Whether something for today or at once fires or is asked about."""
    found = reader.read(text).safety
    return any(finding.level in ("same_day", "emergency") and finding.status != "denied" for finding in found)


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("no numbness, tingling or fever, my back is sore", "rf_spinal_infection", "denied"),
        ("no numbness, just back pain and shivers and a fever", "rf_spinal_infection", "present"),
        ("no chest pain just cant breathe", "rf_breathing_asthma", "present"),
        ("chest pain no, breathless no, swollen hot calf yes", "rf_dvt", "present"),
        ("fever: no. chest pain: no", "rf_chest_pain", "denied"),
        ("if this pain doesnt stop i will kill myself", "cr_suicide_active", "present"),
        ("i never said i was suicidal", "cr_suicide_active", "denied"),
        ("no i dont feel safe at home", "cr_abuse", "present"),
        ("my legs are not equal, left calf hot and swollen", "rf_dvt", "present"),
        ("i cant pull my foot up towards me anymore", "rf_foot_drop", "present"),
        ("slipped disc in the nineties, today both legs and my bits went numb", "rf_cauda_equina", "present"),
        ("never coughed blood before today", "rf_pe", "present"),
        ("wet myself? god no", "rf_cauda_equina", "denied"),
        ("i havent coughed up any blood", "rf_pe", "denied"),
        ("i havent told anyone about the chest pain", "rf_chest_pain", "present"),
        ("chest pain, weak legs, none of that helps", "rf_chest_pain", "present"),
        ("chest pain since morning. numbness, none of that", "rf_chest_pain", "present"),
        ("read of wet beds and a numb saddle, i have none of that", "rf_cauda_equina", "uncertain"),
        ("my chest was tight from a cold but its better now", "rf_chest_pain", "past"),
        ("no bulge in my groin, no hernia, no pain", "rf_hernia_stuck", "denied"),
    ],
)
def test_a_denial_or_a_past_ends_where_something_new_is_said(text: str, rule: str, expected: str) -> None:
    found = CUES_ONLY.read(text).safety

    assert [finding.status for finding in found if finding.id == rule] == [expected]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("no thoughts of suicide. I lied", "cr_suicide_active"),
        ("My husband doesn't hit me. That was a lie", "cr_abuse"),
        ("no chest pain. scratch that, some", "rf_chest_pain"),
        ("no numbness down below. Actually there is a bit", "rf_cauda_equina"),
    ],
)
def test_a_denial_that_is_taken_back_is_asked_about(text: str, rule: str) -> None:
    denied, _, taken_back = text.partition(". ")

    assert status_of(rule, CUES_ONLY.read(denied).safety) == "denied"
    assert status_of(rule, CUES_ONLY.read(f"{denied}. {taken_back}").safety) == "uncertain"


@pytest.mark.parametrize(
    "text",
    [
        "my wife is pregnant and I carry everything, my back aches",
        "my husband had a hip replacement last month, I do all the lifting and my back hurts",
    ],
)
def test_the_trait_of_another_is_not_the_writer_s(reader: Reader, text: str) -> None:
    assert reader.read(text).safety == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("my friend wants to kill herself", "cr_suicide_active"),
        ("my mate keeps cutting himself", "cr_self_harm"),
    ],
)
def test_who_harms_themselves_is_another(reader: Reader, text: str, rule: str) -> None:
    assert status_of(rule, reader.read(text).safety) == "other_person"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("I had a fall last week", {"rf_major_trauma": "present"}),
        ("no falls and no fever", {"rf_major_trauma": "denied", "rf_spinal_infection": "denied"}),
        ("what counts as heart trouble?", {"rf_heart_or_faint": "present"}),
        ("just the weight, I'm on a diet", {"rf_unwell_weightloss_night": "present"}),
        ("my hips are tight", {}),
    ],
)
def test_what_a_line_asks_is_known_by_its_words_and_fires_nothing(text: str, named: dict[str, str]) -> None:
    assert {line.id: line.status for line in CUES_ONLY.read(text).named} == named


def test_what_did_not_help_is_not_heard_as_a_pain_that_does_not_settle(reader: Reader) -> None:
    found = reader.read("Stretched my hips every night for half a year, no difference whatsoever, they're still tight.")

    assert found.context() == ("stretching_did_not_help",)
    assert found.safety == ()


def test_a_denial_that_would_be_asked_about_stands_where_another_reader_agrees(knowledge: Knowledge) -> None:
    parser = Parser(knowledge)
    screen, message = Screen(knowledge, parser.assertions), parser.parse("hip flexor sore, no chills or fever")

    def status(*, agrees: bool) -> str:
        found = screen.find(message, accompanied=False, is_denied=lambda _: agrees)
        return status_of("rf_psoas_abscess", found)

    assert (status(agrees=False), status(agrees=True)) == ("uncertain", "denied")


def status_of(rule: str, found: Iterable[SafetyFinding]) -> str:
    return next(finding.status for finding in found if finding.id == rule)


@pytest.mark.parametrize(
    ("meant", "not_meant", "rule"),
    [
        ("i keep thinking about suicide", "wall sits are suicide lol, tight quads", "cr_suicide_active"),
        ("i think im having a heart attack", "revising heart attack signs for first aid", "rf_chest_pain"),
        ("my waters have just broken", "waters broke in the film and everyone ran", "rf_pregnancy_urgent"),
    ],
)
def test_ambiguous_words_count_where_the_learned_part_hears_danger_too(
    reader: Reader, meant: str, not_meant: str, rule: str
) -> None:
    """It raises them only: without it, or where it hears none, they are asked about."""
    assert status_of(rule, reader.read(meant).safety) == "present"
    assert status_of(rule, reader.read(not_meant).safety) == "uncertain"
    assert {status_of(rule, CUES_ONLY.read(text).safety) for text in (meant, not_meant)} == {"uncertain"}


def noticed(reader: Reader, text: str, rule: str) -> bool:
    """Whether a rule fires or is asked about."""
    return any(finding.id == rule and finding.status != "denied" for finding in reader.read(text).safety)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("i want to k!ll mys3lf", "cr_suicide_active"),
        ("I WANT TO KI\u200bLL MYS\u200dELF", "cr_suicide_active"),
        ("i want to \u0501i\u0435", "cr_suicide_active"),
        ("su1c1dal tonight", "cr_suicide_active"),
        ("ouch!chest pain", "rf_chest_pain"),
        ("i want to die!help", "cr_suicide_active"),
        ("sore hips\rchest pain", "rf_chest_pain"),
        ("ｉ ｗａｎｔ ｔｏ ｄｉｅ", "cr_suicide_active"),
        ("i cant feel\nwhen i wipe", "rf_cauda_equina"),
        ("my back aches " * 135 + "and i cant feel when i wipe", "rf_cauda_equina"),
    ],
)
def test_disguised_split_and_late_danger_is_noticed(reader: Reader, text: str, rule: str) -> None:
    assert noticed(reader, text, rule)


def test_the_hazard_log_names_every_rule(knowledge: Knowledge) -> None:
    log = (Path(__file__).parent.parent / "rules" / "HAZARDS.md").read_text("utf-8")

    assert [rule for rule in knowledge.safety if rule not in log] == []
