"""The command line as a person and as a program use it: real processes, real pipes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bot.cli import start
from bot.content.load import KEPT, load
from bot.knowledge import Knowledge
from bot.service import Service
from bot.service.rasa import session_of
from bot.sessions import open_store
from bot.understand import models
from bot.understand.models import ensure_model

SUPPLE = [sys.executable, "-m", "bot"]


@pytest.fixture(autouse=True)
def _trained(service: Service) -> None:
    """The model is there: what these tests time and read is not the first start."""


def run(*args: str, stdin: str | bytes = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    raw = stdin.encode() if isinstance(stdin, str) else stdin
    return subprocess.run(
        [*SUPPLE, *args], input=raw, capture_output=True, timeout=60, env={**os.environ, "TERM": "dumb", **(env or {})}
    )


def test_a_piped_talk_leads_to_a_routine() -> None:
    done = run("chat", stdin="my lower back hurts after sitting all day\nnone\nnone\nbye\n")
    out = done.stdout.decode()

    assert done.returncode == 0
    assert done.stderr == b""
    assert "I'm a program, not a clinician" in out
    assert "I heard: low back pain, long sitting." in out
    assert "Kneeling psoas stretch" in out
    assert "\x1b[" not in out


def test_the_opening_comes_before_any_input_and_each_line_gets_one_reply() -> None:
    lines = ["my hips are tight", '{"choose": ["none"], "question": "gate"}', '{"text": "no"}', '{"choose": ["why"]}']
    done = run("chat", "--jsonl", stdin="\n".join(lines) + "\n")
    replies = [json.loads(line) for line in done.stdout.decode().splitlines()]

    assert len(replies) == 1 + len(lines)
    assert [set(reply) for reply in replies] == [{"level", "understood", "blocks"}] * len(replies)
    assert replies[0]["understood"] is None
    assert replies[1]["understood"]["symptoms"][0]["id"] == "tight_hips"
    assert replies[2]["understood"] is None
    assert any(block["type"] == "routine" for block in replies[3]["blocks"])
    assert any(block["type"] == "why" for block in replies[4]["blocks"])


@pytest.mark.parametrize(
    ("line", "code"),
    [('{"choose": "none"}', "bad_message"), ('{"choose": [1]}', "bad_message"), ('{"nothing": 1}', "bad_message")],
)
def test_a_message_that_is_none_gets_an_error_and_the_talk_goes_on(line: str, code: str) -> None:
    done = run("chat", "--jsonl", stdin=f"{line}\nmy hips are tight\n")
    replies = [json.loads(text) for text in done.stdout.decode().splitlines()]

    assert replies[1]["error"]["code"] == code
    assert replies[2]["understood"]["symptoms"][0]["id"] == "tight_hips"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "Nothing came through"),
        (b"   ", "Nothing came through"),
        (b"\x00\x07\x1b", "Nothing came through"),
        ("\u202e\u200f\ufeff".encode(), "Nothing came through"),
        (b"a" * 10_000, "10000 characters"),
        ("😀😀😀".encode(), "Choose what is nearest"),
        ("у меня болит спина".encode(), "Choose what is nearest"),
        ("ظهري يؤلمني".encode(), "Choose what is nearest"),
        (b"my b\xffack \xc3\x28 hurts", ""),
    ],
)
def test_odd_input_gets_a_clear_answer_and_loses_nothing(text: bytes, said: str) -> None:
    done = run("chat", "--jsonl", stdin=b"my hips are tight\n" + text + b"\nnone\n")
    replies = [json.loads(line) for line in done.stdout.decode().splitlines()]

    assert done.returncode == 0
    assert done.stderr == b""
    assert len(replies) == 4
    assert any(block["type"] == "routine" for block in replies[3]["blocks"])


def test_a_text_over_two_thousand_characters_is_refused_with_a_plain_sentence() -> None:
    done = run("ask", "a" * 2001, "--json")
    blocks = json.loads(done.stdout)["blocks"]

    assert "2001 characters; at most 2000" in blocks[0]["text"]


def test_a_closed_pipe_ends_quietly() -> None:
    talk = subprocess.Popen([*SUPPLE, "chat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert talk.stdin and talk.stdout and talk.stderr
    talk.stdout.close()
    talk.stdin.write(b"my hips are tight\n" * 50)
    talk.stdin.close()

    assert talk.wait(timeout=60) in (0, 1)
    assert b"Traceback" not in talk.stderr.read()
    talk.stderr.close()


@pytest.mark.parametrize("gate", ["", ",", "none,rf_pregnancy"])
def test_an_empty_or_contradictory_answer_to_the_gate_is_wrong_use(gate: str) -> None:
    done = run("ask", "my hips are tight", "--gate", gate)

    assert done.returncode == 2
    assert b"name the danger signs that are there, or none alone" in done.stderr


def test_ask_stops_at_the_gate_unless_it_is_answered() -> None:
    stops = json.loads(run("ask", "my hips are tight", "--json").stdout)
    passes = json.loads(run("ask", "my hips are tight", "--gate", "none", "--json").stdout)
    ticked = json.loads(run("ask", "my hips are tight", "--gate", "rf_dvt", "--json").stdout)
    fits = json.loads(run("ask", "my hips are tight", "--gate", "rf_pregnancy", "--json").stdout)

    assert [block["type"] for block in stops["blocks"]] == ["choices", "choices"]
    assert any(block["type"] == "routine" for block in passes["blocks"])
    assert (ticked["level"], ticked["blocks"][0]["type"]) == ("same_day", "care_card")
    assert fits["level"] == "clinician_first"


def test_an_answer_is_the_same_byte_for_byte() -> None:
    args = ("ask", "tight hips, sore back, stressed, sit all day", "--gate", "none", "--json")

    assert run(*args).stdout == run(*args, env={"PYTHONHASHSEED": "7"}).stdout


def test_every_block_has_the_keys_of_the_contract() -> None:
    reply = json.loads(run("ask", "tight hips from sitting, sore knee", "--gate", "none", "--json").stdout)
    wanted: dict[str, set[str]] = {
        "text": {"type", "text"},
        "disclaimer": {"type", "text"},
        "choices": {"type", "text", "question", "multiple", "options"},
        "coverage": {"type", "text", "uncovered", "no_practice"},
        "routine": {
            "type", "text", "minutes", "practices", "also_named", "disagreements", "blocked", "left_out", "dissent",
            "handout",
        },
    }  # fmt: skip
    practice = {
        "id", "title", "phase", "setup", "steps", "dose", "cautions", "stop_if", "drawing", "drawing_text", "sides",
        "claims", "disagreements", "commercial", "because", "amount", "care", "why", "dissent",
    }  # fmt: skip

    for block in reply["blocks"]:
        assert set(block) == wanted[block["type"]], block["type"]
        for entry in block.get("practices", ()):
            assert set(entry) == practice
            assert {frozenset(claim) for claim in entry["claims"]} == {
                frozenset({"source", "kind", "place", "because"})
            }


def test_understand_reads_line_by_line_in_order() -> None:
    done = run("understand", stdin="tight hips\n\nsore jaw\n")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]

    assert [row["text"] for row in rows] == ["tight hips", "", "sore jaw"]
    assert [[finding["id"] for finding in row["symptoms"]] for row in rows] == [["tight_hips"], [], ["jaw_tension"]]
    assert all(
        set(row) == {"text", "intent", "symptoms", "context", "uncovered", "safety", "level", "slots"} for row in rows
    )


def test_understand_takes_newlines_in_json() -> None:
    done = run("understand", "--jsonl", stdin=json.dumps({"text": "tight hips\nand a sore jaw"}) + "\n")

    assert [finding["id"] for finding in json.loads(done.stdout)["symptoms"]] == ["tight_hips", "jaw_tension"]


def test_understand_says_which_line_is_wrong() -> None:
    done = run("understand", "--jsonl", stdin='{"text": "ok"}\nnot json\n')

    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == ['supple: line 2 is not {"text": …}']


def test_explain_prints_every_step() -> None:
    out = run("explain", "tight hips, stretching made it worse", "--gate", "none").stdout.decode()

    for step in ("1. Understood", "2. Safety", "3. Claims", "4. Practices", "5. Acts"):
        assert step in out
    assert "blocked by c01_stretch_when_lengthened" in out


@pytest.mark.parametrize(
    "args",
    [
        ("ask",),
        ("ask", "hips", "--gate", "rf_dvtt"),
        ("ask", "hips", "--minutes", "soon"),
        ("ask", "hips", "--equipment", "trampoline"),
        ("ask", "hips", "--country", "UK"),
        ("chatt",),
        ("eval", "no_such_file.jsonl"),
        ("new", "symptom"),
    ],
)
def test_wrong_use_exits_with_two_and_says_what_is_wrong(args: tuple[str, ...]) -> None:
    done = run(*args)

    assert done.returncode == 2
    assert b"Error:" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_country_without_help_lines_is_told_which_have_some() -> None:
    done = run("chat", "--country", "UK")

    assert done.returncode == 2
    assert b'no help lines are known for "UK"; there are' in done.stderr
    assert b"GB (United Kingdom)" in done.stderr
    assert b"999" in run("ask", "my chest hurts and my arm is heavy", "--country", "gb").stdout


@pytest.mark.parametrize("command", [("report",), ("sessions", "export", "x"), ("sessions", "forget", "x")])
def test_a_store_that_is_not_there_is_told_and_not_made(command: tuple[str, ...], tmp_path: Path) -> None:
    wrong = tmp_path / "no talks.sqlite"
    done = run(*command, "--store", str(wrong))

    assert done.returncode == 1
    assert done.stderr.decode() == f"supple: no talks are kept in {wrong}\n"
    assert not wrong.exists()


def test_a_damaged_store_is_begun_anew_by_a_command(tmp_path: Path) -> None:
    damaged = tmp_path / "talks.db"
    damaged.write_bytes(b"no database at all\n" * 1000)
    assert b"supple sessions start-anew" in run("report", "--store", str(damaged)).stderr

    assert (
        str(damaged.with_name("talks.db.damaged-1")).encode()
        in run("sessions", "start-anew", "--store", str(damaged)).stdout
    )
    assert run("report", "--store", str(damaged)).returncode == 0
    assert run("sessions", "start-anew", "--store", str(damaged)).stderr == (
        b"supple: it is not damaged, so it stays as it is\n"
    )
    assert not damaged.with_name("talks.db.damaged-2").exists()
    assert run("sessions", "start-anew", "--store", "memory:").returncode == 1


def test_a_talk_over_a_messenger_is_found_and_forgotten_by_its_sender(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "talks.sqlite"))
    talks = open_store(store[1])
    talks.begin(session_of("demo", "rest", "mia"), "demo", 0.0)
    talks.append(session_of("demo", "rest", "mia"), 0, [{"type": "restart"}], "{}", 0.0)
    talks.close()

    assert run("sessions", "export", "--sender", "ada", *store).returncode == 1
    assert run("sessions", "export", "mia", "--sender", "mia", *store).returncode == 2
    shown = run("sessions", "export", "--sender", "mia", *store)
    assert json.loads(shown.stdout) == {"events": [{"type": "restart"}]}
    assert run("sessions", "forget", "--sender", "mia", *store).stdout == b"forgotten\n"
    assert run("sessions", "export", "--sender", "mia", *store).returncode == 1


def test_of_checked_content_only_the_newest_stays_in_the_cache(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"content-en-{number}.json").write_text("{}")
        os.utime(tmp_path / f"content-en-{number}.json", (number, number))
    load(cache=tmp_path)

    kept = {path.name for path in tmp_path.glob("content-*.json")}
    assert len(kept) == KEPT
    assert "content-en-29.json" in kept
    assert "content-en-0.json" not in kept


@pytest.mark.parametrize(
    "command", ["chat", "ask", "explain", "understand", "check", "coverage", "new", "train", "eval"]
)
def test_every_command_has_help(command: str) -> None:
    done = run(command, "--help")

    assert done.returncode == 0
    assert done.stdout.startswith(b"Usage: ")


def test_an_unwritable_cache_costs_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = run("ask", "my hips are tight", env={"SUPPLE_CACHE": str(blocked / "cache")})

    assert done.returncode == 0
    assert done.stderr == b""
    assert b"I heard: tight hips" in done.stdout


def test_where_nothing_can_be_trained_either_phrases_are_left(
    tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SUPPLE_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("bot.understand.models.learned_folder", lambda *_: tmp_path)
    said: list[str] = []

    assert start.model(knowledge, said.append) is None
    assert len(said) == 1
    assert said[0].endswith("reading by phrases only")


def test_what_was_trained_is_kept_beside_the_texts_and_the_networks_taught_where_there_are_none(
    tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("load_examples", "load_dangers"):
        monkeypatch.setattr(f"bot.content.load.{name}", list)
    monkeypatch.setattr("bot.content.files.find_root", lambda: tmp_path)
    monkeypatch.setattr("bot.understand.teaching.teach", lambda *_: {"mention": {"labels": [], "words": []}})
    trained = ensure_model(None, knowledge)
    assert trained is not None
    written = [path.relative_to(tmp_path).as_posix() for path in start.keep(trained, knowledge, lambda _: None)]

    assert written == [f"data/en/learned/{models.name_of(knowledge, [tmp_path])}", "data/en/learned/network-mention"]
    assert all((tmp_path / name).exists() for name in written)


def test_what_was_trained_stays_where_it_is_when_it_cannot_be_kept(
    tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("")
    monkeypatch.setattr("bot.content.files.find_root", lambda: tmp_path)
    trained = ensure_model(None, knowledge)
    assert trained is not None

    with pytest.raises(SystemExit):
        start.keep(trained, knowledge, lambda _: None)
    assert "cannot keep what was learned" in capsys.readouterr().err


def test_eval_prints_figures_and_refuses_rows_that_are_none(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "tight hips", "symptoms": ["tight_hips"], "level": "none"},
        {"text": "no sciatica", "symptoms": [], "denied": ["sciatic_pain"], "level": "none"},
    ]
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("\n".join(map(json.dumps, rows)))
    bad.write_text('{"texts": 1}\n')

    assert b"symptoms F1 1.000" in run("eval", str(good)).stdout
    assert b"not felt now, kept out 1.000" in run("eval", str(good)).stdout
    assert b"none: same_day or above 0 of 2" in run("eval", "--safety", str(good)).stdout
    assert run("eval", str(bad)).returncode == 1
