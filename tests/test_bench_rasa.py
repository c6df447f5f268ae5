"""The comparison with Rasa: what is put to DIET, and how both sides are counted. Rasa itself is not needed."""

import sys
from pathlib import Path

import pytest
import yaml

from tests.bench.nlu_vs_rasa import score
from tests.bench.nlu_vs_rasa.__main__ import unseen
from tests.bench.nlu_vs_rasa.rasa_project import as_ids, marked, write_project
from tests.conftest import ROOT
from tests.rasa.processes import ProgramError, run

NLU = [ROOT / "data" / "en" / "rasa" / "nlu.yml"]
KINDS = {"hip_pain": "symptom", "jaw_tension": "symptom", "runner": "context"}


def test_each_marked_id_becomes_an_entity_and_keeps_its_role() -> None:
    line = (
        '- [no hip pain]{"entity": "symptom", "value": "hip_pain", "role": "denied"} but [tight](symptom:jaw_tension)'
    )

    assert as_ids(line) == '- [no hip pain]{"entity": "hip_pain", "role": "denied"} but [tight](jaw_tension)'


def test_rasa_is_given_the_training_file_as_it_stands(tmp_path: Path) -> None:
    write_project(tmp_path / "p", NLU, "values", epochs=1)

    assert (tmp_path / "p/data/nlu.yml").read_bytes() == NLU[0].read_bytes()


def test_the_other_set_up_has_the_same_lines_but_for_its_marks(tmp_path: Path) -> None:
    write_project(tmp_path / "p", NLU, "ids", epochs=1)
    before, after = (yaml.safe_load(file.read_text("utf-8"))["nlu"] for file in (NLU[0], tmp_path / "p/data/nlu.yml"))
    names = {
        name
        for entity in yaml.safe_load((tmp_path / "p/domain.yml").read_text("utf-8"))["entities"]
        for name in (entity if isinstance(entity, dict) else [entity])
    }

    assert [entry["intent"] for entry in before] == [entry["intent"] for entry in after]
    assert [as_ids(entry["examples"]) for entry in before] == [entry["examples"] for entry in after]
    assert names == set(marked(NLU))


def test_what_leads_to_no_id_is_passed_over_and_a_role_is_not_felt() -> None:
    heard = score.heard(
        {
            "intent": "report",
            "entities": [
                {"entity": "symptom", "value": "hip_pain", "role": None},
                {"entity": "symptom", "value": "words that no synonym has", "role": None},
                {"entity": "jaw_tension", "value": "jaw", "role": "denied"},
                {"entity": "runner", "value": "runs", "role": None},
            ],
        },
        KINDS,
    )

    assert (heard.symptoms, heard.contexts, heard.absent) == ({"hip_pain"}, {"runner"}, {"jaw_tension"})


def test_f1_counts_over_all_messages() -> None:
    assert score.f1([{"a", "b"}, set()], [{"a"}, {"c"}]) == (0.5, 0.5, 0.5)


def test_own_messages_that_stand_among_the_examples_are_not_measured_on() -> None:
    rows = [{"text": "Hello"}, {"text": "anyone in there at all"}]

    assert unseen(rows, [{"intent": "greet", "examples": "- hello\n- hi\n"}]) == rows[1:]


def test_a_program_that_takes_too_long_is_stopped_and_one_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"sleeping took more than 0\.01 minutes and was stopped"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log", what="sleeping", minutes=0.01)
    with pytest.raises(ProgramError, match=r"failing failed \(1\): no luck"):
        run([sys.executable, "-c", "exit('no luck')"], tmp_path / "log", what="failing", minutes=1)
