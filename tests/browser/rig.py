"""A visitor in a real browser: the service on one origin, clinics' pages on others, and what the browser tells of it.

The service listens on `http://127.0.0.1:…`, the clinics' pages on `http://localhost:…`: two sites, to a browser. The
same pages are there under `http://clinic.localhost:…`, an origin that no site lists.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from bot.cli.start import cache_folder
from bot.sessions import MemoryStore
from bot.web import Settings, create_app
from bot.web.logs import Log
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

HOSTS = Path(__file__).parent / "hosts"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
PATIENCE = 20_000
"""Milliseconds after which what does not come counts as not coming; long, for machines with much else to do."""
expect.set_options(timeout=PATIENCE)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICIES = {
    "": "",
    "strict": "default-src 'none'; script-src 'self' {supple}; style-src 'self'; connect-src {supple}; "
    "img-src {supple}; form-action {supple}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}
"""Content-Security-Policy headers that a host's page can be asked for with `?policy=NAME`."""

# Tells each violation at once, so that one on a page that is left is heard too.
LISTEN = "addEventListener('securitypolicyviolation', e => told(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`))"


class Quiet(WSGIRequestHandler):
    """Answers without a line on the terminal for each request."""

    def log(self, *_: object) -> None:
        """Say nothing."""


class HostPages(BaseHTTPRequestHandler):
    """Pages of clinics: files of `hosts/`, in which %SUPPLE% and %SITE% are filled in, under the policy asked for."""

    supple = ""
    pages: ClassVar[dict[str, tuple[str, str]]] = {}
    """Pages that tests make, by path: text and policy."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        wanted = {name: values[-1] for name, values in parse_qs(asked.query).items()}
        supple = wanted.get("supple", self.supple)
        file = HOSTS / Path(asked.path).name
        if asked.path in self.pages:
            return self._send(*self.pages[asked.path])
        if not file.is_file():
            self.send_response(204 if asked.path == "/favicon.ico" else 404)
            return self.end_headers()
        text = file.read_text("utf-8").replace("%SUPPLE%", supple).replace("%SITE%", wanted.get("site", "clinic"))
        return self._send(text, POLICIES[wanted.get("policy", "")].format(supple=supple), TYPES[file.suffix])

    def _send(self, text: str, policy: str, kind: str = "text/html") -> None:
        raw = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class World:
    """Where things are."""

    supple: str
    """The service's origin."""
    host: str
    """Origin of the clinics' pages, which the sites list."""
    stranger: str
    """Origin of the same pages, which no site lists."""
    app: Any
    """The application, to look behind the door."""
    log: Path
    """What the service writes."""


def write_sites(folder: Path, host: str) -> None:
    """Clinics for the tests: a usual one, one that asks for consent, one with scores, a dark one, a closed one."""
    listed = f"origins: [{host}]\n"
    (folder / "clinic.yml").write_text(
        f"name: Hillside Clinic\n{listed}country: GB\nphone: +44 20 7946 0018\ntimezone: Europe/London\n"
        "booking: https://hillside.example/book\n"
        'hours:\n  - days: [mon, tue, wed, thu, fri]\n    opens: "08:00"\n    closes: "18:00"\n',
        "utf-8",
    )
    (folder / "consent.yml").write_text(f"name: A careful clinic\n{listed}country: GB\nconsent: true\n", "utf-8")
    (folder / "diary.yml").write_text(
        f"name: A clinic with a diary\n{listed}country: GB\nphone: +44 20 7946 0018\ncheck_in: true\n", "utf-8"
    )
    (folder / "careful.yml").write_text(
        f"name: A careful clinic with a diary\n{listed}country: GB\nconsent: true\ncheck_in: true\n", "utf-8"
    )
    (folder / "dark.yml").write_text(
        f"name: A dark clinic\n{listed}theme:\n  accent: '#ffd166'\n  on_accent: '#1a1a1a'\n"
        "  background: '#101418'\n  text: '#f2f2f2'\n",
        "utf-8",
    )
    (folder / "closed.yml").write_text(f"name: A closed clinic\n{listed}enabled: false\n", "utf-8")


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[World]:
    """The service and the hosts' pages, each in threads of this process, on ports that were free."""
    host = ThreadingHTTPServer(("127.0.0.1", 0), type("Pages", (HostPages,), {}))
    names = [f"http://{name}:{host.server_port}" for name in ("localhost", "clinic.localhost")]
    (folder / "sites").mkdir()
    write_sites(folder / "sites", names[0])
    settings = Settings(
        cache=str(cache_folder()), country="GB", sites=str(folder / "sites"), address_rate=0, session_rate=0
    )
    log = folder / "log"
    with log.open("a", encoding="utf-8") as out:
        app = create_app(settings, store=MemoryStore(), log=Log(out))
        web = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        world = World(f"http://127.0.0.1:{web.server_port}", *names, app, log)
        host.RequestHandlerClass.supple = world.supple  # type: ignore[attr-defined]
        for server in (host, web):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield world
        finally:
            for server in (host, web):
                server.shutdown()
                server.server_close()


@dataclass
class Visit:
    """One person's browser: a context of its own, and what it asked for and complained of."""

    world: World
    context: BrowserContext
    page: Page
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and address of each request, in order."""
    errors: list[str] = field(default_factory=list)
    """Lines of the console that are errors or warnings, and exceptions that nobody caught."""
    violations: list[str] = field(default_factory=list)
    """What a Content-Security-Policy or Trusted Types stopped."""

    def to(self, file: str = "plain.html", *, origin: str | None = None, **query: str) -> Page:
        """Go to a host's page: `site`, `policy` and `supple` choose what it says."""
        said = "&".join(f"{name}={value}" for name, value in query.items())
        self.page.goto(f"{origin or self.world.host}/{file}{'?' if said else ''}{said}")
        return self.page

    def new_page(self) -> Page:
        """Another tab of the same browser; what it does is told here too."""
        return _watch(self, self.context.new_page())

    def asked_service(self) -> list[str]:
        """Paths of the service that were asked for."""
        return [urlsplit(url).path for _, url in self.requests if url.startswith(self.world.supple)]

    def stored(self) -> dict[str, Any]:
        """All that the browser keeps for the page's origin, and its cookies."""
        kept: dict[str, Any] = self.page.evaluate(
            """async () => ({local: {...localStorage}, tab: {...sessionStorage},
                databases: (await indexedDB.databases()).map(d => d.name), caches: await caches.keys()})"""
        )
        return {**kept, "cookies": self.context.cookies()}


def _watch(visit: Visit, page: Page) -> Page:
    page.on("request", lambda request: visit.requests.append((request.method, request.url)))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "console",
        lambda said: visit.errors.append(f"{said.type}: {said.text}") if said.type in ("error", "warning") else None,
    )
    return page


@contextlib.contextmanager
def visiting(browser: Browser, world: World, **options: Any) -> Iterator[Visit]:
    """A new context; `options` are Playwright's: viewport, has_touch, color_scheme, reduced_motion, locale …"""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(PATIENCE)
    visit = Visit(world, context, context.new_page())
    context.expose_function("told", lambda what: visit.violations.append(what))
    context.add_init_script(LISTEN)
    _watch(visit, visit.page)
    try:
        yield visit
    finally:
        context.close()


Visits = Callable[..., Visit]
"""What the fixture `visits` is: call it with the context's options, once for each browser that a test needs."""


AT_REST = """() => {
    const shadows = [...document.querySelectorAll('*')].map(element => element.shadowRoot).filter(Boolean);
    const moving = [document, ...shadows].flatMap(root => root.getAnimations()).filter(one =>
        one.playState === 'running' && one.effect.getComputedTiming().iterations !== Infinity);
    return Promise.allSettled(moving.map(one => one.finished)).then(() => null);
}"""
"""What fades in is pale until it is there."""


def axe(page: Page) -> list[str]:
    """What axe finds under all six groups of rules, one line for each fault."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(AT_REST)
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    found = page.evaluate(f"() => axe.run(document, {json.dumps(options)})")["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def focused(page: Page) -> str:
    """What has the focus, inside of shadow roots: tag, id or class, and words."""
    said: str = page.evaluate(
        """() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            const name = e?.getAttribute('aria-label') || e?.labels?.[0]?.textContent || e?.textContent;
            return e ? `${e.localName} ${name.trim().slice(0, 60)}` : '' }"""
    )
    return said


def expect_focus(page: Page, said: str) -> None:
    """Wait until this has the focus; a page that is still at work gets five seconds."""
    end = time.monotonic() + 5
    while focused(page) != said and time.monotonic() < end:
        page.wait_for_timeout(50)  # not sleep: what a test answers in a page's stead is answered meanwhile
    assert focused(page) == said


def chat(page: Page) -> Locator:
    """The widget on a page."""
    return page.locator("supple-chat")
