"""What a clinic pastes: the recipes and what `supple embed` prints, on a page that holds nothing else."""

import re

import pytest
from bot.cli.commands import cli
from click.testing import CliRunner
from playwright.sync_api import expect

from tests.browser.rig import HostPages, Visit, World
from tests.browser.talking import SORE, Talk
from tests.conftest import ROOT

RECIPES = (ROOT / "bot" / "deploy" / "clinic" / "README.md").read_text("utf-8")
PAGE = "<!doctype html><html lang=en><title>Hillside Clinic</title><body><main><h1>Hillside Clinic</h1></main>"


def recipes(language: str) -> list[str]:
    """The blocks of the recipes in a language, without their indent."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", RECIPES, re.DOTALL | re.MULTILINE)
    return ["\n".join(line.removeprefix(indent) for line in block.splitlines()) for indent, block in found]


def pasted(visit: Visit, lines: str, policy: str = "", style: str = "") -> Talk:
    """A page of the clinic with these lines in its body, and nothing else."""
    lines = lines.replace("https://chat.hillside.example", visit.world.supple).replace("hillside", "clinic")
    path = f"/pasted-{len(HostPages.pages)}"
    HostPages.pages[path] = (f"{PAGE}<style>{style}</style>{lines}", policy)
    visit.page.goto(f"{visit.world.host}{path}")
    return Talk(visit, visit.page)


def printed(world: World, site: str = "clinic") -> str:
    """What `supple embed` prints for a site."""
    sites = str(world.log.parent / "sites")
    done = CliRunner().invoke(cli, ["embed", "--site", site, "--sites", sites, "--base", world.supple])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("lines", recipes("html")[:2], ids=["launcher", "inline"])
def test_the_lines_of_the_recipes_make_a_chat(visit: Visit, lines: str) -> None:
    pasted(visit, lines).open().say(SORE)

    assert visit.errors == []


def test_the_frame_of_the_recipes_makes_a_chat(visit: Visit) -> None:
    talk = pasted(visit, recipes("html")[2])
    frame = talk.page.frame_locator("iframe[title=Chat]")

    frame.locator("supple-chat button.launcher").click()

    expect(frame.locator("supple-chat li.bot")).to_have_count(1)
    assert visit.errors == []


def test_what_embed_prints_runs_under_the_policy_that_it_prints_and_nothing_more(visit: Visit) -> None:
    text = printed(visit.world)
    (launcher, *_) = re.findall(r"<script.*?</script>", text, re.DOTALL)
    (policy,) = re.findall(r"^  (script-src .*)$", text, re.MULTILINE)

    talk = pasted(visit, launcher, f"default-src 'none'; style-src 'unsafe-inline'; {policy}").open().to_routine()
    talk.button("Start").last.click()
    expect(talk.chat.locator(".play-drawing svg").first).to_be_visible()
    talk.button("Back to the talk").click()
    with visit.context.expect_page() as sheet:
        talk.button("Print or save").last.click()

    expect(sheet.value.get_by_role("heading", level=1)).to_have_text("Your routine")
    assert visit.errors == []


def test_a_file_that_was_changed_on_its_way_is_not_run(visit: Visit) -> None:
    (launcher, *_) = re.findall(r"<script.*?</script>", printed(visit.world), re.DOTALL)
    headers = {"Access-Control-Allow-Origin": "*"}
    visit.page.route(
        "**/widget.*.js", lambda route: route.fulfill(body="hurt = 1", content_type="text/javascript", headers=headers)
    )

    talk = pasted(visit, launcher)

    talk.page.wait_for_timeout(200)
    assert talk.page.evaluate("window.hurt") is None
    assert talk.chat.count() == 0


def test_the_style_of_the_recipes_reaches_the_parts_that_it_names(visit: Visit) -> None:
    (style,) = recipes("css")
    talk = pasted(visit, recipes("html")[0], style=style).open()

    look = talk.panel.evaluate(
        "p => { const s = getComputedStyle(p); return [s.fontFamily, s.borderRadius, s.zIndex] }"
    )
    talk.button("Close").click()

    assert look == ["Georgia, serif", "4px", "900"]
    assert talk.launcher.evaluate("b => getComputedStyle(b).boxShadow") == "none"


def test_the_script_of_the_recipes_opens_the_chat_and_hears_a_hand_over(visit: Visit) -> None:
    script = next(block for block in recipes("js") if "supple:handover" in block)
    told: list[str] = []
    visit.page.on("console", lambda said: told.append(said.text) if said.type == "log" else None)
    talk = pasted(visit, recipes("html")[0] + f"<script type=module>{script}</script>")
    expect(talk.answers).to_have_count(1)

    talk.say("I can't feel when I wipe")

    assert len(told) == 1
    assert "emergency" in told[0]
    assert "wipe" not in told[0]


def test_every_variable_and_part_that_is_named_is_there() -> None:
    code = (ROOT / "bot" / "web" / "static" / "widget.js").read_text("utf-8")
    named = RECIPES.partition("Variables: ")[2].partition("\n\n")[0]
    variables, _, parts = named.partition("Parts: ")

    gone = [name for name in re.findall(r"`(--[\w-]+)`", variables) if name not in code]
    gone += [name for name in re.findall(r"`([\w-]+)`", parts) if not re.search(rf'part"?: "[^"]*\b{name}\b', code)]

    assert gone == []
