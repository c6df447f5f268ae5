"""Manners of the web door: headers, origins, limits, rates, and what hostile requests get."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bot.sessions import MemoryStore, StoreError
from bot.web.rates import Rates
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.web import LISTED, SESSION, WEBHOOK, Door, open_door

KIB16 = 16 * 1024
SOMEBODY = "demo.AAAAAAAAAAAAAAAAAAAAAA"
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; img-src 'self'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
}
CORS = {
    "Access-Control-Allow-Headers": "Content-Type, X-Supple-Session",
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
}
TOO_LARGE = {"error": {"code": "too_large", "message": "The request is larger than 16 KiB."}}
BAD_JSON = {"error": {"code": "bad_json", "message": "The body is not a JSON object."}}
TOO_MANY = {"error": {"code": "too_many", "message": "Too many messages; please wait a little."}}
INTERNAL = {"error": {"code": "internal", "message": "Something went wrong here; nothing was kept of it."}}
UNAVAILABLE = {
    "error": {
        "code": "unavailable",
        "message": "The service cannot keep this talk just now; please try again in a moment.",
    }
}
POSTS = ("/api/v1/sessions", "/api/v1/messages", WEBHOOK)


def other_headers(response: TestResponse, *but: str) -> dict[str, str]:
    """Headers other than those that say what the body is."""
    of_the_body = {"Content-Type", "Content-Length", "Content-Disposition", *but}
    return {name: value for name, value in response.headers if name not in of_the_body}


def raw(door: Door, path: str, data: bytes, **more: Any) -> TestResponse:
    headers = {SESSION: SOMEBODY, **more.pop("headers", {})}
    return door.client.post(path, data=data, content_type="application/json", headers=headers, **more)


# ---- headers


def answers(door: Door) -> Iterator[tuple[int, TestResponse]]:
    """A response of each kind, with the status that it should have."""
    client, session = door.client, door.begin()
    here = {SESSION: session}
    yield 201, client.post("/api/v1/sessions", json={})
    yield 200, door.send(session, "tight hips")
    yield 200, client.get("/api/v1/session", headers=here)
    yield 200, client.head("/api/v1/session", headers=here)
    yield 200, client.get("/api/v1/export", headers=here)
    yield 204, client.delete("/api/v1/session", headers=here)
    yield 204, client.options("/api/v1/messages")
    yield 200, door.rest("headers", "tight hips")
    yield 200, client.post(f"{WEBHOOK}?stream=true", json={"sender": "headers", "message": "none"})
    yield 200, client.get("/webhooks/rest/")
    yield 200, client.get("/healthz")
    yield 200, client.get("/readyz")
    yield 400, raw(door, "/api/v1/messages", b"{")
    yield 400, client.post(WEBHOOK, json={})
    yield 403, client.post("/api/v1/sessions", json={"site": "nowhere"})
    yield 404, client.get("/api/v1/session", headers=here)
    yield 404, client.get("/api/v1/nothing")
    yield 405, client.get("/api/v1/messages")
    yield 413, raw(door, WEBHOOK, b" " * (KIB16 + 1))
    yield 415, client.post(WEBHOOK, data="tight hips")


def test_every_response_has_the_headers_and_no_other(door: Door) -> None:
    for status, response in answers(door):
        assert response.status_code == status, response.request.path
        assert other_headers(response, "Allow") == HEADERS, response.request.path


def test_no_page_allows_inline_code_or_other_people_s_and_only_the_talk_sets_a_cookie(door: Door) -> None:
    pages = {
        rule.rule for rule in door.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    }
    assert len(pages) >= 8
    for page in sorted(pages):
        response = door.client.get(page)
        response.close()
        policy = response.headers["Content-Security-Policy"]

        assert "unsafe" not in policy and "http" not in policy and "*" not in policy, page
        assert policy.endswith("; frame-ancestors 'none'"), page
        assert response.headers["X-Content-Type-Options"] == "nosniff", page
        assert response.headers["Referrer-Policy"] in ("no-referrer", "same-origin"), page
        assert response.headers["Permissions-Policy"] == HEADERS["Permissions-Policy"], page
        assert "Set-Cookie" not in response.headers, page


def test_an_unforeseen_failure_says_nothing_and_has_the_headers(caplog: pytest.LogCaptureFixture) -> None:
    door = open_door()

    def fails() -> None:
        raise RuntimeError("my sore back")

    door.app.view_functions["api.where"] = fails
    response = door.client.get("/api/v1/session")

    assert (response.status_code, response.json) == (500, INTERNAL)
    assert other_headers(response) == HEADERS
    assert [line["event"] for line in door.lines()] == ["failure", "request"]
    assert caplog.records == []


class Unreachable(MemoryStore):
    """A store that cannot be reached once talks have begun."""

    reachable = True

    def read(self, *args: Any) -> Any:
        raise StoreError("my sore back")

    def check(self) -> None:
        if not self.reachable:
            raise StoreError("my sore back")


def test_a_store_that_cannot_be_reached_is_said_to_be_unavailable(caplog: pytest.LogCaptureFixture) -> None:
    store = Unreachable()
    door = open_door(store=store)
    store.reachable = False
    session = door.begin()
    for response in (door.send(session, "tight hips"), door.rest("a", "tight hips")):
        assert (response.status_code, response.json) == (503, UNAVAILABLE)
        assert other_headers(response) == {**HEADERS, "Retry-After": "2"}
    ready = door.client.get("/readyz")

    assert (ready.status_code, ready.json["status"]) == (503, "no store")
    assert door.client.get("/healthz").status_code == 200
    assert "sore back" not in door.out.getvalue() + caplog.text


def secure(response: TestResponse) -> str | None:
    return response.headers.get("Strict-Transport-Security")


def test_only_a_secure_connection_is_told_to_stay_secure(door: Door) -> None:
    behind = open_door(proxies=1)
    forwarded = {"X-Forwarded-Proto": "https"}

    assert secure(door.client.get("/healthz")) is None
    assert secure(door.client.get("/healthz", headers=forwarded)) is None
    assert secure(behind.client.get("/healthz")) is None
    assert secure(behind.client.get("/healthz", headers=forwarded)) == "max-age=31536000; includeSubDomains"
    assert secure(behind.client.get("/nothing", headers=forwarded)) == "max-age=31536000; includeSubDomains"
    assert secure(door.client.get("/healthz", base_url="https://localhost")) == "max-age=31536000; includeSubDomains"


def ancestors(response: TestResponse) -> str:
    return response.headers["Content-Security-Policy"].rpartition("; frame-ancestors ")[2]


def test_only_a_clinic_s_own_pages_may_frame_what_is_its_own_and_no_page_for_people_is_framed(door: Door) -> None:
    begun = door.client.post("/api/v1/sessions", json={"site": "clinic"})
    here = {SESSION: begun.json["session"]}

    assert ancestors(begun) == " ".join(LISTED)
    assert ancestors(door.client.get("/api/v1/session", headers=here)) == " ".join(LISTED)
    assert ancestors(door.client.get("/talk?site=clinic")) == "'none'"  # its cookie does not reach into frames
    for site in ("demo", "closed", "nowhere"):
        assert ancestors(door.client.post("/api/v1/sessions", json={"site": site})) == "'none'"


# ---- origins


def from_origin(door: Door, origin: str | None, site: str = "clinic", **more: Any) -> list[TestResponse]:
    """What this origin gets where a talk of the site begins, in a talk, and over REST."""
    headers = {"Origin": origin} if origin is not None else {}
    session = {SESSION: f"{site}.AAAAAAAAAAAAAAAAAAAAAA"}
    rest = {"sender": f"from {origin}", "message": "tight hips", "metadata": {"site": site}}
    return [
        door.client.post("/api/v1/sessions", json={"site": site}, headers=headers, **more),
        door.client.post("/api/v1/messages", json={"text": "tight hips"}, headers=headers | session, **more),
        door.client.get("/api/v1/session", headers=headers | session, **more),
        door.client.delete("/api/v1/session", headers=headers | session, **more),
        door.client.post(WEBHOOK, json=rest, headers=headers, **more),
    ]


@pytest.mark.parametrize("origin", LISTED)
def test_a_listed_origin_is_given_exactly_itself(door: Door, origin: str) -> None:
    responses = from_origin(door, origin)

    assert [response.status_code for response in responses] == [201, 404, 404, 204, 200]
    for response in responses:
        assert response.headers.getlist("Access-Control-Allow-Origin") == [origin]
        assert response.headers.getlist("Vary") == ["Origin"]
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert {name: response.headers[name] for name in CORS} == CORS


@pytest.mark.parametrize("origin", [None, "http://localhost"])
def test_our_own_pages_and_programs_need_no_list(door: Door, origin: str | None) -> None:
    for site in ("clinic", "demo"):
        responses = from_origin(door, origin, site)

        assert [response.status_code for response in responses] == [201, 404, 404, 204, 200]
        assert all(other_headers(response).keys() == HEADERS.keys() for response in responses)


STRANGERS = [
    "https://elsewhere.example", "null", "http://clinic.example", "https://clinic.example:444", "https://clinic.example/",
    "https://clinic.example.evil.example", "https://evil-clinic.example", "HTTPS://CLINIC.EXAMPLE", "https://", "*", "",
    "http://[", "https://localhost", "http://localhost:81", "https://closed.example", "file://", "é", "http://a@localhost",
]  # fmt: skip


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_stranger_an_unknown_site_and_a_closed_one_get_the_same_bytes(door: Door, origin: str) -> None:
    asked = [from_origin(door, origin), from_origin(door, origin, "demo"), from_origin(door, origin, "nowhere")]
    asked += [from_origin(door, whence, "closed") for whence in (origin, "https://closed.example", None, LISTED[0])]
    asked += [from_origin(door, LISTED[0], "nowhere"), from_origin(door, LISTED[0], "demo")]
    refusals = {
        (response.status_code, response.data, tuple(response.headers)) for responses in asked for response in responses
    }

    assert len(refusals) == 1
    status, body, headers = refusals.pop()
    assert status == 403
    assert json.loads(body) == {"error": {"code": "refused", "message": "This site cannot be used from here."}}
    assert {name: value for name, value in headers if not name.startswith("Content-")} | {
        "Content-Security-Policy": POLICY
    } == HEADERS


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/messages", "/api/v1/session", "/api/v1/export", WEBHOOK])
def test_a_browser_that_asks_first_is_told_yes_for_a_listed_origin_only(door: Door, path: str) -> None:
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-supple-session"}
    for origin in LISTED:
        response = door.client.options(path, headers={**ask, "Origin": origin})

        assert (response.status_code, response.data) == (204, b"")
        assert other_headers(response) == {**HEADERS, **CORS, "Access-Control-Allow-Origin": origin}
    for origin in STRANGERS:
        response = door.client.options(path, headers={**ask, "Origin": origin})

        assert (response.status_code, response.data) == (204, b"")
        assert other_headers(response) == HEADERS


def test_asking_first_begins_and_counts_nothing() -> None:
    door = open_door(address_rate=1)
    for _ in range(3):
        door.client.options("/api/v1/messages", headers={"Origin": LISTED[0]})

    assert door.client.post("/api/v1/sessions", json={}).status_code == 201


# ---- bodies


def padded(length: int) -> bytes:
    return json.dumps({"text": "tight hips", "sender": "a", "message": "tight hips"}).encode().ljust(length)


@pytest.mark.parametrize("path", POSTS)
def test_16_kib_are_read_and_one_byte_more_is_too_large(door: Door, path: str) -> None:
    over = raw(door, path, padded(KIB16 + 1))

    assert raw(door, path, padded(KIB16)).status_code in (200, 201, 404)
    assert (over.status_code, over.json) == (413, TOO_LARGE)


@pytest.mark.parametrize("path", POSTS)
def test_a_body_in_chunks_has_the_same_limit_and_is_never_cut_off_silently(door: Door, path: str) -> None:
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    for length in (KIB16 + 1, KIB16 + 2, 10 * KIB16):
        over = raw(door, path, padded(length), environ_overrides=chunked)

        assert (over.status_code, over.json) == (413, TOO_LARGE)
    assert raw(door, path, padded(KIB16), environ_overrides=chunked).status_code in (200, 201, 404)


@pytest.mark.parametrize("path", POSTS)
def test_eight_levels_are_read_and_nine_are_not(door: Door, path: str) -> None:
    def nested(depth: int) -> bytes:
        inner = "[" * (depth - 1) + "]" * (depth - 1)
        texts = b'{"text": "[[[[[[[[[", "sender": "a\\"[[[[[[[[[[[", "message": "{{{{{{{{{{{", "x": '
        return texts + inner.encode() + b"}"

    assert raw(door, path, nested(8)).status_code in (200, 201, 404)
    assert raw(door, path, nested(9)).json == BAD_JSON
    assert raw(door, path, b"[" * KIB16).json == BAD_JSON
    assert raw(door, path, b'{"a":' * 3000).json == BAD_JSON
    assert raw(door, path, b"]" * 20 + b"[" * 20).json == BAD_JSON


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "data",
    [
        b"\x00", b'{"text": "a\x00b"}', b'{"text": "\xff"}', b'{"text": "\xc3"}', b'{"text": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"text": NaN}', b'{"text": -Infinity}', b'{"text": Infinity}',
        b'{"text": ' + b"9" * 5000 + b"}", b'{"text": 1e}', b'{"text": "a"} {}', b'{"text": "a",}', b"{text: 1}",
        b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_not_json_in_utf8_is_refused(door: Door, path: str, data: bytes) -> None:
    response = raw(door, path, data)

    assert (response.status_code, response.json) == (400, BAD_JSON)


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b'{"text": 1e999, "sender": "a", "message": 1e999}', [201, 400, 400]),
        (b'{"text": 123456789012345678901234567890, "sender": -0.0, "message": 1}', [201, 400, 400]),
        (b'{"site": 1e999, "text": "a", "sender": "a", "message": "a", "metadata": 1e999}', [400, 404, 200]),
        (b'{"text": "a", "text": 5, "site": "demo", "site": 5, "sender": "a", "sender": 5, "message": "a"}', [400] * 3),
        (b'{"text": "\\ud800 \\u0000 hips", "sender": "\\udfff", "message": "\\ud800 \\u0000 hips"}', [201, 404, 200]),
    ],
)
def test_odd_json_is_answered_or_refused_plainly(door: Door, data: bytes, statuses: list[int]) -> None:
    assert [raw(door, path, data).status_code for path in POSTS] == statuses


def test_an_odd_request_line_or_header_is_no_failure(door: Door) -> None:
    odd = [
        door.client.get("/%00"),
        door.client.get("/%ff%fe"),
        door.client.get("/api/v1/../../etc/passwd"),
        door.client.get("/" + "a" * 5000),
        door.client.open("/api/v1/messages", method="BREW"),
        door.client.get("/api/v1/session", headers={SESSION: "é\u00ff"}),
        door.client.post(WEBHOOK, data=b"{}", headers={"Content-Type": "application/json; charset=utf-16"}),
        door.client.post(WEBHOOK, data=b"{}", headers={"Content-Type": "application/json;;;=;\u00e9"}),
        door.client.post(WEBHOOK, data=b"", headers={"Content-Type": "application/json", "Content-Length": "-5"}),
        door.client.post(WEBHOOK, data=b"", headers={"Content-Type": "application/json", "Content-Length": "x"}),
        door.client.post(
            WEBHOOK, data=b"\x1f\x8b", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
        ),
        door.client.post(f"{WEBHOOK}?stream=%ff&stream=true", json={}),
    ]

    assert [response.status_code for response in odd] == [404, 404, 404, 404, 405, 404, 400, 400, 400, 400, 400, 400]
    assert all(response.json["error"] for response in odd[4:])


# ---- rates


def test_a_talk_may_send_only_so_many_messages_a_minute() -> None:
    door = open_door(session_rate=3)
    one, two = door.begin(), door.begin()
    statuses = [door.send(one, "tight hips").status_code for _ in range(4)]
    refused = door.send(one, "tight hips")

    assert statuses == [200, 200, 200, 429]
    assert (refused.status_code, refused.json) == (429, TOO_MANY)
    assert other_headers(refused, "Retry-After") == HEADERS
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert [event["type"] for event in door.kept(one)] == ["said", "asked"] * 3
    assert door.send(two, "tight hips").status_code == 200
    assert door.client.delete("/api/v1/session", headers={SESSION: one}).status_code == 204


def test_a_sender_may_send_only_so_many_messages_a_minute() -> None:
    door = open_door(session_rate=3)

    assert [door.rest("a", "tight hips").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert door.rest("b", "tight hips").status_code == 200


def begun(door: Door, address: str, **headers: str) -> TestResponse:
    return door.client.post("/api/v1/sessions", json={}, environ_overrides={"REMOTE_ADDR": address}, headers=headers)


def test_an_address_may_send_only_so_many_requests_a_minute() -> None:
    door = open_door(address_rate=3)
    statuses = [begun(door, "192.0.2.1").status_code for _ in range(4)]
    refused = begun(door, "192.0.2.1", Origin=LISTED[0])

    assert statuses == [201, 201, 201, 429]
    assert (refused.status_code, refused.json) == (429, TOO_MANY)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Access-Control-Allow-Origin"] == LISTED[0]  # so that the widget can read how long to wait
    assert "Access-Control-Allow-Origin" not in begun(door, "192.0.2.1", Origin="null").headers
    assert begun(door, "192.0.2.2").status_code == 201
    assert begun(door, "2001:db8::1").status_code == 201
    assert door.client.get("/healthz", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/sessions", "/api/v1/messages", "/api/v1/session", "/api/v1/export", "/webhooks/rest/webhook"]
)
def test_every_request_of_an_address_counts_also_those_that_are_wrong(limited: Door, path: str) -> None:
    address = {"REMOTE_ADDR": f"address of {path}"}
    get = path in ("/api/v1/session", "/api/v1/export")
    statuses = [
        limited.client.open(path, method="GET" if get else "POST", environ_overrides=address).status_code
        for _ in range(4)
    ]

    assert statuses == [404 if get else 415] * 3 + [429]


@pytest.fixture(scope="module")
def limited() -> Door:
    return open_door(address_rate=3)


def test_forwarded_addresses_count_behind_a_proxy_only() -> None:
    plain, behind = open_door(address_rate=1), open_door(address_rate=1, proxies=1)

    def statuses(door: Door, *forwarded: str) -> list[int]:
        return [begun(door, "10.0.0.1", **{"X-Forwarded-For": address}).status_code for address in forwarded]

    assert statuses(plain, "192.0.2.1", "192.0.2.2") == [201, 429]
    assert statuses(behind, "192.0.2.1", "192.0.2.2", "192.0.2.1") == [201, 201, 429]
    # What stands before the proxy's own entry is the client's invention.
    assert statuses(behind, "9.9.9.9, 192.0.2.3", "8.8.8.8, 192.0.2.3") == [201, 429]


def test_a_forwarded_host_makes_no_origin_our_own(door: Door) -> None:
    claim = {
        "Origin": "https://elsewhere.example",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
    }

    assert door.client.post("/api/v1/sessions", json={}, headers=claim).status_code == 403


def test_addresses_are_kept_as_keyed_hashes_only(door: Door) -> None:
    def key(secret: bytes, address: str) -> str:
        store = MemoryStore()
        with door.app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            Rates(store, by_session=3, by_address=3, secret=secret).address()
        (kept,) = store._uses
        return kept

    one = key(b"one", "192.0.2.77")
    assert re.fullmatch("a:[0-9a-f]{32}", one)
    assert key(b"one", "192.0.2.77") == one
    assert one not in (key(b"two", "192.0.2.77"), key(b"one", "192.0.2.78"))


# ---- anything at all

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["demo", "clinic", "none", "gate", "fit", "safety", "confirm", "clarify", "handover", "next"])
    | st.sampled_from(["/choose", '/choose{"ids": ["none"]}', '/choose{"question": "clarify", "ids": ["tight_hips"]}'])
    | st.sampled_from(["tight hips", "i cant feel when i wipe", "i want to kill myself", "not_meant", "might_act"])
)
keys = st.text() | st.sampled_from(
    ["site", "text", "choose", "question", "id", "sender", "message", "metadata", "complete"]
)
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)
bodies = (
    st.dictionaries(keys, anything)
    | st.fixed_dictionaries({}, optional={"text": scalars, "id": scalars})
    | st.fixed_dictionaries({"choose": st.lists(scalars)}, optional={"question": scalars, "id": scalars})
    | st.fixed_dictionaries({"sender": scalars, "message": scalars}, optional={"metadata": anything})
    | anything
)


@pytest.mark.parametrize("path", [*POSTS, f"{WEBHOOK}?stream=true"])
def test_no_json_makes_it_fail(door: Door, path: str) -> None:
    @settings(max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(bodies)
    def fuzz(body: Any) -> None:
        response = door.client.post(path, json=body, headers={SESSION: door.begin()})

        assert response.status_code < 500
        assert response.data
        if response.status_code >= 400:
            assert list(response.json) == ["error"]
            assert sorted(response.json["error"]) == ["code", "message"]

    fuzz()


def test_no_bytes_make_it_fail(door: Door) -> None:
    @settings(max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(POSTS), st.binary())
    def fuzz(path: str, data: bytes) -> None:
        assert raw(door, path, data).status_code == 400

    fuzz()


def test_a_door_is_a_plain_wsgi_application(door: Door) -> None:
    assert isinstance(door.app, Flask)
    assert door.app.debug is False
    assert door.app.secret_key is None
