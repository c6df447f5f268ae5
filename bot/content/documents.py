"""Which file is read into which class."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.model.claims import Caution, Claim, Disagreement
from bot.model.cues import AssertionBook
from bot.model.language import IntentBook, PhraseBook, ReplyBook
from bot.model.record import Record, record
from bot.model.screen import HelplinesFile, SafetyRule
from bot.model.slots import SlotBook
from bot.model.widget import WidgetBook
from bot.model.words import Context, Practice, Source, Symptom, Topic


@record
class SymptomsFile(Record):
    symptoms: Mapping[str, Symptom]


@record
class ContextsFile(Record):
    contexts: Mapping[str, Context]


@record
class TopicsFile(Record):
    topics: Mapping[str, Topic]


@record
class PracticesFile(Record):
    practices: Mapping[str, Practice]


@record
class CautionsFile(Record):
    cautions: Mapping[str, Caution]


@record
class DisagreementsFile(Record):
    disagreements: Mapping[str, Disagreement]


@record
class SourceFile(Record):
    source: Source
    claims: Mapping[str, Claim]


@record
class OursFile(Record):
    claims: Mapping[str, Claim]


@record
class SafetyFile(Record):
    lists: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, SafetyRule]


SOURCES = "rules/sources/"
OURS = "rules/ours.yml"
SAFETY = "rules/safety.yml"
NO_DANGER = "none"
HELPLINES = "data/helplines.yml"

VOCABULARIES: dict[str, tuple[str, str, Any]] = {
    "symptom": ("rules/symptoms.yml", "symptoms", SymptomsFile),
    "context": ("rules/contexts.yml", "contexts", ContextsFile),
    "topic": ("rules/topics.yml", "topics", TopicsFile),
    "practice": ("rules/practices.yml", "practices", PracticesFile),
    "caution": ("rules/cautions.yml", "cautions", CautionsFile),
    "disagreement": ("rules/disagreements.yml", "disagreements", DisagreementsFile),
}
"""By vocabulary: its file, the key its entries stand under, and the class of the file."""


def phrases_file(lang: str) -> str:
    return f"data/{lang}/phrases.yml"


def intents_file(lang: str) -> str:
    return f"data/{lang}/intents.yml"


def assertion_file(lang: str) -> str:
    return f"data/{lang}/assertion.yml"


def replies_file(lang: str) -> str:
    return f"data/{lang}/replies.yml"


def slots_file(lang: str) -> str:
    return f"data/{lang}/slots.yml"


def widget_file(lang: str) -> str:
    return f"data/{lang}/widget.yml"


def nlu_file(lang: str) -> str:
    """The first file of training text; `supple new` writes there."""
    return f"data/{lang}/rasa/nlu.yml"


def nlu_files(names: Iterable[str], lang: str) -> list[str]:
    """All files of training text among these."""
    return sorted(name for name in names if name.startswith(f"data/{lang}/rasa/nlu"))


def screen_files(names: Iterable[str], lang: str) -> list[str]:
    """All files of text from which the screen learns."""
    return sorted(name for name in names if name.startswith(f"data/{lang}/screen/"))


def fixed_files(lang: str) -> dict[str, Any]:
    """Files that must be there, with the class of each."""
    return {file: kind for file, _, kind in VOCABULARIES.values()} | {
        OURS: OursFile,
        SAFETY: SafetyFile,
        HELPLINES: HelplinesFile,
        phrases_file(lang): PhraseBook,
        intents_file(lang): IntentBook,
        assertion_file(lang): AssertionBook,
        replies_file(lang): ReplyBook,
        slots_file(lang): SlotBook,
        widget_file(lang): WidgetBook,
    }


def danger_intents(documents: Mapping[str, Any]) -> list[str]:
    """What a text of the screen may be labelled with: safety rules, or none of them."""
    return [NO_DANGER, *documents[SAFETY]["rules"]]


def vocabulary_ids(documents: Mapping[str, Any]) -> dict[str, set[str]]:
    """Known ids by vocabulary."""
    ids = {}
    for name, (file, key, _) in VOCABULARIES.items():
        section = documents.get(file)
        entries = section.get(key) if isinstance(section, dict) else None
        ids[name] = set(entries) if isinstance(entries, dict) else set()
    areas = documents.get(phrases_file("en"), {})
    ids["area"] = set(areas.get("areas") or ()) if isinstance(areas, dict) else set()
    rules = documents.get(SAFETY, {})
    ids["safety"] = set(rules.get("rules") or ()) if isinstance(rules, dict) else set()
    ids["source"] = {PurePosixPath(name).stem for name in documents if name.startswith(SOURCES)}
    return ids


def claim_files(documents: Mapping[str, Any]) -> dict[str, Any]:
    """Files that hold claims, by the id of who makes them; ours last."""
    files = {PurePosixPath(name).stem: name for name in documents if name.startswith(SOURCES)}
    return files | ({"ours": OURS} if OURS in documents else {})
