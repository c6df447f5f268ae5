"""Who had better leave a practice out: the project's safety review, practice by practice, held by the engine."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from bot.engine.evaluation import blocks_for, cautions_for, evaluate
from bot.engine.facts import Facts
from bot.engine.routine import compose, gentler
from bot.knowledge import Knowledge, load_knowledge
from bot.model.words import EQUIPMENT, LEVELS
from bot.service import Message, Service
from hypothesis import given, settings
from hypothesis import strategies as st

KNOWN = load_knowledge()
RULES = {rule.id: rule.level for rule in KNOWN.safety.values() if rule.lane != "scope"}
AREAS = sorted(KNOWN.phrases.areas)
FIRST = {rule: RULES[rule] for rule in ("rf_pregnancy", "rf_recent_surgery", "rf_heart_or_faint", "cr_eating_reds")}


def with_rules(*rules: str) -> dict[str, Any]:
    return {"conditions": {rule: RULES[rule] for rule in rules}}


def with_area(*areas: str) -> dict[str, Any]:
    return {"areas": frozenset(areas)}


def with_facts(*contexts: str) -> dict[str, Any]:
    return {"contexts": frozenset(contexts)}


def with_symptoms(*symptoms: str) -> dict[str, Any]:
    return {"symptoms": frozenset(symptoms)}


BLOCKED = [
    *(("hanging_leg_lifts", with_rules(rule)) for rule in (*FIRST, "rf_bone_health", "rf_shoulder_wrist")),
    ("hanging_leg_lifts", with_rules("rf_one_leg_sciatica")),
    ("hanging_leg_lifts", with_rules("rf_bone_stress_hip")),
    ("hanging_leg_lifts", with_area("abdomen")),
    ("hanging_leg_lifts", with_area("shoulder")),
    ("hanging_leg_lifts", with_area("arm_hand")),
    *((stretch, with_facts(context)) for stretch in ("kneeling_psoas_stretch", "runners_lunge")
      for context in ("psoas_lengthened_overused", "stretching_made_it_worse")),
    *((stretch, with_rules(rule)) for stretch in ("kneeling_psoas_stretch", "runners_lunge")
      for rule in ("rf_si_pelvic", "rf_recent_surgery", "rf_bone_stress_hip")),
    ("kneeling_psoas_stretch", with_symptoms("si_joint_pain")),
    *(("foam_roll_neighbours", with_rules(rule))
      for rule in ("rf_bone_health", "rf_pregnancy", "rf_dvt", "rf_blood_thinners")),
    ("constructive_rest", with_rules("rf_pregnancy")),
    ("constructive_rest", with_rules("rf_pe")),
    ("constructive_rest", with_rules("cr_trauma_surfacing")),
    ("belly_breathing", with_rules("cr_panic")),
    ("belly_breathing", with_rules("cr_trauma_surfacing")),
    *(("alternating_knee_to_chest", with_rules(rule))
      for rule in ("rf_bone_health", "rf_pregnancy", "rf_one_leg_sciatica")),
    *(("situps_ankles_free", with_rules(rule)) for rule in ("rf_bone_health", "rf_pregnancy", "rf_one_leg_sciatica")),
    ("situps_ankles_free", with_area("abdomen")),
    ("alternating_knee_to_chest", with_area("abdomen")),
    *(("piyo", with_rules(rule)) for rule in (*FIRST, "rf_bone_health", "rf_one_leg_sciatica")),
    ("melt_mini_foot", with_area("foot_ankle")),
    ("melt_mini_foot", with_area("skin")),
    ("melt_mini_foot", with_rules("rf_dvt")),
    *(("professional_release", with_rules(rule))
      for rule in ("rf_aaa", "rf_blood_thinners", "rf_pregnancy", "rf_cancer_history")),
    ("professional_release", with_area("abdomen")),
    *(("let_emotions_surface", with_rules(rule)) for rule in ("cr_panic", "cr_low_mood", "cr_trauma_surfacing")),
]  # fmt: skip

WARNED = [
    ("hanging_leg_lifts", "cx_hanging_is_hard", {}),
    ("hanging_leg_lifts", "cx_leave_out_in_a_flare", with_symptoms("low_back_pain")),
    ("kneeling_psoas_stretch", "c05_pad_the_knee", {}),
    ("kneeling_psoas_stretch", "cx_sore_knee", with_area("knee")),
    ("runners_lunge", "cx_hold_on_if_off_balance", with_symptoms("poor_body_awareness")),
    ("foam_roll_neighbours", "c02_never_roll_the_psoas", {}),
    ("foam_roll_neighbours", "cx_not_on_a_fresh_injury", {}),
    ("free_neighbour_muscles", "cx_not_on_a_fresh_injury", {}),
    ("constructive_rest", "cx_you_can_stop", with_symptoms("past_trauma")),
    ("constructive_rest", "cx_lying_flat", with_area("abdomen")),
    ("constructive_rest", "cx_lying_flat", with_area("head")),
    ("belly_breathing", "cx_stop_if_lightheaded", {}),
    ("belly_breathing", "cx_easy_breathing", with_area("chest")),
    ("belly_breathing", "cx_you_can_stop", with_symptoms("anxiety")),
    ("alternating_knee_to_chest", "cx_leave_out_in_a_flare", with_symptoms("sciatic_pain")),
    ("swim_ski_skate_walk", "cx_no_skating_off_balance", with_rules("rf_bone_health")),
    ("swim_ski_skate_walk", "cx_no_skating_off_balance", with_symptoms("poor_body_awareness")),
    ("professional_release", "cx_named_only_no_self_release", {}),
    ("professional_release", "cx_hands_on_after_hurt", with_symptoms("past_trauma")),
    ("let_emotions_surface", "cx_you_can_stop", {}),
]  # fmt: skip


@pytest.mark.parametrize(("practice", "known"), BLOCKED)
def test_a_practice_is_left_out_for_whom_it_may_harm(
    knowledge: Knowledge, practice: str, known: dict[str, Any]
) -> None:
    assert blocks_for(knowledge, practice, Facts(**known))


@pytest.mark.parametrize(("practice", "caution", "known"), WARNED)
def test_a_practice_carries_its_warning(
    knowledge: Knowledge, practice: str, caution: str, known: dict[str, Any]
) -> None:
    assert caution in cautions_for(knowledge, practice, Facts(**known))


def test_what_loads_the_spine_or_the_arms_needs_a_wish_for_it(knowledge: Knowledge) -> None:
    assert knowledge.practices["hanging_leg_lifts"].only_with == "wants_strength"
    assert knowledge.practices["situps_ankles_free"].only_with == "does_situps"


def articles(knowledge: Knowledge, practice: str) -> set[str]:
    return {passage.source for passage in knowledge.practices[practice].described}


def test_what_is_offered_instead_is_of_the_same_articles_and_not_stopped_itself(knowledge: Knowledge) -> None:
    blocked = {practice for practice, _ in BLOCKED}
    for practice in blocked - {"melt_mini_foot"}:
        assert knowledge.practices[practice].gentler, practice
    for practice, known in BLOCKED:
        facts = Facts(**known)
        other = gentler(knowledge, practice, facts, floor_only=False)
        assert other is None or not blocks_for(knowledge, other, facts)
        assert other is None or articles(knowledge, other) & articles(knowledge, practice)


def test_why_tells_what_was_left_out_its_reason_and_what_is_gentler(service: Service) -> None:
    service.open("gentler")
    for text in ("tight hips, i do situps and have osteoporosis", "none", "none"):
        reply = service.handle("gentler", Message(text=text))
    routine = next(block for block in reply.blocks if block.type == "routine")
    why = service.handle("gentler", Message(text="why")).blocks[0]

    assert {entry["id"]: entry["instead"] for entry in routine.data["blocked"]}[
        "situps_ankles_free"
    ] == "belly_breathing"
    assert (
        "Thin bones, or steroid tablets for a long time. Gentler, from the same articles: Belly breathing" in why.text
    )


facts = st.builds(
    Facts,
    symptoms=st.frozensets(st.sampled_from(sorted(KNOWN.symptoms)), max_size=4),
    contexts=st.frozensets(st.sampled_from(sorted(KNOWN.contexts)), max_size=3),
    areas=st.frozensets(st.sampled_from(AREAS), max_size=2),
    conditions=st.dictionaries(st.sampled_from(sorted(RULES)), st.sampled_from(LEVELS[1:]), max_size=3),
    minutes=st.sampled_from([None, 5, 20]),
    equipment=st.frozensets(st.sampled_from(EQUIPMENT)),
)


def stopped(known: Facts) -> set[str]:
    return {practice for practice in KNOWN.practices if blocks_for(KNOWN, practice, known)}


def shown(known: Facts) -> set[str]:
    made = compose(KNOWN, evaluate(KNOWN, known), known)
    return {suggestion.practice for suggestion in (*made.practices, *made.also_named)}


@given(facts, st.sampled_from(sorted(RULES)), st.sampled_from(AREAS))
@settings(max_examples=200, deadline=None)
def test_knowing_more_that_is_wrong_never_frees_a_practice(known: Facts, rule: str, area: str) -> None:
    if rule not in known.conditions:
        assert stopped(known) <= stopped(replace(known, conditions={**known.conditions, rule: RULES[rule]}))
    assert stopped(known) <= stopped(replace(known, areas=known.areas | {area}))


@given(facts, st.sampled_from(sorted(RULES)))
@settings(max_examples=200, deadline=None)
def test_a_higher_level_never_frees_a_practice(known: Facts, rule: str) -> None:
    levels = [LEVELS.index(RULES[rule]), *range(LEVELS.index("clinician_first"), len(LEVELS))]
    freed = [stopped(replace(known, conditions={**known.conditions, rule: LEVELS[level]})) for level in sorted(levels)]

    assert all(lower <= higher for lower, higher in pairwise(freed))


@given(facts)
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_stopped_is_ever_shown(known: Facts) -> None:
    assert shown(known).isdisjoint(stopped(known))


@given(facts)
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_things_were_told_changes_nothing(known: Facts) -> None:
    turned = replace(known, conditions=dict(reversed(known.conditions.items())))

    assert evaluate(KNOWN, turned) == evaluate(KNOWN, known)
