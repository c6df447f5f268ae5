"""The rig itself: what the tests rely on must really be so, or they would pass for nothing."""

from tests.browser.rig import Visit, axe


def test_the_strict_policy_is_in_force_and_its_violations_are_heard(visit: Visit) -> None:
    page = visit.to(policy="strict")

    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("() => { try { document.body.innerHTML = '<b>x</b>' } catch {} }")
    page.wait_for_timeout(50)

    assert [told.split(" ")[0] for told in visit.violations] == ["style-src-attr", "require-trusted-types-for"]
    visit.violations.clear()


def test_axe_finds_what_is_wrong_on_a_page(visit: Visit) -> None:
    page = visit.to()

    page.evaluate("document.querySelector('main').append(document.createElement('button'))")

    assert [line.partition(":")[0] for line in axe(page)] == ["button-name"]
