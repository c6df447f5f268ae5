"""Which knowledge items the golden cases reach."""

from pathlib import Path

from bot.author.cases import read_cases, run
from bot.model.talk import Reply
from bot.service import Service, Turn

Report = dict[str, tuple[set[str], set[str]]]
"""By kind of item: those reached, and those not."""


def measure(service: Service, folder: Path) -> Report:
    """Run every case and gather what it reached."""
    known = service.knowledge
    items = {
        "symptoms": set(known.symptoms),
        "contexts": set(known.contexts),
        "practices": set(known.practices),
        "cautions": set(known.cautions),
        "disagreements": set(known.disagreements),
        "claims": {claim.id for claim in known.claims.values() if claim.kind != "explains"},
        "rules": {rule for claim in known.claims.values() for rule in claim.rules},
        "safety rules": set(known.safety),
    }
    reached: dict[str, set[str]] = {kind: set() for kind in items}
    for case in read_cases(folder):
        turns, reply = run(service, case)
        _gather(service, turns, reply, reached)
    return {kind: (reached[kind] & items[kind], items[kind] - reached[kind]) for kind in items}


def _gather(service: Service, turns: list[Turn], reply: Reply, reached: dict[str, set[str]]) -> None:
    known, last = service.knowledge, turns[-1]
    facts = last.state.facts(known)
    reached["symptoms"] |= facts.symptoms
    reached["contexts"] |= facts.contexts
    reached["safety rules"] |= set(last.state.conditions(known))
    if turns[0].reading:
        reached["safety rules"] |= {finding.id for finding in turns[0].reading.safety if finding.status == "present"}
    shows = [block.data for block in reply.blocks if block.type == "routine"]
    claims = set()
    for data in shows:
        for practice in (*data["practices"], *data["also_named"]):
            reached["practices"].add(practice["id"])
            reached["cautions"].update(practice["cautions"])
            reached["disagreements"].update(practice["disagreements"])
        reached["disagreements"].update(data["disagreements"])
        reached["cautions"].update(by for entry in data["blocked"] for by in entry["by"])
        claims |= {fired.claim.id for fired in last.evaluation.matches.fired}
    for claim in known.claims.values():
        # What a source advises against is reached where its condition holds and its caution stands in the reply.
        if (
            claim.kind == "against"
            and shows
            and claim.condition().holds(facts.ids())
            and claim.enforced_by in reached["cautions"]
        ):
            claims.add(claim.id)
    reached["claims"] |= claims
    reached["rules"] |= {rule for id_ in claims for rule in known.claims[id_].rules}
