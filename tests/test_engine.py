"""The engine: claims fire as a plain loop says they do, and cautions are enforced."""

from collections.abc import Iterable

import pytest
from bot.engine.evaluation import evaluate
from bot.engine.facts import Facts
from bot.engine.routine import compose
from bot.knowledge import Knowledge
from bot.knowledge.claim_index import ClaimIndex
from bot.model.claims import Claim
from bot.model.words import EQUIPMENT, PHASES, POSTURES, Condition
from hypothesis import given, settings
from hypothesis import strategies as st

FACTS = [f"fact_{number}" for number in range(12)]

ids = st.frozensets(st.sampled_from(FACTS), max_size=3)
conditions = st.builds(Condition, all_of=ids, any_of=ids, none_of=ids)
everyone = st.just("everyone")
claims = st.lists(st.one_of(conditions, everyone), max_size=12).map(
    lambda whens: [
        Claim(id=f"s/{number}", source="s", kind="explicit", practices=("p",), when=when, says="")
        for number, when in enumerate(whens)
    ]
)


def naive(claims: Iterable[Claim], facts: frozenset[str]) -> list[str]:
    """What fires, by looking at every claim."""
    return [
        claim.id
        for claim in claims
        if (claim.everyone() and facts)
        or (isinstance(claim.when, Condition) and (claim.when.all_of or claim.when.any_of) and claim.when.holds(facts))
    ]


@given(claims, st.frozensets(st.sampled_from(FACTS)))
@settings(max_examples=400, deadline=None)
def test_the_index_fires_exactly_what_a_loop_fires(claims: list[Claim], facts: frozenset[str]) -> None:
    fired = [match.claim.id for match in ClaimIndex(claims).match(facts).fired]

    assert fired == naive(claims, facts)


@given(claims, st.frozensets(st.sampled_from(FACTS)), st.sampled_from(FACTS))
@settings(max_examples=400, deadline=None)
def test_one_more_fact_never_silences_a_claim_without_none_of(
    claims: list[Claim], facts: frozenset[str], more: str
) -> None:
    index = ClaimIndex(claims)
    before = {match.claim.id for match in index.match(facts).fired if not match.claim.condition().none_of}
    after = {match.claim.id for match in index.match(facts | {more}).fired}

    assert before <= after


@given(claims, st.frozensets(st.sampled_from(FACTS)))
@settings(max_examples=400, deadline=None)
def test_a_nearly_fired_claim_fires_with_any_of_the_facts_it_misses(claims: list[Claim], facts: frozenset[str]) -> None:
    index = ClaimIndex(claims)
    for near in index.match(facts).nearly:
        for missing in near.missing:
            then = index.match(facts | {missing})
            fired = {match.claim.id for match in then.fired}
            excluded = {match.claim.id for match in then.excluded}
            assert near.claim.id in fired | excluded


def test_claims_for_anyone_pass_over_what_no_article_helps(knowledge: Knowledge) -> None:
    for symptom in ("sciatic_pain", "scoliosis", "sitting_standing_pain", "low_mood"):
        fired = {match.claim.id for match in knowledge.index.match({symptom}).fired}
        assert fired and all(id_.startswith("ours/") for id_ in fired), symptom


def routine(knowledge: Knowledge, *symptoms: str, contexts: tuple[str, ...] = (), **more: object) -> list[str]:
    facts = Facts(symptoms=frozenset(symptoms), contexts=frozenset(contexts), **more)  # type: ignore[arg-type]
    return [suggestion.practice for suggestion in compose(knowledge, evaluate(knowledge, facts), facts).practices]


def test_stretching_is_blocked_where_stretching_made_it_worse(knowledge: Knowledge) -> None:
    facts = Facts(
        symptoms=frozenset({"tight_hips"}), contexts=frozenset({"stretching_made_it_worse", "prolonged_sitting"})
    )
    made = compose(knowledge, evaluate(knowledge, facts), facts)

    assert {"kneeling_psoas_stretch", "runners_lunge"}.isdisjoint(suggestion.practice for suggestion in made.practices)
    assert {suggestion.practice: suggestion.blocked_by for suggestion in made.blocked} == {
        "kneeling_psoas_stretch": ("c01_stretch_when_lengthened",),
        "runners_lunge": ("c01_stretch_when_lengthened",),
    }


def test_the_si_joint_comes_first(knowledge: Knowledge) -> None:
    assert routine(knowledge, "si_joint_pain", "low_back_pain")[0] == "settle_si_joint_first"


def test_a_tired_runner_gets_something_to_do_not_an_advertisement(knowledge: Knowledge) -> None:
    made = routine(knowledge, "runner_fatigue", contexts=("runner",))

    assert len(made) >= 2
    assert not any(knowledge.practices[practice].commercial for practice in made)


def test_a_routine_stands_in_the_order_of_phases(knowledge: Knowledge) -> None:
    for symptom in knowledge.symptoms:
        phases = [PHASES.index(knowledge.practices[practice].phase) for practice in routine(knowledge, symptom)]
        assert phases == sorted(phases), symptom


def test_every_symptom_gets_two_to_four_practices_unless_no_article_has_one(knowledge: Knowledge) -> None:
    for symptom in knowledge.symptoms.values():
        made = routine(knowledge, symptom.id)
        assert (1 if symptom.no_practice else 2) <= len(made) <= 4, (symptom.id, made)


def test_hanging_leg_lifts_need_a_wish_for_strength_and_a_bar(knowledge: Knowledge) -> None:
    bar = frozenset({"pull_up_bar"})
    wish = ("wants_strength",)

    assert "hanging_leg_lifts" not in routine(knowledge, "hip_weakness", contexts=wish)
    assert "hanging_leg_lifts" not in routine(knowledge, "hip_weakness", equipment=bar)
    assert "hanging_leg_lifts" in routine(knowledge, "hip_weakness", contexts=wish, equipment=bar)


def test_what_is_declined_is_left_out_and_another_takes_its_place(knowledge: Knowledge) -> None:
    first = routine(knowledge, "tight_hips", contexts=("prolonged_sitting",))
    second = routine(knowledge, "tight_hips", contexts=("prolonged_sitting",), declined=frozenset(first[:1]))

    assert first[0] not in second
    assert len(second) == len(first)


def test_what_is_wanted_has_a_practice_wherever_one_can_be_done(knowledge: Knowledge) -> None:
    felt, sits = ("tight_hips", "low_back_pain", "stress"), ("prolonged_sitting",)
    without, with_one = (routine(knowledge, *felt, contexts=sits, wanted=frozenset(w)) for w in ((), ("stress",)))

    def serves(practice: str) -> bool:
        fired = knowledge.index.match(frozenset({*felt, *sits})).fired
        return any("stress" in each.because for each in fired if practice in each.claim.practices)

    assert not any(map(serves, without))
    assert any(map(serves, with_one))
    assert len(with_one) == len(without)


def test_five_minutes_leave_out_what_is_stated_to_take_longer(knowledge: Knowledge) -> None:
    assert "constructive_rest" in routine(knowledge, "poor_body_awareness")
    assert "constructive_rest" not in routine(knowledge, "poor_body_awareness", minutes=5)


@pytest.mark.parametrize("posture", ["floor", "standing", "lying_on_back", "kneeling"])
@pytest.mark.parametrize("symptom", ["low_back_pain", "tight_hips", "sitting_standing_pain"])
def test_a_posture_that_cannot_be_taken_is_left_out_and_nothing_else_is(
    knowledge: Knowledge, symptom: str, posture: str
) -> None:
    needing = {id_ for id_, practice in knowledge.practices.items() if posture in practice.postures}
    without = routine(knowledge, symptom, equipment=frozenset({f"no_{posture}"}))

    assert without and needing
    assert not needing.intersection(without)
    if not needing.intersection(usual := routine(knowledge, symptom)):
        assert without == usual


def test_each_posture_can_be_ruled_out() -> None:
    assert {f"no_{posture}" for posture in POSTURES} < set(EQUIPMENT)


def test_who_lies_or_kneels_is_on_the_floor(knowledge: Knowledge) -> None:
    for practice in knowledge.practices.values():
        lying_or_kneeling = {"lying_on_back", "lying_on_front", "kneeling"}.intersection(practice.postures)
        assert "floor" in practice.postures or not lying_or_kneeling


@pytest.mark.parametrize("symptom", ["low_back_pain", "tight_hips", "stress", "runner_fatigue"])
def test_with_a_clinician_first_only_the_safe_floor_stays(knowledge: Knowledge, symptom: str) -> None:
    made = routine(knowledge, symptom, conditions={"rf_pregnancy": "clinician_first"})

    assert made
    assert set(made) <= {"sit_less", "swim_ski_skate_walk", "ask_physical_therapist"}


@pytest.mark.parametrize("level", ["same_day", "emergency"])
def test_above_that_nothing_stays(knowledge: Knowledge, level: str) -> None:
    assert routine(knowledge, "low_back_pain", conditions={"rf_cauda_equina": level}) == []


def test_thin_bones_leave_out_what_bends_the_spine(knowledge: Knowledge) -> None:
    facts = Facts(symptoms=frozenset({"low_back_pain"}), conditions={"rf_bone_health": "caution"})
    made = compose(knowledge, evaluate(knowledge, facts), facts)

    assert "alternating_knee_to_chest" in {suggestion.practice for suggestion in made.blocked}
    assert "alternating_knee_to_chest" not in {suggestion.practice for suggestion in made.practices}


def test_ours_alone_never_outranks_a_source(knowledge: Knowledge) -> None:
    for symptom in knowledge.symptoms:
        facts = Facts(symptoms=frozenset({symptom}))
        evaluation = evaluate(knowledge, facts)
        made = compose(knowledge, evaluation, facts).practices
        general = [s for s in made if s.sources == 0 and not any(fired.because for fired in s.claims)]
        left_out = [
            s
            for s in evaluation.suggestions.values()
            if s.sources
            and knowledge.practices[s.practice].doable()
            and s not in made
            and not s.blocked_by
            and not knowledge.practices[s.practice].needs
            and not knowledge.practices[s.practice].only_with
        ]
        assert not (general and left_out), symptom
