"""The widget as it is served and written: files that never change, a small size, words that are used, plain and few."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from bot.cli.commands import cli
from bot.knowledge import Knowledge
from bot.model.site import Site, Theme
from bot.model.widget import WIDGET
from bot.web.embed import snippet
from bot.web.widget import files
from click.testing import CliRunner

from tests.conftest import ROOT
from tests.web import LISTED, Door

STATIC = ROOT / "bot" / "web" / "static"
SCRIPT = (STATIC / "widget.js").read_text("utf-8")
KIB = 1024
WITHOUT_PATH = '--base "{}" must be an http:// or https:// address of its own, without a path'


def squeezed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_the_talk_is_small_and_with_the_player_still() -> None:
    drawings = [path.relative_to(STATIC).as_posix() for path in (STATIC / "drawings").glob("*.svg")]

    assert squeezed("widget.js") <= 25 * KIB
    assert squeezed("widget.js", "routine.js", *drawings) <= 45 * KIB


def test_nothing_in_it_makes_code_or_page_out_of_text() -> None:
    for script in (SCRIPT, (STATIC / "routine.js").read_text("utf-8")):
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "cookie",
        ):
            assert word not in re.sub(r"/\*\*.*?\*/|//.*", "", script, flags=re.DOTALL), word
    assert re.findall(r"import .* from", SCRIPT) == []  # an integrity covers one file and not what it imports


def test_its_style_names_no_left_and_no_right() -> None:
    css = SCRIPT.partition("CSS_TEXT = `")[2].partition("`")[0]

    assert re.findall(r"[{;\s-](?:left|right)\b|(?<!-)\b(?:width|height):", re.sub(r"@media[^{]*", "", css)) == []


# ---- words


def test_every_word_is_used_and_every_word_that_is_used_is_there() -> None:
    used = set(re.findall(r"\b(?:say|word|button)\(\s*\"(\w+)\"", SCRIPT))
    named = set(re.findall(r"\"(\w+)\"", SCRIPT))
    built = {f"level_{level}" for level in ("emergency", "same_day", "clinician_first", "caution", "none")}
    keys = set(WIDGET["talk"])

    assert used <= keys
    assert keys - named - built - set(re.findall(r"^  (\w+):", SCRIPT, re.MULTILINE)) == set()


def test_the_words_before_the_site_s_own_are_the_same(knowledge: Knowledge) -> None:
    """But for the line on emergencies, which names no number before the country is known."""
    block = SCRIPT.partition("const FIRST = {")[2].partition("};")[0]
    first = dict(re.findall(r'(\w+): "(.*)",', block))
    first.pop("emergency_first")

    assert first == {key: knowledge.widget.talk[key] for key in first}


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end: near enough for a mean."""
    groups = re.findall(r"[aeiouy]+", word.removesuffix("e") if len(word) > 3 and not word.endswith("le") else word)
    return max(1, len(groups))


def grade(text: str) -> float:
    """Flesch and Kincaid's grade of a text whose sentences end in a mark."""
    sentences = [part for part in re.split(r"[.!?:]\s+|\n", text) if re.search(r"\w", part)]
    words = re.findall(r"[a-z']+", text.casefold())
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_of_reading_tells_plain_words_from_hard_ones() -> None:
    plain = "Sit down. Put your feet flat. Breathe out slowly."
    hard = "Individuals experiencing persistent musculoskeletal discomfort should obtain professional consultation."

    assert grade(plain) < 3
    assert grade(hard) > 15


@pytest.mark.parametrize("section", ["talk", "routine", "handout"])
def test_the_words_are_plain(section: str, knowledge: Knowledge) -> None:
    texts = getattr(knowledge.widget, section).values()
    whole = "\n".join(re.sub(r"\{\w+\}", "five", text) for text in texts)

    assert grade(whole) <= 7
    for text in texts:
        if len(text.split()) >= 12:
            assert grade(re.sub(r"\{\w+\}", "five", text)) <= 9, text


# ---- files


def test_the_newest_file_is_kept_for_five_minutes_and_the_one_with_a_digest_for_a_year(door: Door) -> None:
    newest, lasting = (door.client.get(path) for path in ("/widget.js", files()["widget.js"].address))

    assert newest.data == lasting.data == (STATIC / "widget.js").read_bytes()
    assert newest.headers["Cache-Control"] == "max-age=300, public"
    assert lasting.headers["Cache-Control"] == "max-age=31536000, public, immutable"
    for response in (newest, lasting):
        assert response.mimetype == "text/javascript"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_files_travel_squeezed_to_browsers_that_can_read_that(door: Door) -> None:
    response = door.client.get("/widget.js", headers={"Accept-Encoding": "gzip, br"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers.get("Vary")
    assert gzip.decompress(response.data) == (STATIC / "widget.js").read_bytes()


def test_every_file_s_address_holds_its_digest(door: Door) -> None:
    assert {"widget.js", "routine.js"} <= files().keys()
    for name, file in files().items():
        digest = hashlib.sha384((STATIC / name).read_bytes())
        assert file.integrity == f"sha384-{base64.b64encode(digest.digest()).decode()}"
        assert digest.hexdigest()[:16] in file.address
        response = door.client.get(file.address)
        assert response.status_code == 200, name


@pytest.mark.parametrize(
    "path", ["/widget.0123456789abcdef.js", "/routine..js", "/drawings/nothing.0123456789abcdef.svg", "/other.abc.js"]
)
def test_there_is_nothing_under_another_digest(path: str, door: Door) -> None:
    assert door.client.get(path).status_code == 404


# ---- settings


def test_a_site_shows_what_a_visitor_may_see_and_no_more(door: Door) -> None:
    shown = door.client.get("/api/v1/sites/clinic", headers={"Origin": LISTED[0]})

    assert shown.headers["Access-Control-Allow-Origin"] == LISTED[0]
    assert set(shown.json) == {
        *("id", "name", "phone", "booking", "logo", "minimum_age", "retention_minutes", "consent", "check_in"),
        *("position", "lang", "locale", "dir", "open_now", "next_open", "theme", "emergency", "words", "opening"),
        *("files", "drawings"),
    }
    assert shown.json["files"] == {name: files()[name].address for name in ("widget.js", "routine.js")}
    assert shown.json["emergency"][0] == "Emergency: 999."
    assert shown.json["opening"]["blocks"][0]["text"].startswith("Hello. I'm a program")


def test_looking_at_a_site_begins_no_talk(door: Door) -> None:
    before = len(door.store.counted(["x"]))
    door.client.get("/api/v1/sites/clinic")

    assert len(door.store.counted(["x"])) == before


@pytest.mark.parametrize("site", ["closed", "nowhere", "Clinic", "%00"])
def test_a_site_that_may_not_be_used_shows_nothing(site: str, door: Door) -> None:
    refused = door.client.get(f"/api/v1/sites/{site}")

    assert (refused.status_code, refused.json["error"]["code"]) == (403, "refused")


# ---- the page to frame


def test_the_page_to_frame_runs_one_file_that_its_integrity_pins(door: Door) -> None:
    page = door.client.get("/frame?site=clinic")

    assert f'src="{files()["widget.js"].address}" integrity="{files()["widget.js"].integrity}"' in page.text
    assert '<supple-chat site="clinic" mode="inline">' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.endswith(f"; frame-ancestors {' '.join(LISTED)}")
    assert "require-trusted-types-for 'script'" in policy


def test_what_may_not_be_framed_is_one_page(door: Door) -> None:
    pages = [door.client.get(f"/frame{query}") for query in ("?site=closed", "?site=nowhere", "")]

    assert {(page.status_code, page.text) for page in pages} == {(403, pages[0].text)}
    assert all("frame-ancestors 'none'" in page.headers["Content-Security-Policy"] for page in pages)


# ---- supple embed


def test_the_lines_to_paste_name_the_file_its_hash_and_the_site() -> None:
    lines = snippet(Site(id="hillside", name="Hill & Dale"), "https://chat.example")
    file = files()["widget.js"]

    assert f'src="https://chat.example{file.address}"\n  integrity="{file.integrity}" crossorigin="anonymous"' in lines
    assert 'data-site="hillside"></script>' in lines
    assert '<supple-chat site="hillside" mode="inline"></supple-chat>' in lines
    assert 'title="Chat of Hill &amp; Dale"' in lines
    assert (
        "script-src https://chat.example; connect-src https://chat.example; form-action https://chat.example\n" in lines
    )


def test_the_lines_carry_the_look_that_is_needed_before_the_settings_are_asked_for() -> None:
    theme = Theme(accent="#114488", on_accent="#fffffe")
    lines = snippet(Site(id="a", name="A", theme=theme, position="start", logo="https://a.example/l.svg"), "https://c")

    assert 'data-site="a" data-accent="#114488" data-on-accent="#fffffe" data-position="start"></script>' in lines
    assert '<supple-chat site="a" mode="inline" accent="#114488" on-accent="#fffffe"></supple-chat>' in lines
    assert "form-action https://c; img-src https://a.example\n" in lines


def embed(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["embed", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_prints_the_lines_of_a_site_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "hillside.yml").write_text("name: Hillside\norigins: [https://hillside.example]\n", "utf-8")
    code, out, err = embed("--site", "hillside", "--sites", str(tmp_path), "--base", "https://chat.example/")

    assert (code, err) == (0, "")
    assert out == snippet(Site(id="hillside", name="Hillside"), "https://chat.example")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--site", "dem"], 1, 'unknown site "dem" (did you mean "demo"?); --sites names the folder of site files'),
        (["--site", "demo", "--base", "https://c.example/supple"], 2, WITHOUT_PATH.format("https://c.example/supple")),
        (["--site", "demo", "--base", "chat"], 2, WITHOUT_PATH.format("chat")),
    ],
)
def test_wrong_use_of_the_command_is_told_in_one_line(arguments: list[str], code: int, said: str) -> None:
    assert embed(*arguments) == (code, "", f"supple: {said}\n")


def test_a_site_that_no_other_page_may_use_is_told_so() -> None:
    code, _, err = embed("--site", "demo")

    assert (code, err) == (0, 'supple: site "demo" lists no origins, so no page of another server may use it\n')
