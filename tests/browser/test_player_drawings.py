"""Drawings as the widget shows them: whole, plain, named; and words where a drawing cannot be had."""

from xml.etree import ElementTree

from bot.content.files import DRAWINGS
from playwright.sync_api import Page, expect

from tests.browser.rig import Visit
from tests.browser.talking import talk_on

# Shows one drawing in an element of the page, and gives what came of it.
SHOW = """async ([module, address]) => {
  const { drawing } = await import(module);
  const place = drawing(address, "in words");
  document.body.append(place);
  for (let turn = 0; turn < 100 && !place.firstElementChild; turn++) await new Promise(done => setTimeout(done, 20));
  return {role: place.role, name: place.ariaLabel, text: place.textContent.trim(),
    parts: [...place.querySelectorAll("*")].map(part => [part.localName, part.getAttributeNames().sort()])};
}"""


def settings(page: Page, supple: str) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = page.request.get(f"{supple}/api/v1/sites/demo").json()
    return told


def test_every_drawing_comes_in_whole(visit: Visit) -> None:
    page, supple = visit.to(policy="strict"), visit.world.supple
    site = settings(page, supple)
    module = supple + site["files"]["routine.js"]

    assert set(site["drawings"]) == {file.stem for file in DRAWINGS.glob("*.svg")}
    for name, address in site["drawings"].items():
        parts = [
            [part.tag.partition("}")[2], sorted(part.attrib)]
            for part in ElementTree.parse(DRAWINGS / f"{name}.svg").iter()
        ]
        shown = page.evaluate(SHOW, [module, supple + address])
        assert shown == {"role": "img", "name": "in words", "text": "", "parts": parts}, name


def test_what_is_not_a_plain_shape_is_left_out(visit: Visit) -> None:
    page, supple = visit.to(), visit.world.supple
    rude = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="rude()"><script>rude()</script>'
        '<g style="color:red"><a href="javascript:rude()"><path d="M0 0"/></a>'
        '<circle r="1" onclick="rude()"/></g></svg>'
    )
    visit.context.route(
        "**/rude.svg",
        lambda route: route.fulfill(
            body=rude, content_type="image/svg+xml", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )

    shown = page.evaluate(SHOW, [supple + settings(page, supple)["files"]["routine.js"], f"{supple}/rude.svg"])

    assert shown["parts"] == [["svg", ["viewBox"]], ["g", []], ["circle", ["r"]]]


def test_where_a_drawing_cannot_be_had_its_words_stand(visit: Visit) -> None:
    visit.context.route("**/drawings/*", lambda route: route.abort())
    talk = talk_on(visit, policy="strict").open().to_routine("tight hips from sitting all day")

    talk.button("Start").last.click()

    words = "Someone kneels on one knee on a pad"
    expect(talk.chat.locator(".stage").get_by_text(words)).to_be_visible()
    expect(talk.chat.locator(".stage").get_by_role("button", name="Hold")).to_be_visible()
