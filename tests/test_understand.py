"""Reading: tokens, patterns, cues, typos, and the contract's example to the letter."""

import json
import time
from typing import Any

import pytest
from bot.model.language import INTENTS, Patterns
from bot.model.pattern import PatternError, parse
from bot.model.words import LEVELS
from bot.understand.lexicon import Lexicon
from bot.understand.matching import Matcher
from bot.understand.reader import Reader
from bot.understand.tokens import clean, tokenize
from bot.understand.typos import Repair
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def test_the_contracts_example_reads_as_it_says(reader: Reader) -> None:
    text = "lower back is sore from the desk, no numbness down below, knees are fine"
    read = reader.read(text).to_json()

    assert [
        (finding["id"], finding["status"], list(finding["span"]), finding["via"]) for finding in read["symptoms"]
    ] == [("low_back_pain", "present", [0, 18], "phrase")]
    assert read["context"] == ["prolonged_sitting"]
    assert [dict(finding, span=list(finding["span"])) for finding in read["uncovered"]] == [
        {"text": "knees", "area": "knee", "status": "denied", "span": [58, 63]}
    ]
    assert [(finding["id"], finding["status"], list(finding["span"])) for finding in read["safety"]] == [
        ("rf_cauda_equina", "denied", [37, 56])
    ]
    assert read["level"] == "none"
    assert json.loads(json.dumps(read)) == json.loads(json.dumps(read))


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("my hips are tight", {"tight_hips": "present"}),
        ("no lower back pain", {"low_back_pain": "denied"}),
        ("no lower back pain but my hips are tight", {"low_back_pain": "denied", "tight_hips": "present"}),
        (
            "no back pain, hip pain or sciatica",
            {"low_back_pain": "denied", "hip_pain": "denied", "sciatic_pain": "denied"},
        ),
        ("no sciatica and my jaw is clenched all day", {"sciatic_pain": "denied", "jaw_tension": "present"}),
        ("my wife has sciatica", {"sciatic_pain": "other_person"}),
        ("my wife says my hips are tight", {"tight_hips": "present"}),
        ("my mum has scoliosis and i have tight hips", {"scoliosis": "other_person", "tight_hips": "present"}),
        ("i used to have sciatica", {"sciatic_pain": "past"}),
        ("sciatica years ago, all gone", {"sciatic_pain": "past"}),
        ("what if i get sciatica", {"sciatic_pain": "hypothetical"}),
        ("not sure if i have sciatica", {"sciatic_pain": "uncertain"}),
        ("my hips won't open", {"limited_hip_motion": "present"}),
        (
            "tight hips, sciatica, low back pain: none of that",
            {"tight_hips": "denied", "sciatic_pain": "denied", "low_back_pain": "denied"},
        ),
        (
            "my lower back hurts. sciatica? tight hips? none of those",
            {"low_back_pain": "present", "sciatic_pain": "denied", "tight_hips": "denied"},
        ),
        ("tight hips, but that was in 2019", {"tight_hips": "past"}),
        ("lower back pain, none of that helps", {"low_back_pain": "present"}),
        ("lower back pain that never goes away", {"low_back_pain": "present"}),
    ],
)
def test_cues_decide_the_status(phrase_reader: Reader, text: str, statuses: dict[str, str]) -> None:
    assert {finding.id: finding.status for finding in phrase_reader.read(text).symptoms} == statuses


def test_a_feeling_belongs_to_its_own_place(phrase_reader: Reader) -> None:
    read = phrase_reader.read("my knees hurt and my back is fine")

    assert read.present() == ()
    assert [(finding.area, finding.status) for finding in read.uncovered] == [("knee", "present")]


def matcher(*phrases: str, pairs: tuple[tuple[str, str], ...] = ()) -> Any:
    lexicon = Lexicon(
        {"back": ["back", "lower back"], "neck": ["neck"]}, {"sore": ["sore", "hurt*"]}, {"desk": ["desk"]}, {}, {}
    )
    built = Matcher({"all": {"it": Patterns(phrases=phrases, pairs=pairs)}})
    stops, joins = frozenset({"but"}), frozenset({"and"})
    return lambda text: built.find(lexicon.tag(tokenize(text, stops=stops, joins=joins)))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("stiff back", "a stiff back", True),
        ("stiff back", "stiff, back", False),
        ("stiff|rigid back", "rigid back", True),
        ("stiff [lower] back", "stiff back", True),
        ("stiff [lower] back", "stiff lower back", True),
        ("tingl* toes", "tingling toes", True),
        ("cant * down", "can't get right down", True),
        ("cant * down", "can't ever even get right down", False),
        ("cant * down", "can't. sit down", False),
        ("<sore> * <desk>", "hurts at the desk", True),
        ("^ no $", "no", True),
        ("^ no $", "no!", True),
        ("^ no $", "no pain", False),
        ("cannot bend", "cannot bend", True),
        ("cant bend", "can not bend", True),
    ],
)
def test_patterns_match_as_documented(pattern: str, text: str, found: bool) -> None:
    assert bool(matcher(pattern)(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my back is sore", True),
        ("sore back", True),
        ("my back, neck and shoulders are sore", True),
        ("back is here but the neck is sore", False),
        ("back is ok. neck is sore", False),
        ("the neck hurts and the back is here", False),
    ],
)
def test_pairs_bind_within_a_clause(text: str, found: bool) -> None:
    assert bool(matcher(pairs=(("<back>", "<sore>"),))(text)) is found


@pytest.mark.parametrize("pattern", ["*", "[a]", "a *", "* a", "[a b", "a|<back>", "a!!", ""])
def test_a_pattern_that_cannot_work_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse(pattern)


@pytest.mark.parametrize(
    ("word", "repaired"),
    [
        ("hamstrng", "hamstring"),
        ("hamstrring", "hamstring"),
        ("hmastring", "hamstring"),
        ("hamstribg", "hamstring"),
        ("thmb", "thmb"),
        ("tip", "tip"),
        ("house", "house"),
        ("xylophone", "xylophone"),
    ],
)
def test_one_slip_in_a_long_word_is_repaired_and_short_words_are_left(word: str, repaired: str) -> None:
    assert Repair({"hamstring": 5, "thumb": 1, "hip": 9, "mouse": 1}, ["house", "thmb"])(word) == repaired


def test_control_and_format_characters_are_dropped() -> None:
    assert clean("my\u202e ba\u200bck\x00 hurts\ufeff\n") == "my back hurts"


ANYTHING = st.text(max_size=300)


@given(ANYTHING)
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(reader: Reader, text: str) -> None:
    read = reader.read(text)

    assert read.intent in INTENTS
    assert read.level in LEVELS
    for finding in (*read.symptoms, *read.contexts, *read.uncovered, *read.safety):
        assert finding.span is None or 0 <= finding.span[0] < finding.span[1] <= len(read.text)


@given(st.text(min_size=1200, max_size=2000))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_long_text_is_read(reader: Reader, text: str) -> None:
    read = reader.read(text)

    for finding in (*read.symptoms, *read.contexts, *read.uncovered, *read.safety):
        assert finding.span is None or 0 <= finding.span[0] < finding.span[1] <= len(read.text)


@pytest.mark.parametrize(
    "text",
    [
        "my back " * 250,
        "no no not never " * 125,
        "a" * 2000,
        "can't can't " * 160,
        "hip, hip. hip; hip! " * 100,
        "my wife's my husband's " * 85,
        "what if i get " * 140,
        "stretch and stretch and stretch but " * 55,
    ],
)
def test_a_long_near_match_is_read_in_bounded_time(reader: Reader, text: str) -> None:
    began = time.process_time()
    reader.read(text)

    assert time.process_time() - began < 5  # a way that blows up takes minutes


@given(ANYTHING)
@settings(max_examples=50, deadline=None)
def test_reading_is_deterministic(reader: Reader, text: str) -> None:
    assert reader.read(text) == reader.read(text)
