"""Checks that hold across files: ids exist, claims have a place, rules can fire, practices are reached."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.content import shapes
from bot.content.documents import (
    HELPLINES,
    OURS,
    SAFETY,
    SOURCES,
    VOCABULARIES,
    SourceFile,
    claim_files,
    danger_intents,
    fixed_files,
    nlu_file,
    nlu_files,
    screen_files,
    vocabulary_ids,
)
from bot.content.nlu import read_examples
from bot.content.problems import Problem, did_you_mean
from bot.content.strict_yaml import LinedDict, LinedList, line_of

Documents = dict[str, Any]

EXAMPLES_WANTED = 40
"""Fewer training examples for a symptom than this draw a warning."""


def check(documents: Documents, lang: str, today: date) -> list[Problem]:
    """Every problem of documents whose shape is right."""
    from bot.content import check_language, check_safety

    problems = check_references(documents, lang)
    for rule in (_claims, _reach, _against, _practices, _cautions, _unused):
        problems.extend(rule(documents))
    problems.extend(check_safety.check(documents[SAFETY], documents[HELPLINES], SAFETY, today))
    problems.extend(check_language.check(documents, lang))
    problems.extend(_examples(documents, lang))
    return problems


def check_stubs(documents: Documents) -> list[Problem]:
    """Every text that `supple new` left to be written. Works on documents with faults too."""
    problems: list[Problem] = []
    for name, raw in documents.items():
        stack: list[tuple[Any, int]] = [(raw, 1)]
        while stack:
            value, line = stack.pop()
            if isinstance(value, LinedDict):
                stack.extend((part, value.lines[key]) for key, part in value.items())
            elif isinstance(value, LinedList):
                stack.extend(zip(value, value.lines, strict=True))
            elif isinstance(value, str) and value.startswith("TODO"):
                problems.append(Problem(name, line, f"still to be written: {value}"))
            elif isinstance(value, str) and "\n- TODO" in f"\n{value}":
                offset = f"\n{value}".split("\n- TODO")[0].count("\n")
                problems.append(Problem(name, line + 1 + offset, "examples still to be written: TODO"))
    return problems


def check_references(documents: Documents, lang: str) -> list[Problem]:
    """Every id that no vocabulary knows. Works on documents with faults too."""
    ids = vocabulary_ids(documents)
    problems = []
    for file, raw in documents.items():
        kind = SourceFile if file.startswith(SOURCES) else fixed_files(lang).get(file)
        for mark, id_, path in shapes.references(kind, raw) if kind else ():
            known = set().union(*(ids[vocabulary] for vocabulary in mark.vocabularies))
            readable = all(VOCABULARIES[name][0] in documents for name in mark.vocabularies if name in VOCABULARIES)
            if id_ not in known and readable:  # of a file that cannot be read, nothing is known to be wrong
                words = " or ".join(mark.vocabularies)
                message = f'unknown {words} "{id_}"{did_you_mean(id_, known)}'
                problems.append(Problem(file, line_of(raw, path), message))
    return problems


def _all_claims(documents: Documents) -> Iterator[tuple[str, str, Any, Any]]:
    """File, name, claim and the mapping it stands in, for each claim."""
    for file in claim_files(documents).values():
        claims = documents[file]["claims"]
        for name, claim in claims.items():
            yield file, name, claim, claims


def _claims(documents: Documents) -> Iterator[Problem]:
    for file, name, claim, claims in _all_claims(documents):
        line = claims.lines[name]
        ours = file == OURS
        if ours != (claim["kind"] == "ours"):
            where = f"only in {OURS}" if not ours else "there, and only there"
            yield Problem(file, line_of(claim, ("kind",), line), f'claim "{name}": kind ours belongs {where}')
        if ours and not claim.get("why"):
            yield Problem(file, line, f'claim "{name}" of ours needs why')
        if not ours:
            missing = [key for key in ("section", "lines", "anchors") if not claim.get(key)]
            if missing:
                yield Problem(file, line, f'claim "{name}" has no place: {", ".join(missing)} missing')
            elif not 2 <= len(claim["anchors"]) <= 5:
                yield Problem(file, claim.lines["anchors"], f'claim "{name}" needs 2 to 5 anchors')
        if claim["kind"] == "explains":
            if not claim.get("about") or claim.get("practices") or claim.get("when"):
                yield Problem(file, line, f'claim "{name}" explains: it needs about, and neither practices nor when')
        elif not claim.get("practices") or not claim.get("when"):
            yield Problem(file, line, f'claim "{name}" needs practices and when')
        else:
            yield from _condition(file, f'claim "{name}"', claim["when"], line)
        if claim.get("lines"):
            yield from _lines(file, claim["lines"], claim.lines["lines"])


def _condition(file: str, what: str, when: Any, line: int) -> Iterator[Problem]:
    if when is None or isinstance(when, str):
        return
    if not isinstance(when, LinedDict):
        yield Problem(file, line, f"{what}: when must be a mapping (all_of, any_of, none_of), or everyone")
        return
    wanted, some, none = (set(when.get(key, ())) for key in ("all_of", "any_of", "none_of"))
    line = next(iter(when.lines.values()), line)
    if not wanted and not some:
        yield Problem(
            file, line, f"{what} can never fire: it names nothing that must be there; or write when: everyone"
        )
    if clash := wanted & none:
        yield Problem(file, line, f'{what} can never fire: "{min(clash)}" is in all_of and in none_of')
    if some and some <= none:
        yield Problem(file, line, f"{what} can never fire: everything in any_of is in none_of too")


def _lines(file: str, lines: list[int], line: int) -> Iterator[Problem]:
    if len(lines) != 2 or not 1 <= lines[0] <= lines[1]:
        yield Problem(file, line, "lines must be [first, last]")


def _reach(documents: Documents) -> Iterator[Problem]:
    """Practices that no claim suggests, and symptoms that lead nowhere."""
    suggested: set[str] = set()
    used: set[str] = set()
    for _, _, claim, _ in _all_claims(documents):
        used.update(claim.get("about", ()))
        if claim["kind"] not in ("against", "explains"):
            suggested.update(claim["practices"])
        if isinstance(claim.get("when"), dict):
            used.update(*(claim["when"].get(key, ()) for key in ("all_of", "any_of")))
    file, key, _ = VOCABULARIES["practice"]
    for practice, line in documents[file][key].lines.items():
        if practice not in suggested:
            yield Problem(file, line, f'practice "{practice}" is suggested by no claim')
    for scope in (
        scope for caution in documents[VOCABULARIES["caution"][0]]["cautions"].values() for scope in caution["applies"]
    ):
        for condition in [scope.get("when") or {}]:
            used.update(*(condition.get(key, ()) for key in ("all_of", "any_of")))
    used.update(practice.get("only_with") or "" for practice in documents[file][key].values())
    for vocabulary in ("symptom", "context"):
        file, key, _ = VOCABULARIES[vocabulary]
        for id_, line in documents[file][key].lines.items():
            if id_ not in used:
                yield Problem(file, line, f'{vocabulary} "{id_}" is used by no claim')


def _against(documents: Documents) -> Iterator[Problem]:
    """A practice that a source advises against must not be reachable without the caution that says so."""
    cautions = documents[VOCABULARIES["caution"][0]]["cautions"]
    for file, name, claim, claims in _all_claims(documents):
        if claim["kind"] != "against" or claim.get("enforced_by", "") is None:
            continue
        caution = cautions.get(claim.get("enforced_by"))
        if caution is None:
            yield Problem(
                file, claims.lines[name], f'claim "{name}" advises against, but names no caution in enforced_by'
            )
            continue
        for practice in claim.get("practices", ()):
            if not any(_covers(scope, practice, claim["when"]) for scope in caution["applies"]):
                message = (
                    f'"{practice}" can be reached without caution "{claim["enforced_by"]}" when claim "{name}" holds'
                )
                yield Problem(file, claims.lines[name], message)


def _covers(scope: Any, practice: str, when: Any) -> bool:
    """Whether the scope applies to the practice at least whenever `when` holds."""
    if practice not in scope["practices"]:
        return False
    if not scope.get("when"):
        return not scope.get("areas") and not scope.get("rules")
    if not isinstance(when, dict) or scope["when"].get("all_of") or scope["when"].get("none_of"):
        return False
    needed = set(when.get("any_of", ())) or set(when.get("all_of", ()))
    return needed <= set(scope["when"].get("any_of", ()))


def _practices(documents: Documents) -> Iterator[Problem]:
    file, key, _ = VOCABULARIES["practice"]
    entries = documents[file][key]
    for name, practice in entries.items():
        line = entries.lines[name]
        if (practice["form"] == "named") == bool(practice["steps"]):
            wanted = "has no steps" if practice["form"] == "named" else "needs steps"
            yield Problem(file, line, f'practice "{name}" of form {practice["form"]} {wanted}')
        if practice["dose"] is not None:
            yield from _dose(file, name, practice, line)
        articles = {passage["source"] for passage in practice["described"]}
        for passage in practice["described"]:
            yield from _lines(file, passage["lines"], passage.lines["lines"])
        for other in practice.get("gentler", ()):
            theirs = {passage["source"] for passage in entries[other]["described"]} if other in entries else articles
            if other == name or articles.isdisjoint(theirs):
                message = f'practice "{name}": gentler "{other}" is of no article that describes it'
                yield Problem(file, practice.lines["gentler"], message)


def _dose(file: str, name: str, practice: Any, line: int) -> Iterator[Problem]:
    passage = practice.get("dose_passage")
    if not passage:
        yield Problem(file, practice.lines["dose"], f'practice "{name}" has a dose, but no dose_passage that states it')
        return
    anchors = " ".join(passage["anchors"])
    for key, value in practice["dose"].items():
        for number in value if isinstance(value, LinedList) else [value]:
            if isinstance(number, int | float) and f"{number:g}" not in anchors:
                message = f'practice "{name}": {key} {number:g} stands in no anchor of its dose_passage'
                yield Problem(file, line_of(practice["dose"], (key,), line), message)


def _cautions(documents: Documents) -> Iterator[Problem]:
    file, key, _ = VOCABULARIES["caution"]
    entries = documents[file][key]
    for name, caution in entries.items():
        line = entries.lines[name]
        if bool(caution.get("passage")) == bool(caution.get("ours")):
            yield Problem(file, line, f'caution "{name}" needs a passage, or ours with the reason')
        for scope in caution["applies"]:
            yield from _condition(file, f'caution "{name}"', scope.get("when"), line)


def _unused(documents: Documents) -> Iterator[Problem]:
    """Disagreements that nothing shows, and source files whose claims are all empty."""
    file, key, _ = VOCABULARIES["disagreement"]
    entries = documents[file][key]
    for name, entry in entries.items():
        if not (entry["whole_routine"] or entry["practices"] or entry["symptoms"]):
            yield Problem(file, entries.lines[name], f'disagreement "{name}" is shown with nothing')
        if not entry["single_source"] and len(entry["sides"]) < 2:
            yield Problem(file, entries.lines[name], f'disagreement "{name}" needs two sides, or single_source: true')
    for file in claim_files(documents).values():
        if not documents[file]["claims"]:
            yield Problem(file, 1, "a source without claims")


def _examples(documents: Documents, lang: str) -> Iterator[Problem]:
    ids = vocabulary_ids(documents)
    examples, problems = read_examples({name: documents[name] for name in nlu_files(documents, lang)}, ids)
    yield from problems
    yield from _dangers(documents, lang)
    counts = dict.fromkeys(sorted(ids["symptom"]), 0)
    for example in examples:
        for entity in {entity.id for entity in example.entities if entity.kind == "symptom"}:
            counts[entity] += 1
    for symptom, count in counts.items():
        if count < EXAMPLES_WANTED:
            message = f'symptom "{symptom}" has {count} training examples; {EXAMPLES_WANTED} are wanted'
            yield Problem(nlu_file(lang), 1, message, warning=True)


def _dangers(documents: Documents, lang: str) -> list[Problem]:
    """What is wrong with the text from which the screen learns."""
    files = {name: documents[name] for name in screen_files(documents, lang)}
    return read_examples(files, vocabulary_ids(documents), danger_intents(documents))[1]
