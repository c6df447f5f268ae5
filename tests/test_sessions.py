"""The stores: one contract for all of them, and what each must stand through."""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from bot.dialogue.fold import fold
from bot.knowledge import Knowledge
from bot.model.site import DEMO
from bot.service import Message, Service
from bot.sessions import IDLE, MemoryStore, SessionStore, StoreError, Talk, open_store
from bot.sessions.redis import REST, RedisStore
from bot.sessions.sqlite import _READ, DamagedError, SqliteStore, start_anew
from bot.understand.reader import Reader

NOW = 1_000_000.0
SAID, ASKED = {"type": "said", "symptoms": {"tight_hips": "present"}}, {"type": "asked", "question": "gate"}
PROMPT = 2.0
"""Seconds within which a store says that it cannot be used."""

# One Redis serves all tests that are marked with it, as they run in one worker.
IN_REDIS = pytest.mark.xdist_group("redis")
EVERYWHERE = ["memory", "sqlite", pytest.param("redis", marks=IN_REDIS)]
SHARED = ["sqlite", pytest.param("redis", marks=IN_REDIS)]

WRITER = """
import sys
from bot.sessions import open_store
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_store(url)
for number in range(count):
    message, applied = f"{name}-{number}", False
    while not applied:
        talk = store.read("s", "demo", 1_000_000.0, message)
        event = {"writer": name, "number": number}
        applied = store.append("s", talk.version, [event], "{}", 1_000_000.0, message=message)
    print(number, flush=True)
"""
TAKER = """
import sys
from bot.sessions import open_store
store = open_store(sys.argv[1])
print(sum(store.take("k", 50, 60.0, 1_000_000.0) == 0.0 for _ in range(100)))
"""
FORKER = """
import os, sys
from bot.sessions import open_store
store = open_store(sys.argv[1])
store.begin("s", "demo", 1_000_000.0)
def write(name):
    for number in range(50):
        while not store.append(
            "s", store.read("s", "demo", 1_000_000.0).version, [{"writer": name, "number": number}], "{}", 1_000_000.0
        ):
            pass
write("before")
child = os.fork()
write("child" if child == 0 else "parent")
if child == 0:
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


SERVER = """
import sys
from bot.sessions import open_store
store = open_store(sys.argv[1])
for line in sys.stdin:
    store.begin(line.strip(), "demo", 1_000_000.0)
    print("begun", flush=True)
"""


class RedisServer:
    """A Redis of our own on a free port of this machine's inside, which keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.folder}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.process.poll() is None and time.monotonic() < until, "redis-server did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        why = "there is no redis-server here: apt-get install redis-server"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_server(shared_redis: RedisServer) -> RedisServer:
    """The shared Redis, empty."""
    with redis.Redis(port=shared_redis.port) as client:
        client.flushall()
    return shared_redis


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis to stop."""
    with running_redis(tmp_path) as server:
        yield server


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store is, by the kind that the test is parametrised with."""
    match request.param:
        case "sqlite":
            return f"sqlite:{tmp_path / 'talks.db'}"
        case "redis":
            server: RedisServer = request.getfixturevalue("redis_server")
            return server.url
    return "memory:"


@pytest.fixture
def store(url: str) -> SessionStore:
    return open_store(url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "talks.db"


def bytes_of(file: Path) -> bytes:
    """What stands in the database and its log. Read by another program: our own reading would drop SQLite's locks."""
    return subprocess.run(["cat", file, f"{file}-wal"], check=True, capture_output=True).stdout


def is_intact(file: Path) -> bool:
    with contextlib.closing(sqlite3.connect(file)) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def start(code: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@contextlib.contextmanager
def fails_promptly() -> Iterator[None]:
    begun = time.monotonic()
    with pytest.raises(StoreError):
        yield
    assert time.monotonic() - begun < PROMPT


@pytest.mark.parametrize("url", EVERYWHERE, indirect=True)
class TestEveryStore:
    def test_a_talk_begins_empty(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)

        assert store.read("s", DEMO, NOW) == Talk(0, None, None)
        assert store.events("s") == []

    def test_an_unknown_talk_is_not_there(self, store: SessionStore) -> None:
        assert store.read("s", DEMO, NOW) is None
        assert store.events("s") == []
        assert store.append("s", 0, [SAID], "{}", NOW) is False
        assert store.forget("s") is False

    def test_what_is_appended_is_read_back_in_order(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)

        assert store.append("s", 0, [SAID, ASKED], '{"a": "é"}', NOW) is True
        assert store.append("s", 1, [ASKED], '{"b": 2}', NOW) is True
        assert store.read("s", DEMO, NOW) == Talk(2, '{"b": 2}', None)
        assert store.events("s") == [SAID, ASKED, ASKED]

    def test_a_change_made_from_an_old_version_is_refused_whole(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID], "1", NOW, message="m1")

        assert store.append("s", 0, [ASKED], "2", NOW, message="m2", reset=True) is False
        assert store.read("s", DEMO, NOW, "m2") == Talk(1, "1", None)
        assert store.events("s") == [SAID]

    def test_a_message_is_seen_where_its_events_begin(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID, ASKED], "{}", NOW, message="m1")
        store.append("s", 1, [SAID, ASKED], "{}", NOW, message="m2")
        store.append("s", 2, [SAID], "{}", NOW)

        seen = [store.read("s", DEMO, NOW, message) for message in ("m1", "m2", "m3", None)]
        assert seen == [Talk(3, "{}", 0), Talk(3, "{}", 2), Talk(3, "{}", None), Talk(3, "{}", None)]

    def test_a_message_of_another_talk_is_new_here(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.begin("other", DEMO, NOW)
        store.append("other", 0, [SAID], "{}", NOW, message="m1")

        assert store.read("s", DEMO, NOW, "m1") == Talk(0, None, None)
        assert store.append("s", 0, [SAID], "{}", NOW, message="m1") is True

    def test_a_reset_forgets_earlier_events_and_messages_and_keeps_its_own(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID, ASKED], "1", NOW, message="m1")

        assert store.append("s", 1, [{"type": "restart"}], "2", NOW, message="m2", reset=True) is True
        assert store.events("s") == [{"type": "restart"}]
        assert store.read("s", DEMO, NOW, "m1") == Talk(2, "2", None)
        assert store.read("s", DEMO, NOW, "m2") == Talk(2, "2", 0)

    def test_a_talk_that_goes_on_is_left_alone_unless_it_is_begun_anew(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW, anew=False)
        store.append("s", 0, [SAID], "{}", NOW)
        store.begin("s", DEMO, NOW + IDLE, anew=False)
        assert store.read("s", DEMO, NOW + IDLE) == Talk(1, "{}", None)

        store.begin("s", DEMO, NOW + IDLE + 1, anew=False)
        assert store.read("s", DEMO, NOW + IDLE + 1) == Talk(2, None, None)
        store.begin("s", "north", NOW + IDLE + 1, anew=False)
        assert store.read("s", "north", NOW + IDLE + 1) is not None

    def test_beginning_again_forgets_the_earlier_talk(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID], "{}", NOW, message="m1")
        store.begin("s", DEMO, NOW)
        talk = store.read("s", DEMO, NOW, "m1")

        assert talk is not None
        assert (talk.snapshot, talk.seen, store.events("s")) == (None, None, [])

    def test_the_id_of_another_sites_talk_is_useless(self, store: SessionStore) -> None:
        store.begin("s", "north", NOW)
        store.append("s", 0, [SAID], "{}", NOW, message="m1")

        assert store.read("s", "south", NOW, "m1") is None
        assert store.read("s", "north", NOW, "m1") == Talk(1, "{}", 0)

    def test_a_talk_is_gone_once_it_was_idle_for_longer_than_the_time_out(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID], "{}", NOW + 60)

        assert store.read("s", DEMO, NOW + 60 + IDLE) == Talk(1, "{}", None)
        assert store.read("s", DEMO, NOW + 60 + IDLE + 0.5) is None

    def test_a_site_may_forget_sooner_than_the_store_and_never_later(self, store: SessionStore, url: str) -> None:
        store.limit("short", 60)
        store.limit("long", 2 * IDLE)
        for site in ("short", "long", DEMO):
            store.begin(site, site, NOW)
            store.append(site, 0, [SAID], "{}", NOW)

        assert store.read("short", "short", NOW + 60) == Talk(1, "{}", None)
        assert store.read("short", "short", NOW + 60.5) is None
        assert store.read("long", "long", NOW + IDLE + 0.5) is None
        if not url.startswith("redis:"):  # there keys expire
            assert store.sweep(NOW + 61) == 1
            assert [store.events(site) for site in ("short", "long", DEMO)] == [[], [SAID], [SAID]]

    def test_a_forgotten_talk_is_gone_and_the_others_stay(self, store: SessionStore) -> None:
        for session in ("s", "other"):
            store.begin(session, DEMO, NOW)
            store.append(session, 0, [SAID], "{}", NOW, message="m1")

        assert store.forget("s") is True
        assert store.forget("s") is False
        assert store.read("s", DEMO, NOW) is None
        assert store.events("s") == []
        assert store.read("other", DEMO, NOW, "m1") == Talk(1, "{}", 0)
        assert store.events("other") == [SAID]

    def test_sweeping_leaves_the_talks_that_go_on(self, store: SessionStore, url: str) -> None:
        for session, touched in (("old", NOW), ("older", NOW - 60), ("new", NOW + 60)):
            store.begin(session, DEMO, touched)
        later = NOW + IDLE + 1
        expiring = url.startswith("redis:")  # there is nothing to sweep in Redis

        assert store.sweep(later) == (0 if expiring else 2)
        assert store.sweep(later) == 0
        assert [store.read(session, DEMO, later) for session in ("old", "older", "new")] == [None, None, Talk(0, None)]

    def test_uses_are_counted_by_window(self, store: SessionStore) -> None:
        def take(after: float, key: str = "k") -> float:
            return store.take(key, 2, 60.0, NOW + after)

        assert [take(0), take(10.25), take(20.25)] == [0.0, 0.0, 39.75]
        assert take(20.25, "another") == 0.0
        assert [take(59.5), take(60), take(61), take(62)] == [0.5, 0.0, 0.0, 58.0]

    def test_sweeping_keeps_counts_whose_window_is_open(self, store: SessionStore) -> None:
        store.take("k", 1, 7200.0, NOW)
        store.sweep(NOW + 3600)

        assert store.take("k", 1, 7200.0, NOW + 3600) == 3600.0

    def test_nothing_may_be_used_under_a_limit_of_nothing(self, store: SessionStore) -> None:
        assert store.take("k", 0, 60.0, NOW) == 60.0

    def test_a_check_changes_nothing(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.check()

        assert store.read("s", DEMO, NOW) == Talk(0, None, None)

    def test_a_talk_outlives_an_upgrade_and_drops_what_is_no_longer_known(
        self, store: SessionStore, knowledge: Knowledge, phrase_reader: Reader
    ) -> None:
        said: dict[str, Any] = {"type": "said", "intent": "report", "topics": [], "wishes": [], "guesses": []}
        said |= {"contexts": {}, "uncovered": [], "safety": {"rf_gone": "present"}}
        said |= {"symptoms": {"gone_symptom": "present", "tight_hips": "present"}}
        before = json.dumps({"knowledge": "another", "state": {"field_of_old": 1}})
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [said], before, NOW, message="m1")
        service = Service(knowledge, phrase_reader, store, clock=lambda: NOW)

        assert service.state("s").symptoms == {"tight_hips": "present"}
        assert service.state("s").signs == {}
        service.handle("s", Message(text="my lower back aches"))
        after = store.read("s", DEMO, NOW)
        assert after is not None and after.snapshot is not None
        assert json.loads(after.snapshot)["knowledge"] == knowledge.key
        assert service.state("s").present() == ("tight_hips", "low_back_pain")


@pytest.mark.parametrize("url", SHARED, indirect=True)
class TestStoresThatAreShared:
    def test_a_change_made_before_a_talk_was_begun_anew_does_not_fit_it(self, store: SessionStore) -> None:
        store.begin("s", DEMO, NOW)
        store.begin("s", DEMO, NOW)

        assert store.append("s", 0, [SAID], "{}", NOW) is False
        assert store.append("s", 1, [SAID], "{}", NOW) is True

    def test_messages_of_one_talk_at_once_lose_nothing_and_count_once(
        self, url: str, knowledge: Knowledge, phrase_reader: Reader
    ) -> None:
        texts = ("my hips are tight", "my lower back aches")
        services = [Service(knowledge, phrase_reader, open_store(url), clock=lambda: NOW) for _ in texts]
        services[0].open("s")
        together, failed = threading.Barrier(2), []

        def send(service: Service, text: str) -> None:
            together.wait()
            try:
                for number in range(25):
                    for _ in range(2):  # each is sent again, as a browser does that got no answer
                        service.handle("s", Message(text=text, id=f"{text} {number}"))
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=send, args=pair) for pair in zip(services, texts, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store = open_store(url)
        events, talk = store.events("s"), store.read("s", DEMO, NOW)
        seen = [store.read("s", DEMO, NOW, f"{text} {number}") for text in texts for number in range(25)]

        assert failed == []
        assert talk is not None and talk.version == 50
        assert [event["type"] for event in events].count("said") == 50
        assert len({kept.seen for kept in seen if kept is not None and kept.seen is not None}) == 50
        assert sorted(services[0].state("s").present()) == ["low_back_pain", "tight_hips"]
        assert services[0].state("s").turns == 50
        assert services[0].state("s") == fold(knowledge, events)

    def test_two_processes_that_append_at_once_lose_nothing_and_write_nothing_twice(
        self, store: SessionStore, url: str
    ) -> None:
        store.begin("s", DEMO, NOW)
        writers = [start(WRITER, url, name, 100) for name in ("a", "b")]
        for writer in writers:
            writer.communicate(timeout=60)
        events = store.events("s")
        talk = store.read("s", DEMO, NOW)

        assert [writer.returncode for writer in writers] == [0, 0]
        assert [[event["number"] for event in events if event["writer"] == name] for name in ("a", "b")] == [
            list(range(100)),
            list(range(100)),
        ]
        assert talk == Talk(200, "{}", None)

    def test_uses_are_counted_across_processes(self, store: SessionStore, url: str) -> None:
        takers = [start(TAKER, url) for _ in range(2)]
        granted = [int(taker.communicate(timeout=60)[0]) for taker in takers]

        assert sum(granted) == 50

    def test_a_store_that_was_used_before_a_fork_serves_parent_and_child(self, store: SessionStore, url: str) -> None:
        forker = start(FORKER, url)
        forker.communicate(timeout=60)
        events = store.events("s")

        assert forker.returncode == 0
        for name in ("before", "parent", "child"):
            assert [event["number"] for event in events if event["writer"] == name] == list(range(50))

    def test_every_acknowledged_append_outlives_a_killed_writer(self, store: SessionStore, url: str) -> None:
        store.begin("s", DEMO, NOW)
        writer = start(WRITER, url, "a", 100_000)
        assert writer.stdout is not None
        for _ in range(200):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        acknowledged = 200 + writer.stdout.read().count("\n")  # communicate() would miss what is buffered already
        writer.communicate()
        numbers = [event["number"] for event in store.events("s")]

        assert numbers == list(range(len(numbers)))
        assert len(numbers) in (acknowledged, acknowledged + 1)  # the last may have been killed before it was told
        assert store.append("s", len(numbers), [SAID], "{}", NOW) is True


class TestSqlite:
    def test_only_its_owner_can_read_the_file(self, file: Path) -> None:
        store = SqliteStore(file)
        store.begin("s", DEMO, NOW)

        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {
            "talks.db": 0o600,
            "talks.db-wal": 0o600,
            "talks.db-shm": 0o600,
        }

    def test_a_copy_of_the_file_gives_no_usable_ids(self, file: Path) -> None:
        store = SqliteStore(file)
        store.begin("session-in-clear", DEMO, NOW)
        store.append("session-in-clear", 0, [SAID], "{}", NOW)
        store.take("key-in-clear", 5, 60.0, NOW)

        assert b"tight_hips" in bytes_of(file)
        assert b"in-clear" not in bytes_of(file)

    def test_no_byte_of_a_forgotten_talk_stays(self, file: Path) -> None:
        """Many talks of many sizes, so that pages are split and joined: secure_delete alone leaves copies then."""
        store, chance, versions = SqliteStore(file), random.Random(1), dict[str, int]()
        left = []
        for step in range(1200):
            session = chance.choice([*versions, f"new{step}"] if step % 5 else [f"new{step}"])
            if session not in versions:
                store.begin(session, DEMO, NOW)
                versions[session] = 0
            elif step % 9 == 0:
                assert store.forget(session) is True
                del versions[session]
                left += [session] if f"<{session}>".encode() in bytes_of(file) else []
            else:
                events = [{"mark": f"<{session}>", "pad": "x" * chance.choice([5, 80, 300, 900])}]
                snapshot = f"<{session}>" + "y" * chance.choice([100, 700, 1500, 2500])
                assert store.append(session, versions[session], events, snapshot, NOW) is True
                versions[session] += 1

        assert left == []
        assert versions != {}
        assert all(store.read(session, DEMO, NOW) is not None for session in versions)

    @pytest.mark.parametrize("how", ["sweep", "begin", "reset"])
    def test_a_sweep_leaves_no_byte_of_what_was_removed(self, file: Path, how: str) -> None:
        store = SqliteStore(file)
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [{"mark": "<marker>"}], "<marker>", NOW)
        assert b"<marker>" in bytes_of(file)
        if how == "begin":
            store.begin("s", DEMO, NOW)
        if how == "reset":
            store.append("s", 1, [{"type": "restart"}], "{}", NOW, reset=True)

        assert store.sweep(NOW + (IDLE + 1 if how == "sweep" else 0)) == (1 if how == "sweep" else 0)
        assert b"<marker>" not in bytes_of(file)

    def test_a_sweep_removes_more_than_it_takes_at_once(self, file: Path) -> None:
        store = SqliteStore(file)
        for number in range(450):
            store.begin(f"s{number}", DEMO, NOW)

        assert store.sweep(NOW + IDLE + 1) == 450

    def test_a_talk_is_read_by_its_indexes_alone(self, file: Path) -> None:
        store = SqliteStore(file)
        store.check()
        with contextlib.closing(sqlite3.connect(file)) as db:
            asked = {"session": b"", "site": "", "now": 0, "idle": 0, "message": ""}
            steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {_READ}", asked)]

        assert [step for step in steps if step.startswith("SEARCH")] == [
            "SEARCH talks USING INDEX sqlite_autoindex_talks_1 (session=?)",
            "SEARCH events USING INDEX seen (session=? AND message=?)",
        ]
        assert not any(step.startswith(("SCAN events", "SCAN talks")) for step in steps)

    def test_eight_first_starts_at_once_make_one_file(self, file: Path) -> None:
        code = (
            "import sys; from bot.sessions import open_store; open_store(sys.argv[1]).begin(sys.argv[2], 'demo', 1.0)"
        )
        starters = [start(code, file, number) for number in range(8)]
        for starter in starters:
            starter.communicate(timeout=60)

        assert [starter.returncode for starter in starters] == [0] * 8
        assert all(SqliteStore(file).read(str(number), DEMO, 1.0) for number in range(8))

    def test_a_file_that_others_keep_locked_fails_promptly_and_not_for_ever(self, file: Path) -> None:
        store = SqliteStore(file)
        store.begin("s", DEMO, NOW)
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with fails_promptly():
                store.append("s", 0, [SAID], "{}", NOW)
            assert store.read("s", DEMO, NOW) == Talk(0, None, None)

        assert store.append("s", 0, [SAID], "{}", NOW) is True

    def test_a_full_disk_keeps_every_acknowledged_append(self, tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk") as disk:
            ballast = disk / "ballast"
            ballast.write_bytes(b"x" * 200_000)
            fills_up(SqliteStore(disk / "talks.db"), disk / "talks.db", ballast.unlink)

    def test_a_file_that_may_not_grow_keeps_every_acknowledged_append(self, file: Path) -> None:
        store = SqliteStore(file)
        with store._file.use() as db:
            db.execute("PRAGMA max_page_count = 60")
            fills_up(store, file, lambda: db.execute("PRAGMA max_page_count = 6000"))

    def test_a_read_only_file_fails_promptly_and_stays_as_it_is(self, tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk") as disk:
            store = SqliteStore(disk / "talks.db")
            store.begin("s", DEMO, NOW)
            store.append("s", 0, [SAID], "{}", NOW)
            store.close()
            remount(disk, "ro")
            attempts: list[Callable[[], object]] = [
                lambda: store.append("s", 1, [SAID], "{}", NOW),
                lambda: store.begin("s", DEMO, NOW),
                lambda: store.take("k", 1, 60.0, NOW),
                lambda: store.forget("s"),
                store.check,
                SqliteStore(disk / "another.db").check,
            ]
            for attempt in attempts:
                with fails_promptly():
                    attempt()
            store.close()
            remount(disk, "rw")

            assert store.read("s", DEMO, NOW) == Talk(1, "{}", None)
            assert store.events("s") == [SAID]
            store.close()
            assert is_intact(disk / "talks.db")

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")

        with pytest.raises(StoreError, match=r"file/talks\.db: it cannot be created"):
            SqliteStore(tmp_path / "file" / "talks.db").check()

    def test_a_file_of_a_newer_version_is_left_alone(self, file: Path) -> None:
        store = SqliteStore(file)
        store.check()
        store.close()
        with contextlib.closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA user_version = 2")

        with pytest.raises(StoreError, match="a newer version of Supple made it"):
            SqliteStore(file).begin("s", DEMO, NOW)

    def test_a_file_that_is_no_database_is_damaged_and_kept(self, file: Path) -> None:
        file.parent.mkdir()
        file.write_bytes(b"no database at all\n" * 1000)

        with pytest.raises(DamagedError, match="it is damaged and kept as it is"):
            SqliteStore(file).begin("s", DEMO, NOW)
        assert file.read_bytes() == b"no database at all\n" * 1000

    def test_a_file_with_overwritten_pages_is_damaged_and_kept(self, file: Path) -> None:
        store = SqliteStore(file)
        store.begin("s", DEMO, NOW)
        for version in range(100):
            store.append("s", version, [SAID] * 10, "{}", NOW)
        store.close()
        good = file.read_bytes()
        damaged = good[:4096] + b"\xa5" * (len(good) - 4096)
        file.write_bytes(damaged)

        for attempt in (lambda: store.read("s", DEMO, NOW), lambda: store.append("s", 100, [SAID], "{}", NOW)):
            with pytest.raises(DamagedError):
                attempt()
        store.close()
        assert file.read_bytes() == damaged

    def test_a_damaged_file_is_moved_aside_and_running_servers_go_on_with_the_new_one(self, file: Path) -> None:
        running = SqliteStore(file)
        running.begin("s", DEMO, NOW)

        assert start_anew(file) == file.with_name("talks.db.damaged-1")
        assert running.read("s", DEMO, NOW) is None
        running.begin("s", DEMO, NOW)
        assert SqliteStore(file).read("s", DEMO, NOW) == Talk(0, None, None)
        running.close()
        file.write_bytes(b"no database at all\n" * 1000)
        assert start_anew(file) == file.with_name("talks.db.damaged-2")
        assert file.with_name("talks.db.damaged-2").read_bytes() == b"no database at all\n" * 1000
        running.begin("s", DEMO, NOW)
        assert is_intact(file)
        assert is_intact(file.with_name("talks.db.damaged-1"))

    def test_a_server_in_another_process_leaves_the_new_file_whole(self, file: Path) -> None:
        server = start(SERVER, file)

        def begin(session: str) -> None:
            assert server.stdin is not None and server.stdout is not None
            server.stdin.write(f"{session}\n")
            server.stdin.flush()
            assert server.stdout.readline() == "begun\n"

        begin("before")
        start_anew(file)
        here = SqliteStore(file)
        here.begin("here", DEMO, NOW)
        begin("there")
        here.append("here", 0, [SAID], "{}", NOW)
        server.communicate(timeout=60)
        found = {session: here.read(session, DEMO, NOW) for session in ("before", "here", "there")}
        here.close()

        assert found == {"before": None, "here": Talk(1, "{}", None), "there": Talk(0, None, None)}
        assert SqliteStore(file).read("here", DEMO, NOW) == Talk(1, "{}", None)
        assert is_intact(file)
        assert is_intact(file.with_name("talks.db.damaged-1"))


def fills_up(store: SqliteStore, file: Path, make_room: Callable[[], object]) -> None:
    """Append until there is no room; then nothing is lost, and with room again it goes on."""
    store.begin("s", DEMO, NOW)
    acknowledged = 0
    with pytest.raises(StoreError, match="the disk is full"):
        while acknowledged < 5000:
            assert store.append("s", acknowledged, [{"number": acknowledged, "pad": "x" * 2000}], "{}", NOW)
            acknowledged += 1

    assert acknowledged > 5
    assert store.read("s", DEMO, NOW) == Talk(acknowledged, "{}", None)
    assert [event["number"] for event in store.events("s")] == list(range(acknowledged))
    make_room()
    assert store.append("s", acknowledged, [SAID], "{}", NOW) is True
    store.check()
    assert len(store.events("s")) == acknowledged + 1
    store.close()
    assert is_intact(file)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here, which needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def remount(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", folder], check=True)


@IN_REDIS
class TestRedis:
    def test_the_keys_of_a_talk_share_a_hash_tag_hold_no_id_and_expire(self, redis_server: RedisServer) -> None:
        store = RedisStore(redis_server.url)
        store.begin("session-in-clear", DEMO, NOW)
        store.append("session-in-clear", 0, [SAID], "{}", NOW, message="m1")
        store.take("key-in-clear", 5, 60.0, NOW)
        with redis.Redis(port=redis_server.port, decode_responses=True) as client:
            left = {key: client.pttl(key) for key in client.scan_iter()}
        uses = {key: left.pop(key) for key in list(left) if key.startswith("supple:uses:")}

        assert len({key[: key.index("}") + 1] for key in left}) == 1
        assert {key[key.index("}") + 1 :] for key in left} == {":talk", ":events", ":messages"}
        assert not any("in-clear" in key for key in [*left, *uses])
        assert all(IDLE * 1000 - 10_000 < milliseconds <= IDLE * 1000 for milliseconds in left.values())
        assert [50_000 < milliseconds <= 60_000 for milliseconds in uses.values()] == [True]

    def test_keys_of_a_site_that_forgets_sooner_expire_sooner(self, redis_server: RedisServer) -> None:
        store = RedisStore(redis_server.url)
        store.limit("short", 60)
        store.begin("s", "short", NOW)
        store.append("s", 0, [SAID], "{}", NOW, message="m1")

        with redis.Redis(port=redis_server.port) as client:
            left = [client.pttl(key) for key in client.scan_iter()]

        assert len(left) == 3
        assert all(0 < one <= 60_000 for one in left)

    def test_idle_talks_and_old_counts_leave_nothing_behind(self, redis_server: RedisServer) -> None:
        store = RedisStore(redis_server.url, idle=0.05)
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID], "{}", NOW, message="m1")
        store.take("k", 5, 0.05, NOW)
        time.sleep(0.2)

        with redis.Redis(port=redis_server.port) as client:
            assert client.keys() == []

    def test_a_forgotten_talk_leaves_no_key(self, redis_server: RedisServer) -> None:
        store = RedisStore(redis_server.url)
        store.begin("s", DEMO, NOW)
        store.append("s", 0, [SAID], "{}", NOW, message="m1")
        store.forget("s")

        with redis.Redis(port=redis_server.port) as client:
            assert client.keys() == []

    def test_scripts_that_redis_has_lost_are_sent_again(self, redis_server: RedisServer) -> None:
        store = RedisStore(redis_server.url)
        store.begin("s", DEMO, NOW)
        with redis.Redis(port=redis_server.port) as client:
            client.script_flush()

        assert store.append("s", 0, [SAID], "{}", NOW) is True

    def test_a_stopped_redis_fails_promptly_and_works_again_after_its_restart(self, own_redis: RedisServer) -> None:
        store = RedisStore(own_redis.url)
        store.begin("s", DEMO, NOW)
        own_redis.stop()
        for attempt in every_method(store):
            with fails_promptly():
                attempt()
        own_redis.start()

        store.begin("s", DEMO, NOW)
        assert store.append("s", 0, [SAID], "{}", NOW) is True

    def test_a_redis_that_hangs_fails_promptly_and_works_again_when_it_wakes(self, own_redis: RedisServer) -> None:
        store = RedisStore(own_redis.url)
        store.begin("s", DEMO, NOW)
        assert own_redis.process is not None
        own_redis.process.send_signal(signal.SIGSTOP)
        with fails_promptly():
            store.read("s", DEMO, NOW)
        with fails_promptly():
            store.check()
        own_redis.process.send_signal(signal.SIGCONT)
        time.sleep(REST)

        assert store.read("s", DEMO, NOW) == Talk(0, None, None)

    @pytest.mark.parametrize("delay", [0.8, 3.0])
    def test_a_slow_way_to_redis_fails_promptly(self, redis_server: RedisServer, delay: float) -> None:
        """At 0.8 s one answer comes in time; the second one, to a script that Redis did not know, would not."""
        with redis.Redis(port=redis_server.port) as client:
            client.script_flush()
        with slowed(redis_server.port, delay) as port, fails_promptly():
            RedisStore(f"redis://127.0.0.1:{port}/0").begin("s", DEMO, NOW)

    def test_a_full_redis_refuses_and_changes_nothing(self, own_redis: RedisServer) -> None:
        store = RedisStore(own_redis.url)
        store.begin("s", DEMO, NOW)
        with redis.Redis(port=own_redis.port) as client:
            client.config_set("maxmemory", 1)
            with pytest.raises(StoreError, match="Redis is full"):
                store.append("s", 0, [SAID], "{}", NOW)
            client.config_set("maxmemory", 0)

        assert store.read("s", DEMO, NOW) == Talk(0, None, None)

    def test_a_wrong_password_is_said_and_not_repeated(self, redis_server: RedisServer) -> None:
        store = RedisStore(f"redis://user:secret@127.0.0.1:{redis_server.port}/0")

        with pytest.raises(StoreError) as caught:
            store.check()
        assert str(caught.value) == "Redis refuses the password"


def every_method(store: SessionStore) -> list[Callable[[], object]]:
    return [
        lambda: store.begin("s", DEMO, NOW),
        lambda: store.read("s", DEMO, NOW, "m1"),
        lambda: store.append("s", 0, [SAID], "{}", NOW),
        lambda: store.events("s"),
        lambda: store.forget("s"),
        lambda: store.take("k", 1, 60.0, NOW),
        store.check,
    ]


@contextlib.contextmanager
def slowed(port: int, delay: float) -> Iterator[int]:
    """A port that leads to another, with each answer `delay` seconds late."""
    over = threading.Event()

    def carry(source: socket.socket, target: socket.socket, wait: float) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                over.wait(wait)
                target.sendall(data)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                far = socket.create_connection(("127.0.0.1", port))
                ends.extend((near, far))
                for way in ((near, far, 0.0), (far, near, delay)):
                    threads.append(threading.Thread(target=carry, args=way))
                    threads[-1].start()

    server, ends = socket.create_server(("127.0.0.1", 0)), list[socket.socket]()
    threads = [threading.Thread(target=serve)]
    threads[0].start()
    try:
        yield server.getsockname()[1]
    finally:
        over.set()
        for end in (server, *ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
        for end in (server, *ends):
            end.close()


class TestOpening:
    @pytest.mark.parametrize(
        ("url", "kind"),
        [
            ("memory:", MemoryStore),
            ("sqlite:talks.db", SqliteStore),
            ("talks.db", SqliteStore),
            ("./talks.db", SqliteStore),
            ("redis://127.0.0.1:1/0", RedisStore),
            ("rediss://127.0.0.1:1/0", RedisStore),
        ],
    )
    def test_a_store_is_opened_by_its_address(self, url: str, kind: type) -> None:
        assert type(open_store(url)) is kind

    @pytest.mark.parametrize("url", ["sqlite:/deep/talks.db", "/deep/talks.db", "sqlite:///deep/talks.db"])
    def test_an_address_of_a_file_leads_to_it(self, url: str, tmp_path: Path) -> None:
        open_store(url.replace("/deep", f"{tmp_path}/deep")).check()

        assert (tmp_path / "deep" / "talks.db").is_file()

    def test_the_time_out_is_handed_on(self, tmp_path: Path) -> None:
        for url in ("memory:", str(tmp_path / "talks.db")):
            store = open_store(url, idle=5.0)
            store.begin("s", DEMO, NOW)
            assert store.read("s", DEMO, NOW + 5) == Talk(0, None, None)
            assert store.read("s", DEMO, NOW + 5.5) is None

    @pytest.mark.parametrize("url", ["postgres://user:secret@host/db", "sqlite:", "", "http://host"])
    def test_an_address_of_no_store_says_what_is_possible_and_no_password(self, url: str) -> None:
        scheme = url.partition(":")[0] or "sqlite"

        with pytest.raises(ValueError) as caught:
            open_store(url)
        assert str(caught.value) == (
            f"no store is called '{scheme}:'; there are memory:, sqlite:/path and redis://host:port/0"
        )

    def test_neither_redis_nor_sqlite_is_loaded_before_it_is_asked_for(self) -> None:
        code = "import sys, bot.sessions; print(sorted({'redis', 'sqlite3'} & sys.modules.keys()))"
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

        assert done.stdout.strip() == "[]"
