"""JSON Schemas of the content files, committed so that editors complete and check ids."""

import json
from collections.abc import Iterator
from typing import Any

from bot.content.documents import VOCABULARIES, OursFile, SafetyFile, SourceFile
from bot.content.files import SCHEMA_FOLDER
from bot.content.shapes import json_schema
from bot.model.cues import AssertionBook
from bot.model.language import IntentBook, PhraseBook, ReplyBook
from bot.model.screen import HelplinesFile
from bot.model.site import Site
from bot.model.slots import SlotBook
from bot.model.widget import WidgetBook

_KINDS: dict[str, Any] = {
    **{key: kind for _, key, kind in VOCABULARIES.values()},
    "source": SourceFile,
    "ours": OursFile,
    "safety": SafetyFile,
    "helplines": HelplinesFile,
    "phrases": PhraseBook,
    "intents": IntentBook,
    "assertion": AssertionBook,
    "replies": ReplyBook,
    "slots": SlotBook,
    "widget": WidgetBook,
    "site": Site,
}


def schemas(ids: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Path below the content folder, and text, of every schema."""
    for name, kind in _KINDS.items():
        text = json.dumps(json_schema(kind, ids), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        yield f"rules/{SCHEMA_FOLDER}/{name}.schema.json", text
