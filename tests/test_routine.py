"""The player and the check-in as they are written: their words, and what they may not say."""

import re

from bot.knowledge import Knowledge
from bot.model.widget import WIDGET

from tests.conftest import ROOT

SCRIPT = (ROOT / "bot/web/static/routine.js").read_text("utf-8")
BUILT = {"done", "partly", "not_today", "before", "after", "col_before", "col_after"}
"""Words whose key is put together."""


def test_every_word_is_used_and_every_word_that_is_used_is_there() -> None:
    assert set(re.findall(r"\bwords\.(\w+)", SCRIPT)) | BUILT == set(WIDGET["routine"])


def test_no_word_scolds_counts_days_or_promises(knowledge: Knowledge) -> None:
    said = " ".join(knowledge.widget.routine.values()).lower()

    assert re.findall(r"streak|missed|failed|goal|in a row|well done|great|must|should|\bsafe\b|cure|heal", said) == []


def test_it_asks_for_nothing_but_drawings_and_keeps_only_notes() -> None:
    asks = re.findall(r"fetch\(|sendBeacon|WebSocket|EventSource|new XMLHttpRequest|import\(", SCRIPT)
    keeps = set(re.findall(r"sessionStorage|localStorage|indexedDB|caches\b", SCRIPT))

    assert (asks, keeps) == (["new XMLHttpRequest"], {"localStorage"})
