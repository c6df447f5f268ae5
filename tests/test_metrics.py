"""Counts: by day, in the shared store, small ones hidden, and nothing of a crisis but its level."""

import io
import time

import pytest
from bot.content.files import cache_folder
from bot.service import Service
from bot.sessions import MemoryStore
from bot.web import Settings, create_app
from bot.web.logs import Log
from bot.web.metrics import HIDDEN, Counts, exposition, keep_counting, last_days, report
from flask.testing import FlaskClient


@pytest.fixture(scope="module")
def client(service: Service) -> FlaskClient:
    """`service` has trained the model, so that this application finds it."""
    settings = Settings(cache=str(cache_folder()), session_rate=0, address_rate=0)
    return create_app(settings, store=MemoryStore(), log=Log(io.StringIO())).test_client()


def say(client: FlaskClient, sender: str, *texts: str) -> None:
    for text in texts:
        assert client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text}).status_code == 200


def lines(client: FlaskClient) -> dict[str, int]:
    text = client.get("/metrics").get_data(as_text=True)
    return {name: int(number) for name, number in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")}


def test_turns_routines_and_handovers_are_counted_and_small_counts_hidden(client: FlaskClient) -> None:
    for number in range(HIDDEN):
        say(client, f"a{number}", "my hips are tight", "none", "none")
    for number in range(HIDDEN):
        say(client, f"b{number}", "one calf is swollen and hot")
    say(client, "c", "i cant feel when i wipe")
    counted = lines(client)

    assert counted['supple_total{kind="turns",what=""}'] == 4 * HIDDEN + 1
    assert counted['supple_total{kind="rule",what="rf_dvt"}'] == HIDDEN
    assert 'supple_total{kind="rule",what="rf_cauda_equina"}' not in counted


def test_what_is_sent_again_and_what_is_broken_off_count_no_further(client: FlaskClient) -> None:
    before = lines(client)
    for number in range(HIDDEN):
        session = client.post("/api/v1/sessions", json={}).json["session"]
        for message in ({"text": "my hips are tight", "id": "a"}, {"text": "my hips are tight", "id": "a"},
                        {"choose": ["restart"], "question": "next", "id": f"{number}"}):  # fmt: skip
            assert client.post("/api/v1/messages", json=message, headers={"X-Supple-Session": session}).json
    more = {name: number - before.get(name, 0) for name, number in lines(client).items()}

    assert more['supple_total{kind="turns",what=""}'] == 2 * HIDDEN
    assert more['supple_total{kind="asked",what="gate"}'] == HIDDEN
    assert more.get('supple_total{kind="answered",what="gate"}', 0) == 0


def test_of_a_crisis_only_the_level_is_counted(client: FlaskClient) -> None:
    for number in range(HIDDEN):
        say(client, f"d{number}", "i want to kill myself")

    assert "cr_" not in client.get("/metrics").get_data(as_text=True)


def test_metrics_are_for_this_machine_only(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404


def test_counts_that_the_store_cannot_take_are_kept() -> None:
    class Away(MemoryStore):
        def count(self, *_: object) -> None:
            raise OSError

    counts, store = Counts(), MemoryStore()
    counts._counts["turns"] = 3
    with pytest.raises(OSError):
        counts.hand_over(Away(), 0.0)
    counts.hand_over(store, 0.0)

    assert store.counted(["1970-01-01"]) == {"turns": 3}


def test_counts_reach_the_store_while_the_service_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.metrics.EVERY", 0.01)
    counts, store = Counts(), MemoryStore()
    counts._counts["turns"] = 3
    keep_counting(counts, store)
    until = time.monotonic() + 5
    while not store.counted(last_days(time.time())) and time.monotonic() < until:
        time.sleep(0.01)

    assert store.counted(last_days(time.time())) == {"turns": 3}


def test_the_report_hides_small_numbers() -> None:
    days = last_days(86400.0 * 7)
    page = report(
        days,
        {
            "turns": 120,
            "routines": 4,
            "handover/emergency": 11,
            "rule/rf_dvt": 10,
            "asked/gate": 40,
            "answered/gate": 25,
        },
    )

    assert days[0] == "1970-01-02"
    assert "messages answered      120" in page
    assert "routines shown         fewer than 10" in page
    assert "hand-overs, emergency  11" in page
    assert "10 rf_dvt" in page
    assert "gate         15 of 40" in page


def test_latency_is_told_by_bucket() -> None:
    assert 'supple_total{kind="latency",what="5"} 3' in exposition({"latency/5": 3})
