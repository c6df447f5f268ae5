"""What is acknowledged is kept, once and in order, whatever is killed; what cannot be kept is refused, clearly.

nginx, Redis, SQLite, full disks and signals are real.
"""

import contextlib
import hashlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bot.knowledge import Knowledge
from bot.service import Service
from bot.sessions import MemoryStore
from bot.understand.reader import Reader

from tests.bench.serving import free_port
from tests.deployed import (
    Answer,
    Crowd,
    Program,
    Talk,
    Undisturbed,
    assert_sound,
    get,
    needs,
    nginx,
    redis,
    supple,
    until,
)

pytestmark = pytest.mark.xdist_group("chaos")

Start = Callable[[Program], Program]


@pytest.fixture(scope="module")
def undisturbed(knowledge: Knowledge, reader: Reader) -> Undisturbed:
    return Undisturbed(Service(knowledge, reader, MemoryStore(), country="GB"))


@pytest.fixture
def start() -> Iterator[Start]:
    """Start programs, the last of them to be ended first."""
    with contextlib.ExitStack() as stack:

        def started(program: Program) -> Program:
            stack.callback(program.end)
            return program.start()

        yield started


def serve(home: Path, *flags: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`supple serve` where it is not to go on: it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "serve", *flags],
        env={**os.environ, "SUPPLE_HOME": str(home), **env}, capture_output=True, text=True, timeout=30,
    )  # fmt: skip


def assert_refused(answer: Answer) -> None:
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert answer.body["error"]["code"] == "unavailable"
    assert answer.seconds < 2


def in_own_mounts(folder: Path, size: str) -> list[str]:
    """Run what follows with a small disk at this folder, which only it sees, and which goes when it ends."""
    needs("unshare", "nsenter")
    mount = 'mount -t tmpfs -o "size=$1" none "$0" && shift && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(folder), size]


def inside(program: Program, command: str) -> None:
    """Run a shell command where the program's mounts are seen."""
    enter = ["nsenter", "--target", str(program.pid), "--user", "--mount", "--preserve-credentials"]
    subprocess.run([*enter, "sh", "-c", command], check=True, timeout=10, capture_output=True)


def test_each_message_of_these_talks_leaves_one_event(undisturbed: Undisturbed) -> None:
    for count in (0, 1, 3, 10, 40):
        told = [event["type"] for event in undisturbed.events(count) if event["type"] != "asked"]
        assert told == (["said"] + ["chose"] * 2 + ["said"] * count)[:count]


@pytest.mark.slow
def test_talks_outlive_every_replica(start: Start, undisturbed: Undisturbed, tmp_path: Path) -> None:
    needs("nginx", "redis-server")
    door, store, *ports = (free_port() for _ in range(4))
    url = f"redis://127.0.0.1:{store}/0"
    start(redis(tmp_path / "redis", store))
    first, second = (
        start(supple(tmp_path / str(port), "--store", url, "--workers", "1", "--proxies", "1", port=port))
        for port in ports
    )
    start(nginx(tmp_path / "nginx", door, ports))
    crowd = Crowd(door, undisturbed)
    looks: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            looks.append(get(door, "/api/v1/session", crowd.talks[0].session).status)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        with crowd.talking():
            for replica in (first, second):
                replica.kill(with_workers=True)
                crowd.all_go_on()
                replica.start()
                crowd.all_go_on()
            for replica in (first, second):
                assert replica.stop() == 0
                crowd.all_go_on()
                replica.start()
                crowd.all_go_on()
    finally:
        done.set()
        looker.join()

    crowd.assert_whole()
    assert set(looks) == {200}  # what may be asked twice, nginx asks the other replica


@pytest.mark.slow
def test_a_redis_that_goes_is_missed_clearly_and_nothing_acknowledged_is_lost(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    needs("redis-server")
    port, store = free_port(), free_port()
    keeper = start(redis(tmp_path / "redis", store))
    start(supple(tmp_path / "home", "--store", f"redis://127.0.0.1:{store}/0", port=port))
    with Crowd(port, undisturbed).talking() as crowd:
        witness = Talk(port, undisturbed).begin()
        witness.insist()
        keeper.kill()
        assert_refused(witness.say())
        assert get(port, "/readyz").status == 503
        keeper.start()
        crowd.all_go_on()
        assert get(port, "/readyz").status == 200

        witness.insist()

    crowd.assert_whole()
    witness.assert_whole()
    assert set(crowd.refused()) == {"503"}


@pytest.mark.slow
def test_a_redis_that_hangs_is_told_in_time_to_all_who_wait(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """The first wait for a second; after that nobody asks for a moment, and all are told at once."""
    needs("redis-server")
    port, store = free_port(), free_port()
    keeper = start(redis(tmp_path / "redis", store))
    start(supple(tmp_path / "home", "--store", f"redis://127.0.0.1:{store}/0", port=port))
    with Crowd(port, undisturbed, size=24).talking() as crowd:
        witness = Talk(port, undisturbed).begin()
        keeper.signal(signal.SIGSTOP)
        assert_refused(witness.say())
        keeper.signal(signal.SIGCONT)
        crowd.all_go_on()
        witness.insist()

    crowd.assert_whole()
    witness.assert_whole()


@pytest.mark.slow
def test_a_service_that_starts_before_its_redis_is_there_begins_to_answer_with_it(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    needs("redis-server")
    port, store = free_port(), free_port()
    service = start(supple(tmp_path / "home", "--store", f"redis://127.0.0.1:{store}/0", port=port))
    ready = get(port, "/readyz")
    assert (ready.status, ready.body["status"]) == (503, "no store")
    assert "supple: Redis cannot be reached; messages are refused until that is over\n" in service.told()

    start(redis(tmp_path / "redis", store))
    talk = Talk(port, undisturbed).begin()
    talk.insist()
    talk.assert_whole()


@pytest.mark.slow
def test_killed_workers_and_servers_lose_nothing_acknowledged(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    port = free_port()
    service = start(supple(tmp_path / "home", port=port))
    with Crowd(port, undisturbed).talking() as crowd:
        before = service.workers()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(service.workers()) - set(before)) == 1, 10, "another worker is there")
        crowd.all_go_on()
        service.kill(with_workers=True)
        service.start()
        crowd.all_go_on()
    crowd.assert_whole()
    assert_sound(tmp_path / "home" / "talks.db")


def test_workers_leave_when_the_server_was_killed_and_the_next_one_has_the_port(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    port = free_port()
    service = start(supple(tmp_path / "home", port=port))
    talk = Talk(port, undisturbed).begin()
    talk.insist()
    workers = service.workers()

    service.kill()
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 5, "the workers leave")
    service.start()
    talk.insist()
    talk.assert_whole()


@pytest.mark.slow
def test_a_full_disk_is_told_and_the_file_stays_whole(start: Start, undisturbed: Undisturbed, tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    home.mkdir()
    service = start(supple(home, port=port, within=in_own_mounts(home, "4m")))
    talk = Talk(port, undisturbed).begin()
    for _ in range(4):
        talk.insist()

    inside(service, f"cat /dev/zero > {home}/filler 2>/dev/null || true")
    assert_refused(talk.say())
    assert get(port, "/readyz").status == 503
    inside(service, f"rm {home}/filler")
    talk.insist()

    talk.assert_whole()
    assert get(port, "/readyz").status == 200
    assert_sound(Path(f"/proc/{service.pid}/root{home}/talks.db"))


@pytest.mark.slow
def test_a_disk_that_cannot_be_written_is_told_and_the_file_stays_as_it_is(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    home, port = tmp_path / "home", free_port()
    talk = Talk(port, undisturbed)
    service = start(supple(home, port=port))
    talk.begin().insist()
    assert service.stop() == 0
    before = {file.name: hashlib.sha256(file.read_bytes()).digest() for file in home.iterdir()}

    needs("unshare")
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    read_only = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(home)]
    blocked = start(supple(home, port=port, within=read_only))
    with pytest.raises((OSError, http.client.HTTPException)):
        talk.say()  # the connection to the first service is gone
    assert_refused(talk.say())
    assert get(port, "/readyz").status == 503
    assert blocked.stop() == 0
    assert {file.name: hashlib.sha256(file.read_bytes()).digest() for file in home.iterdir()} == before

    start(supple(home, port=port))
    talk.insist()
    talk.assert_whole()


@pytest.mark.parametrize("damage", ["not a database", "a header that was overwritten", "cut short"])
def test_a_damaged_file_is_told_in_one_line_and_kept(damage: str, tmp_path: Path) -> None:
    file = tmp_path / "talks.db"
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE talks (session BLOB)")
        database.executemany("INSERT INTO talks VALUES (?)", [(b"x" * 1000,)] * 100)
        database.commit()
    whole = file.read_bytes()
    file.write_bytes(
        {
            "not a database": b"Dear diary, " * 1000,
            "a header that was overwritten": b"\0" * 64 + whole[64:],
            "cut short": whole[:6000],
        }[damage]
    )
    before = file.read_bytes()

    done = serve(tmp_path, "--accept-unreviewed", "--store", f"sqlite:{file}", "--port", str(free_port()))
    told = [line for line in done.stderr.splitlines() if "sign-off" not in line]

    assert done.returncode == 1
    assert told == [f"supple: {file}: it is damaged and kept as it is; supple sessions start-anew begins a new one"]
    assert file.read_bytes() == before


def test_two_hundred_idle_connections_do_not_stop_the_next(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    port = free_port()
    start(supple(tmp_path / "home", port=port))
    with contextlib.ExitStack() as idle:
        for number in range(200):
            connection = idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            connection.sendall(b"" if number % 2 else b"POST /api/v1/messages HTTP/1.1\r\nHost: l\r\n")
        talk = Talk(port, undisturbed).begin()
        assert talk.say().seconds < 1
        talk.assert_whole()


@pytest.mark.slow
def test_two_hundred_half_sent_messages_do_not_stop_the_next_behind_nginx(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    needs("nginx")
    door, port = free_port(), free_port()
    start(supple(tmp_path / "home", port=port))
    start(nginx(tmp_path / "nginx", door, [port, port]))
    half = b"POST /api/v1/messages HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with contextlib.ExitStack() as idle:
        for _ in range(200):
            idle.enter_context(socket.create_connection(("127.0.0.1", door), timeout=5)).sendall(half)
        talk = Talk(door, undisturbed).begin()
        assert talk.say().seconds < 1
        talk.assert_whole()


@pytest.mark.slow
def test_a_form_as_long_as_a_message_may_be_comes_through_nginx(start: Start, tmp_path: Path) -> None:
    needs("nginx")
    door, port = free_port(), free_port()
    start(supple(tmp_path / "home", port=port))
    start(nginx(tmp_path / "nginx", door, [port, port]))
    form = urlencode({"text": "痛" * 2000})
    connection = http.client.HTTPConnection("127.0.0.1", door, timeout=20)
    connection.request("POST", "/talk", form, {"Content-Type": "application/x-www-form-urlencoded"})

    assert connection.getresponse().status == 303
    connection.close()


def test_a_stop_finishes_what_was_taken(start: Start, tmp_path: Path) -> None:
    port = free_port()
    service = start(supple(tmp_path / "home", port=port))
    body = json.dumps({"site": "demo"}).encode()
    head = f"POST /api/v1/sessions HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(6)]
        for connection in taken:
            connection.sendall(head.encode() + b"\r\n\r\n" + body[:5])
        time.sleep(0.3)  # they are taken
        service.signal(signal.SIGTERM)
        until(lambda: not _accepts(port), 5, "nothing more is taken")
        for connection in taken:
            connection.sendall(body[5:])
        lines = [connection.recv(65536).split(b"\r\n")[0] for connection in taken]

    assert lines == [b"HTTP/1.1 201 Created"] * 6
    assert service.stop() == 0


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


@pytest.mark.slow
def test_a_reload_under_load_drops_no_request(start: Start, undisturbed: Undisturbed, tmp_path: Path) -> None:
    port = free_port()
    service = start(supple(tmp_path / "home", port=port))
    with Crowd(port, undisturbed, keep_alive=False).talking() as crowd:
        before = service.workers()
        service.signal(signal.SIGHUP)
        until(lambda: len(now := service.workers()) == 2 and not set(now) & set(before), 25, "all workers are others")
        crowd.all_go_on()

    assert crowd.refused() == []
    crowd.assert_whole()


def test_a_reload_of_faulty_content_is_refused_and_the_service_goes_on(
    start: Start, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    port, sites = free_port(), tmp_path / "sites"
    sites.mkdir()
    service = start(supple(tmp_path / "home", "--sites", str(sites), port=port))
    talk = Talk(port, undisturbed).begin()
    before = service.workers()
    (sites / "harbour.yml").write_text("id: Harbour\n", "utf-8")

    service.signal(signal.SIGHUP)
    until(lambda: "supple: not reloaded: " in service.told(), 10, "the fault is told")
    talk.insist()

    assert service.workers() == before
    talk.assert_whole()


def test_a_reload_signals_nobody_who_came_to_a_killed_service_s_process_id(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        (tmp_path / "serve.pid").write_text(str(other.pid), "ascii")
        done = subprocess.run(
            [sys.executable, "-m", "bot", "reload"], env={**os.environ, "SUPPLE_HOME": str(tmp_path)},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

        assert (done.returncode, done.stderr) == (1, "supple: no service of yours runs here\n")
        assert other.poll() is None
        other.kill()


def test_a_check_says_that_it_would_start_and_serves_nothing(tmp_path: Path, knowledge: Knowledge) -> None:
    done = serve(tmp_path, "--check")

    assert (done.returncode, done.stdout) == (0, "ready to serve\n")
    assert done.stderr == f"supple: {len(knowledge.unreviewed())} safety rules have no clinician's sign-off\n"
    assert not (tmp_path / "serve.pid").exists()


@pytest.mark.parametrize(
    ("flags", "env", "told"),
    [
        ([], {"SUPPLE_WORKERS": "two"}, "SUPPLE_WORKERS must be a whole number, not 'two'"),
        ([], {"SUPPLE_ACCEPT_UNREVIEWED": "perhaps"}, "SUPPLE_ACCEPT_UNREVIEWED must be true or false, not 'perhaps'"),
        (["--workers", "0"], {}, "SUPPLE_WORKERS must be 1 to 64, not 0"),
        (["--port", "65536"], {}, "SUPPLE_PORT must be 1 to 65535, not 65536"),
        ([], {"SUPPLE_THREADS": "0"}, "SUPPLE_THREADS must be 1 to 64, not 0"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(flags: list[str], env: dict[str, str], told: str, tmp_path: Path) -> None:
    done = serve(tmp_path, *flags, **env)

    assert (done.returncode, done.stderr, done.stdout) == (2, f"supple: {told}\n", "")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--store", "foo:bar"], "no store is called 'foo:'; there are memory:, sqlite:/path and redis://host:port/0"),
        (["--store", "memory:"], "talks kept in memory are lost between workers; use one worker, sqlite: or redis:"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(flags: list[str], told: str, tmp_path: Path) -> None:
    done = serve(tmp_path, *flags)

    assert (done.returncode, done.stderr, done.stdout) == (1, f"supple: {told}\n", "")


def test_a_worker_that_is_still_starting_stops_at_once(start: Start, tmp_path: Path) -> None:
    """Only when the first answers may the others still be loading: none has to be killed."""
    service = start(supple(tmp_path / "home", "--workers", "4", port=free_port()))

    assert service.stop() == 0
    assert "Killing" not in service.told()


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = serve(tmp_path, "--port", str(port))

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [f"supple: cannot listen on 127.0.0.1:{port}: Address already in use"]


def test_it_listens_on_this_machine_only_while_rules_wait_for_a_sign_off(
    start: Start, knowledge: Knowledge, tmp_path: Path
) -> None:
    done = serve(tmp_path, "--host", "0.0.0.0", "--port", str(free_port()))
    waiting = len(knowledge.unreviewed())

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"supple: {waiting} safety rules have no clinician's sign-off, so the service listens on this machine only; "
        "see supple check, or say --accept-unreviewed\n"
    )

    needs("unshare", "nsenter", "ip")
    log, home = tmp_path / "log", tmp_path / "home"
    alone = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    command = [*alone, sys.executable, "-m", "bot", "serve", "--host", "0.0.0.0", "--accept-unreviewed"]
    ready: list[dict[str, object]] = []

    def answers() -> bool:
        """Asked from within: its network is its own, so nothing of this machine is open to others."""
        enter = ["nsenter", "--target", str(service.pid), "--user", "--net", "--preserve-credentials"]
        ask = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:8000/readyz').read().decode())"
        asked = subprocess.run([*enter, sys.executable, "-c", ask], capture_output=True, text=True, timeout=10)
        if asked.returncode == 0:
            ready.append(json.loads(asked.stdout))
        return asked.returncode == 0

    service = Program(command, log, answers, SUPPLE_HOME=str(home))
    start(service)

    assert (ready[0]["unreviewed"], ready[0]["accepted_unreviewed"]) == (waiting, True)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    needs("systemd-analyze")
    text = (Path(__file__).parent.parent / "bot" / "deploy" / "supple.service").read_text("utf-8")
    unit = tmp_path / "supple.service"
    unit.write_text(text.replace("/opt/supple/bin/supple", str(Path(sys.executable).parent / "supple")), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=30)

    assert (done.returncode, done.stderr) == (0, "")
