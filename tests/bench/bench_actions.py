"""The action server's figures in one run, and what it adds to a turn of Rasa's own: `make bench-actions`."""

import http.client
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.model import rasa as names

from tests.bench.nlu_vs_rasa.rasa_project import read_yaml, write_yaml
from tests.bench.serving import free_port
from tests.deployed import Program
from tests.rasa import running
from tests.rasa.environment import FOLDER, rasa_python
from tests.rasa.project import call_actions_at, write_project

RECORDED = Path(__file__).resolve().parents[1] / "rasa" / "recorded"
CALLS = 300
"""Calls that are timed for each figure."""
TURNS = 200
PLAIN = "utter_plain"
_ids = itertools.count()


def row(what: str, figure: str, target: str) -> None:
    print(f"| {what} | {figure} | {target} |", flush=True)


def call(action: str, turns: int) -> dict[str, Any]:
    """A call as Rasa sends it after so many turns: one that it sent, its turn told again and again."""
    path = RECORDED / f"a_tap_{action}.json"
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    tracker = told["tracker"]
    users = [number for number, event in enumerate(tracker["events"]) if event["event"] == "user"]
    turn = tracker["events"][users[0] : users[1]]
    tracker["events"] = [*tracker["events"][: users[0]], *(turn * (turns - 1)), *tracker["events"][users[1] :]]
    return told


def paced(port: int, action: str, turns: int) -> tuple[float, float, int]:
    """p50 and p95 in ms of direct calls, and the size of one in kB."""
    told = call(action, turns)
    raw, connection = "", http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    taken = []
    for number in range(CALLS + 20):
        told["tracker"]["sender_id"] = told["sender_id"] = f"bench-{turns}-{number // 10}"
        told["tracker"]["latest_message"] |= {"text": "why?", "message_id": f"m{next(_ids)}"}
        raw = json.dumps(told)
        began = time.perf_counter()
        connection.request("POST", "/webhook", raw, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        taken.append((time.perf_counter() - began) * 1e3)
        assert response.status == 200, answer
    connection.close()
    return *middle(taken[20:]), len(raw) // 1000


def middle(taken: list[float]) -> tuple[float, float]:
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def resident(pid: int) -> float:
    """MiB that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(home: Path) -> None:
    print("\n| what | figure | target |\n|---|---|---|")
    port = free_port()
    program = running.actions(home, port)
    program.start().end()  # content compiled and model trained
    began = time.perf_counter()
    program.start()
    try:
        row("start to healthy", f"{time.perf_counter() - began:.2f} s", "<= 1.5")
        for action in (names.SUPPLE, names.SAFETY):
            for turns, target in ((1, 2), (TURNS, 4)):
                p50, p95, size = paced(port, action, turns)
                row(f"{action}, turn {turns} ({size} kB), p50 / p95", f"{p50:.2f} / {p95:.2f} ms", f"<= {target}")
        row("memory after them", f"{resident(program.pid):.0f} MiB", "<= 130")
        if FOLDER.is_dir():
            through_rasa(home, port)
        else:
            print(f"No {FOLDER.name}: what Rasa adds is not measured; make test-rasa sets it up.")
    finally:
        program.end()


def through_rasa(home: Path, port: int) -> None:
    """A tap through Rasa, which needs no NLU: answered by a text of Rasa's own, by the least that a server of actions
    can do, and by ours.
    """
    python = rasa_python()
    project = write_project(home / "p", actions="", examples=100, epochs=1)
    texts, rules = (read_yaml(project / name) for name in ("responses.yml", "rules.yml"))
    texts["responses"][PLAIN] = [{"text": "Plain."}]
    rules["rules"][0]["steps"][0]["or"].remove({"intent": "greet"})
    rules["rules"].append({"rule": "Plain", "steps": [{"intent": "greet"}, {"action": PLAIN}]})
    write_yaml(project / "responses.yml", texts)
    write_yaml(project / "rules.yml", rules)
    running.training(python, project, only="core").launch().finish(running.TRAINING)
    bare_port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare_actions", str(bare_port)]
    bare = Program(command, home / "bare.log", lambda: running.answers(bare_port, "/health")).start()
    tap = '/choose{"question": "minutes", "ids": ["10"]}'
    try:
        _, least = taken_by_rasa(python, project, bare_port, tap)
        plain, ours = taken_by_rasa(python, project, port, tap)
    finally:
        bare.end()
    for what, (p50, p95) in (("a text of its own", plain), ("two bare actions", least), ("our two actions", ours)):
        row(f"a turn of Rasa with {what}, p50 / p95", f"{p50:.1f} / {p95:.1f} ms", "")
    row("what ours take beyond bare ones, p50", f"{ours[0] - least[0]:.1f} ms", "<= 10")


def taken_by_rasa(python: Path, project: Path, actions: int, tap: str) -> list[tuple[float, float]]:
    """p50 and p95 in ms of a turn with a text of Rasa's own, and of one with the actions at a port."""
    call_actions_at(project, f"http://127.0.0.1:{actions}")
    port = free_port()
    server = running.rasa(python, project, port).start()
    try:
        client = running.Rasa(port)
        turn(client, tap, 5)
        return [turn(client, "/greet", 60), turn(client, tap, 60)]
    finally:
        server.end()


def turn(client: running.Rasa, text: str, talks: int) -> tuple[float, float]:
    """p50 and p95 in ms of the second to the fifth turn of conversations."""
    taken = []
    for _ in range(talks):
        sender = f"turn-{next(_ids)}-{time.monotonic_ns()}"
        client.say(sender, "/goodbye")
        for _ in range(4):
            taken.append(timed(lambda sender=sender: client.say(sender, text)))
    return middle(taken)


def timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="bench-actions-"))
    try:
        measure(place)
    finally:
        shutil.rmtree(place)
