"""The safety screen: every rule's own lists, and what a hand-over does."""

import pytest
from bot.knowledge import Knowledge, load_knowledge
from bot.service import Message, Service
from bot.understand.reader import Reader

RULES = load_knowledge().safety
FIRES = [(rule.id, text) for rule in RULES.values() for text in rule.fires]
SILENT = [(rule.id, text) for rule in RULES.values() for text in rule.silent]
DENIED = [(rule.id, text) for rule in RULES.values() for text in rule.denied]


def status(reader: Reader, rule: str, text: str) -> str | None:
    """What the rule's own patterns say: the classifier has learned from these lines, so its word proves nothing."""
    found = (finding for finding in reader.read(text).safety if finding.via == "phrase")
    return next((finding.status for finding in found if finding.id == rule), None)


@pytest.mark.parametrize(("rule", "text"), FIRES)
def test_a_sign_fires_its_rule(reader: Reader, rule: str, text: str) -> None:
    assert status(reader, rule, text) in ("present", "other_person", "past", "uncertain")


@pytest.mark.parametrize(("rule", "text"), SILENT)
def test_a_look_alike_stays_silent(reader: Reader, rule: str, text: str) -> None:
    assert status(reader, rule, text) in (None, "denied", "hypothetical")


@pytest.mark.parametrize(("rule", "text"), DENIED)
def test_a_denial_sets_no_level(reader: Reader, rule: str, text: str) -> None:
    assert status(reader, rule, text) in (None, "denied", "uncertain")


def test_every_rule_that_gate_fit_and_contract_name_is_there(knowledge: Knowledge) -> None:
    gate = [rule.id for rule in knowledge.safety.values() if rule.gate]
    fit = [rule.id for rule in knowledge.safety.values() if rule.fit]

    assert gate == [
        "rf_cauda_equina",
        "rf_leg_weakness_progressive",
        "rf_spinal_infection",
        "rf_unwell_weightloss_night",
        "rf_major_trauma",
        "rf_chest_pain",
        "rf_dvt",
        "rf_cancer_history",
        "rf_bone_stress_hip",
    ]
    assert fit == [
        "rf_pregnancy",
        "rf_recent_surgery",
        "rf_under_18",
        "rf_bone_health",
        "rf_older_new_pain",
        "rf_heart_or_faint",
    ]
    assert {
        "rf_hip_fracture", "rf_breathing_asthma", "cr_suicide_active", "cr_suicide_passive", "cr_abuse",
        "sc_medication", "sc_diagnosis",
    } <= knowledge.safety.keys()  # fmt: skip


MINIMISERS = (
    "",
    " my wife says it's nothing",
    " probably just my psoas",
    " i'm usually fine",
    " don't tell me to see a doctor",
)


@pytest.mark.parametrize("ending", MINIMISERS)
def test_reassurance_never_lowers_a_level(reader: Reader, ending: str) -> None:
    assert reader.read(f"i cant feel when i wipe{ending}").level == "emergency"


def kinds(service: Service, session: str, *texts: str) -> list[list[str]]:
    service.open(session)
    return [[block.type for block in service.handle(session, Message(text=text)).blocks] for text in texts]


@pytest.mark.parametrize(
    ("rule", "text"), [item for item in FIRES if RULES[item[0]].level in ("same_day", "emergency")][::4]
)
def test_no_practice_is_shown_over_a_hand_over(service: Service, reader: Reader, rule: str, text: str) -> None:
    if status(reader, rule, text) not in ("present", "other_person"):
        return
    for blocks in kinds(service, f"handover {text}", "my back hurts", text, "none", "ok", "why?", "my hips are tight"):
        assert "routine" not in blocks


def test_of_a_crisis_only_the_hand_over_is_kept(service: Service) -> None:
    service.open("crisis")
    service.handle("crisis", Message(text="i want to kill myself"))

    events = service.store.events("crisis")
    assert events[0] == {"type": "handover", "level": "emergency"}
    assert "cr_" not in str(events)


def test_no_practice_before_the_gate_and_only_the_floor_before_fit(service: Service) -> None:
    service.open("gated")
    first = service.handle("gated", Message(text="my lower back hurts from sitting all day"))
    second = service.handle("gated", Message(choose=("none",)))
    third = service.handle("gated", Message(choose=("none",)))

    assert [block.type for block in first.blocks] == ["choices", "choices"]
    floor = next(block for block in second.blocks if block.type == "routine")
    assert {practice["id"] for practice in floor.data["practices"]} <= {
        "sit_less",
        "swim_ski_skate_walk",
        "ask_physical_therapist",
    }
    assert any(block.type == "routine" and len(block.data["practices"]) >= 2 for block in third.blocks)


def test_one_tick_from_a_single_tap_client_never_passes_a_gate(service: Service) -> None:
    service.open("single")
    service.handle("single", Message(text="my hips are tight"))
    service.handle("single", Message(choose=("none",)))
    reply = service.handle("single", Message(choose=("rf_bone_health",), complete=False))
    asked = [block for block in reply.blocks if block.type == "choices" and block.data["question"] == "fit"]

    assert asked and "rf_bone_health" not in {option["id"] for option in asked[0].data["options"]}
