"""Answers to questions beside the routine: why, which articles, how, how long, what is, does it help."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from bot.engine.evaluation import Evaluation, Suggestion
from bot.engine.routine import Routine, disagreements_for
from bot.knowledge import Knowledge
from bot.model.claims import Claim
from bot.model.talk import Block, Reading
from bot.model.words import Practice
from bot.replies.cards import blocked_entries
from bot.replies.trace import dissent, left_out, why_line
from bot.replies.wording import Wording, capital, listed, shown_as

REASONS = 2
"""Claims told for one practice; the block's data holds them all."""
EXPLANATIONS = 3
"""Articles heard on one question."""


def why(
    knowledge: Knowledge,
    wording: Wording,
    evaluation: Evaluation,
    routine: Routine,
    named: Collection[str] = (),
) -> Block:
    """The trace: which words, which claim, which place; what was left out; where the articles differ.

    Of practices on the screen that are `named` the text tells all, and nothing of the others.
    """
    if of_these := [suggestion for suggestion in routine.practices if suggestion.practice in named]:
        routine = replace(routine, practices=tuple(of_these), also_named=(), blocked=(), disagreements=())
    reasons = None if of_these else REASONS
    lines = [
        f"- {why_line(knowledge, wording, suggestion, fired)}"
        for suggestion in routine.practices
        for fired in suggestion.claims[:reasons]
    ]
    lines += [f"- {line}" for line in left_out(knowledge, wording, routine)]
    facts = {fact for suggestion in routine.practices for fired in suggestion.claims for fact in fired.because}
    lines += [note for fact in sorted(facts) if (note := getattr(knowledge.symptoms.get(fact), "our_word", None))]
    if titles := [_title(knowledge, suggestion) for suggestion in routine.also_named]:
        lines.append("- " + wording.text("named_list", titles=listed(titles)))
    differ = _disagreements(knowledge, routine)
    of_one = [knowledge.disagreements[id_] for id_ in differ if not knowledge.disagreements[id_].whole_routine]
    lines += [f"- {dissent(wording, entry)}" for entry in of_one]
    if len(of_one) < len(differ):
        lines.append("- " + wording.text("dissent_more"))
    return Block("why", "\n".join(lines) or wording.text("why_none"), _trace(evaluation, routine, differ))


def _trace(evaluation: Evaluation, routine: Routine, differ: list[str]) -> dict[str, Any]:
    """The same as data: every claim of every practice."""
    return {
        "practices": [
            {
                "id": suggestion.practice,
                "claims": [
                    {
                        "id": fired.claim.id,
                        "source": fired.claim.source,
                        "kind": fired.claim.kind,
                        "place": fired.claim.place(),
                        "because": list(fired.because),
                        "says": fired.claim.says,
                    }
                    for fired in suggestion.claims
                ],
            }
            for suggestion in (*routine.practices, *routine.also_named)
        ],
        "blocked": blocked_entries(routine),
        "nearly": [{"claim": near.claim.id, "missing": list(near.missing)} for near in evaluation.matches.nearly],
        "disagreements": differ,
    }


def differ(knowledge: Knowledge, wording: Wording, routine: Routine) -> Block:
    """Questions on which the articles differ: with both sides those that what is shown touches, else a list of all."""
    ids = _disagreements(knowledge, routine)
    lines = [f"- {dissent(wording, knowledge.disagreements[id_])}" for id_ in ids]
    if not lines:
        ids = [entry.id for entry in knowledge.disagreements.values() if not entry.single_source]
        lines = [wording.text("dissent_list"), *(f"- {knowledge.disagreements[id_].question}" for id_ in ids)]
    return Block("why", "\n".join(lines), {"disagreements": ids})


def sources(knowledge: Knowledge, wording: Wording, routine: Routine) -> Block:
    """The articles: who speaks, what they sell, and which of their places were used."""
    used: dict[str, list[str]] = {id_: [] for id_ in knowledge.sources}
    for suggestion in (*routine.practices, *routine.also_named):
        for fired in suggestion.claims:
            if fired.claim.source in used and (where := fired.claim.place()):
                used[fired.claim.source].append(where)
    lines = [wording.text("sources_intro")]
    for id_, source in sorted(knowledge.sources.items(), key=lambda item: item[1].code):
        key = "source_line" if used[id_] else "source_line_unused"
        lines.append(
            "- "
            + wording.text(
                key,
                title=source.title,
                author=source.author,
                interest=capital(source.interest),
                places=listed(used[id_]),
            )
        )
    data = {
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "author": source.author,
                "date": source.date,
                "interest": source.interest,
                "evidence": source.evidence,
                "places": list(dict.fromkeys(used[source.id])),
            }
            for source in knowledge.sources.values()
        ]
    }
    return Block("sources", "\n".join(lines), data)


def how(
    knowledge: Knowledge, wording: Wording, practices: Iterable[str], *, floor: bool = False, steps: bool = True
) -> Block:
    """Set-up, and steps where wanted, of the practices asked about, or shown; `floor` where only that may be."""
    asked = [knowledge.practices[id_] for id_ in practices]
    if steps:
        lines = [_how_line(wording, practice, floor) for practice in asked]
    else:
        lines = [
            wording.text("where", title=practice.title, setup=practice.setup) for practice in asked if practice.setup
        ]
    return Block("text", "\n".join(lines) or (wording.text("how_none") if steps else ""))


def dose(knowledge: Knowledge, wording: Wording, practices: Collection[str]) -> Block:
    """How much of the practices asked about, or shown."""
    lines = []
    for practice in (knowledge.practices[id_] for id_ in practices):
        if practice.phase == "refer":
            continue
        if practice.dose or practice.dose_note:
            lines.append(wording.text("dose_stated", title=practice.title, dose=wording.amount(practice)))
        else:
            lines.append(wording.text("dose_unstated", title=practice.title))
    none = wording.text("no_dose" if practices else "how_none")
    return Block("text", "\n".join(lines) or none)


def explain(knowledge: Knowledge, wording: Wording, reading: Reading, *, effect: bool) -> Block:
    """What the articles say about the subjects of a question, each with its article, softened."""
    subjects = [
        *reading.topics,
        *reading.practices,
        *(finding.id for finding in reading.symptoms),
        *(finding.id for finding in reading.contexts),
    ]
    claims = _explanations(knowledge, subjects)
    lines = [_explained(knowledge, wording, claim) for claim in claims]
    if effect:
        lines += [effect_ for id_ in reading.practices if (effect_ := knowledge.practices[id_].effect)]
        lines.append(wording.text("effect_none"))
    if not lines:
        lines = [wording.text("explains_none")]
    sides = [
        f"- {dissent(wording, entry)}"
        for entry in knowledge.disagreements.values()
        if {*reading.practices, *subjects} & {*entry.practices, *entry.symptoms, *entry.topics}
    ]
    return Block("text", "\n".join([*lines, *sides[:1]]))


def may(knowledge: Knowledge, wording: Wording, reading: Reading) -> Block:
    """What the articles say on what somebody would do beside the routine, and that it cannot be judged from here."""
    claims = _explanations(knowledge, (*reading.topics, *reading.practices, *(one.id for one in reading.contexts)))
    lines = [_explained(knowledge, wording, claim) for claim in claims] or [wording.text("may_unsaid")]
    return Block("text", "\n".join([*lines, wording.text("may")]))


def hurting(knowledge: Knowledge, wording: Wording, routine: Routine) -> Block:
    """Whether it may hurt: when to stop, by each practice on the screen."""
    practices = [knowledge.practices[suggestion.practice] for suggestion in routine.practices]
    stops = [wording.text("hurting_stop", title=practice.title, stop=practice.stop_if) for practice in practices]
    return Block("text", "\n".join([wording.text("hurting"), *(f"- {stop}" for stop in stops)]))


def _explanations(knowledge: Knowledge, subjects: Iterable[str]) -> list[Claim]:
    """Claims about most of the subjects first, one an article before a second of any."""
    wanted = list(dict.fromkeys(subjects))
    found = dict.fromkeys(id_ for subject in wanted for id_ in knowledge.explaining.get(subject, ()))
    claims = sorted(
        (knowledge.claims[id_] for id_ in found),
        key=lambda claim: (-len(set(claim.about) & set(wanted)), len(claim.about), claim.id),
    )
    first: list[Claim] = []
    later: list[Claim] = []
    heard: set[str] = set()
    for claim in claims:
        (later if claim.source in heard else first).append(claim)
        heard.add(claim.source)
    return (first + later)[:EXPLANATIONS]


def _explained(knowledge: Knowledge, wording: Wording, claim: Claim) -> str:
    source = knowledge.sources[claim.source].title
    line = wording.text("explains", source=source, place=claim.place(), says=claim.says)
    return f"{line} {claim.caveat}" if claim.caveat else line


def _title(knowledge: Knowledge, suggestion: Suggestion) -> str:
    practice = knowledge.practices[suggestion.practice]
    return f"{practice.title} (sold)" if practice.commercial else practice.title


def _disagreements(knowledge: Knowledge, routine: Routine) -> list[str]:
    of_practices = [
        id_ for suggestion in routine.practices for id_ in disagreements_for(knowledge, suggestion.practice)
    ]
    return list(dict.fromkeys([*of_practices, *routine.disagreements]))


def _how_line(wording: Wording, practice: Practice, floor: bool) -> str:
    title, steps = shown_as(practice, floor=floor)
    if not steps:
        return wording.text("how_named", title=title)
    numbered = " ".join(f"{number}) {step}" for number, step in enumerate(steps, start=1))
    return wording.text("how", title=title, setup=practice.setup or "", steps=numbered)
