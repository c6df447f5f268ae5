"""The compiled knowledge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.content.documents import (
    HELPLINES,
    SAFETY,
    VOCABULARIES,
    assertion_file,
    claim_files,
    intents_file,
    phrases_file,
    replies_file,
    slots_file,
    widget_file,
)
from bot.content.load import load
from bot.knowledge.claim_index import ClaimIndex
from bot.knowledge.indexes import explaining_of, index_of, scopes_of
from bot.model.claims import Caution, CautionScope, Claim, Disagreement
from bot.model.cues import AssertionBook
from bot.model.language import IntentBook, PhraseBook, ReplyBook
from bot.model.record import build
from bot.model.screen import HelplinesFile, SafetyRule
from bot.model.slots import SlotBook
from bot.model.widget import WidgetBook
from bot.model.words import Context, Practice, Source, Symptom, Topic


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that is known, immutable."""

    key: str
    """Digest of the content."""
    symptoms: Mapping[str, Symptom]
    contexts: Mapping[str, Context]
    topics: Mapping[str, Topic]
    practices: Mapping[str, Practice]
    cautions: Mapping[str, Caution]
    disagreements: Mapping[str, Disagreement]
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    """All claims by `<source>/<name>`."""
    safety: Mapping[str, SafetyRule]
    """In the order in which the gate asks them."""
    safety_lists: Mapping[str, tuple[str, ...]]
    """Word lists of the safety patterns."""
    helplines: HelplinesFile
    phrases: PhraseBook
    intents: IntentBook
    assertion: AssertionBook
    replies: ReplyBook
    slots: SlotBook
    widget: WidgetBook
    index: ClaimIndex
    """Claims by the facts that fire them."""
    scopes: Mapping[str, tuple[tuple[str, CautionScope], ...]]
    """By practice: the cautions that may apply, and where."""
    explaining: Mapping[str, tuple[str, ...]]
    """By topic, symptom, context or practice: the claims that explain it."""

    def label(self, fact: str) -> str:
        """Noun phrase for a symptom or context."""
        entry = self.symptoms.get(fact) or self.contexts[fact]
        return entry.label

    def unreviewed(self) -> tuple[str, ...]:
        """Safety rules that no clinician has signed off."""
        return tuple(rule.id for rule in self.safety.values() if rule.reviewed_by is None)

    def floor_practices(self) -> tuple[str, ...]:
        """Practices that may be shown when nothing else may."""
        return tuple(practice.id for practice in self.practices.values() if practice.safe_floor)


def load_knowledge(roots: Sequence[Path] = (), *, lang: str = "en", cache: Path | None = None) -> Knowledge:
    """Load and compile; raises ContentError when the content has faults."""
    documents, key = load(roots, lang=lang, cache=cache)
    return compile_documents(documents, key, lang=lang)


def compile_documents(documents: Mapping[str, Any], key: str, *, lang: str = "en") -> Knowledge:
    """Compile checked documents."""
    entries = {name: build(kind, documents[file]) for name, (file, _, kind) in VOCABULARIES.items()}
    claims: dict[str, Claim] = {}
    sources: dict[str, Source] = {}
    for owner, file in sorted(claim_files(documents).items(), key=lambda item: (item[0] == "ours", item[1])):
        if owner != "ours":
            sources[owner] = build(Source, {**documents[file]["source"], "id": owner})
        for name, raw in documents[file]["claims"].items():
            claim = build(Claim, raw)
            claims[f"{owner}/{name}"] = replace(claim, id=f"{owner}/{name}", source=owner)
    safety = documents[SAFETY]
    cautions = entries["caution"].cautions
    symptoms = entries["symptom"].symptoms
    return Knowledge(
        key=key,
        symptoms=symptoms,
        contexts=entries["context"].contexts,
        topics=entries["topic"].topics,
        practices=entries["practice"].practices,
        cautions=cautions,
        disagreements=entries["disagreement"].disagreements,
        sources=sources,
        claims=claims,
        safety=build(Mapping[str, SafetyRule], safety["rules"]),
        safety_lists=build(Mapping[str, tuple[str, ...]], safety["lists"]),
        helplines=build(HelplinesFile, documents[HELPLINES]),
        phrases=build(PhraseBook, documents[phrases_file(lang)]),
        intents=build(IntentBook, documents[intents_file(lang)]),
        assertion=build(AssertionBook, documents[assertion_file(lang)]),
        replies=build(ReplyBook, documents[replies_file(lang)]),
        slots=build(SlotBook, documents[slots_file(lang)]),
        widget=build(WidgetBook, documents[widget_file(lang)]),
        index=index_of(claims, symptoms),
        scopes=scopes_of(cautions),
        explaining=explaining_of(claims),
    )
