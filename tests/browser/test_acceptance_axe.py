"""What axe finds under all six groups of its rules: nothing, in every state, reached as a person reaches it."""

import pytest

from tests.browser.rig import Visits, axe
from tests.browser.talking import MORE, STATES


@pytest.mark.parametrize("state", [*STATES, *MORE])
def test_axe_finds_nothing(state: str, visits: Visits) -> None:
    talk = {**STATES, **MORE}[state](visits)

    assert axe(talk.page) == []
