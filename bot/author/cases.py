"""Golden cases: what one message must lead to, written so that a clinician can check it.

A case is a mapping in a list in a YAML file:

    message: My lower back hurts after sitting all day, but no numbness down below.
    gate: none                          # the answer to gate and fit; left out, it is none; [] stops at the gate
    minutes: 10                         # optional
    equipment: [foam_roller]            # optional
    intent: report                      # optional; report where left out
    symptoms: {low_back_pain: present}  # exactly these, with their status
    contexts: [prolonged_sitting]       # exactly those that hold
    uncovered: [knee]                   # exactly those areas that are there; left out, none
    safety: {rf_cauda_equina: denied}   # exactly these; left out, none
    level: none                         # of the reply
    routine: [belly_breathing, sit_less]    # exactly these, in this order; left out where the turn shows none
    sources: {seven_secrets: [sit_less]}    # exactly which article suggests which practice of the routine
    also_named: [piyo]                  # exactly these; left out, none
    blocked: {runners_lunge: [c01_stretch_when_lengthened]}   # exactly these; left out, none
    must_not: [piyo]                    # neither in the routine nor under also_named
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import strict_yaml
from bot.content.problems import ContentError
from bot.model.talk import Reading, Reply
from bot.service import Service, Turn
from bot.service.once import answer


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case."""

    file: str
    line: int
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """Where it stands, and how the message begins."""
        return f"{self.file}:{self.line} {self.data['message'][:60]}"


def read_cases(folder: Path) -> Iterator[Case]:
    """All cases below a folder, by file."""
    for path in sorted(folder.rglob("*.yml")):
        raw, problems = strict_yaml.read(path, path.name)
        if problems:
            raise ContentError(problems)
        for data, line in zip(raw, raw.lines, strict=True):
            yield Case(path.name, line, data)


def run(service: Service, case: Case) -> tuple[list[Turn], Reply]:
    """Answer the case's message."""
    gate = case.data.get("gate", "none")
    return answer(
        service,
        case.data["message"],
        gate=None if gate == [] else [gate] if isinstance(gate, str) else gate,
        minutes=case.data.get("minutes"),
        equipment=case.data.get("equipment", ()),
    )


def outcome(turns: list[Turn], reply: Reply) -> dict[str, Any]:
    """What came of a message, in the words of a case."""
    reading = turns[0].reading or Reading(text="", intent="unclear")
    found: dict[str, Any] = {
        "intent": reading.intent,
        "symptoms": {finding.id: finding.status for finding in reading.symptoms},
        "contexts": sorted(reading.context()),
        "uncovered": sorted(finding.area for finding in reading.unanswered() if finding.status == "present"),
        "safety": {finding.id: finding.status for finding in reading.safety},
        "level": reply.level,
        "routine": [],
        "sources": {},
        "also_named": [],
        "blocked": {},
    }
    for block in reply.blocks:
        if block.type == "routine":
            found["routine"] = [practice["id"] for practice in block.data["practices"]]
            found["sources"] = _by_source(block.data["practices"])
            found["also_named"] = [practice["id"] for practice in block.data["also_named"]]
            found["blocked"] = {entry["id"]: entry["by"] for entry in block.data["blocked"]}
    return found


def expected(case: Case) -> dict[str, Any]:
    """What the case says must come of it."""
    data = case.data
    return {
        "intent": data.get("intent", "report"),
        "symptoms": dict(data.get("symptoms", {})),
        "contexts": sorted(data.get("contexts", [])),
        "uncovered": sorted(data.get("uncovered", [])),
        "safety": dict(data.get("safety", {})),
        "level": data.get("level", "none"),
        "routine": list(data.get("routine", [])),
        "sources": {source: list(ids) for source, ids in data.get("sources", {}).items()},
        "also_named": list(data.get("also_named", [])),
        "blocked": {id_: list(by) for id_, by in data.get("blocked", {}).items()},
    }


def _by_source(practices: list[dict[str, Any]]) -> dict[str, list[str]]:
    by_source: dict[str, list[str]] = {}
    for practice in practices:
        for source in sorted({claim["source"] for claim in practice["claims"]}):
            by_source.setdefault(source, []).append(practice["id"])
    return dict(sorted(by_source.items()))
