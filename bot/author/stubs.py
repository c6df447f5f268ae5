"""`supple new`: stubs of a definition, its words, and its case. What is still TODO is an error until it is written."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.content.documents import SAFETY, SOURCES, VOCABULARIES, nlu_file, phrases_file
from bot.content.files import find_root

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_SAFETY_ID = re.compile(r"(?:rf|cr|sc)_[a-z0-9_]+")

_SYMPTOM = """\
  {id}:
    label: "TODO: a short noun phrase, as in 'I heard: …'"
    refs: []
    our_word: null
"""
_SYMPTOM_PHRASES = """\
  {id}:
    phrases: ["TODO how people word it"]
"""
_EXAMPLE = "    - TODO write 40 messages in which people say it: my [words that say it](symptom:{id}) since monday\n"
_PRACTICE = """\
  {id}:
    ref: "TODO: number in your notes"
    title: "TODO: at most six words"
    phase: calm          # refer calm release stretch strengthen habit
    form: steps          # steps, habit, or named (an article names it without steps)
    manner: still        # still or moving
    commercial: false
    postures: []         # floor, standing, lying_on_back, lying_on_front, kneeling
    needs: []
    setup: null
    steps: ["TODO: only what the article says, in your own words"]
    dose: null           # only numbers that the article states; then add dose_passage
    described: []        # [{{source: …, section: …, lines: [1, 2], anchors: [word, word]}}]
    unsaid: []
    stop_if: "Stop if pain spreads or turns sharp."
    drawing: null        # what its drawing shows, in words; the drawing itself is an SVG in bot/web/static/drawings
"""
_PRACTICE_PHRASES = """\
  {id}:
    phrases: ["TODO how people name it"]
"""
_SOURCE = """\
# yaml-language-server: $schema=../schema/source.schema.json
source:
  code: "TODO: a number of three digits"
  title: "TODO: title"
  author: "TODO: who speaks, as the text gives it"
  date: null
  interest: "TODO: what the author sells or offers; or: nothing that we can see"
  evidence: "TODO: what kind of text it is"
  file: {id}.txt
  sha256: "TODO: sha256sum of that file"

claims:
  first_claim:
    kind: explicit       # explicit, implied, against or explains
    practices: []        # ids of rules/practices.yml; supple new practice ID makes one
    when: {{any_of: []}}   # ids of symptoms and contexts; or everyone
    section: "TODO: heading or paragraph"
    lines: [1, 1]
    anchors: [TODO one, TODO two]
    says: "TODO: your own words, at most 35"
"""
_SAFETY = """\
  {id}:
    level: same_day      # caution, clinician_first, same_day or emergency
    lane: body           # body, crisis or scope
    label: "TODO: a short noun phrase"
    signs:
      - phrases: ["TODO how people type it"]
    negatable: ask       # cancel, ask or never
    ask: "TODO: one question; yes means the sign is there"
    blocks: all
    say: "TODO: what the person is told; two or three short sentences"
    lines: [urgent]
    guideline: ["TODO: where the sign comes from"]
    reviewed_by: null
    fires: ["TODO: messages that must fire it"]
    silent: ["TODO: messages that must not"]
"""
_CASE = """\
# What a message about it must lead to; supple explain "…" shows what it does.
- message: "TODO: a message in a person's words"
  symptoms: {{{id}: present}}
  routine: []
"""


class StubError(Exception):
    """A stub that cannot be written."""


def write_stubs(kind: str, id_: str, content: Path | None = None) -> list[str]:
    """Write the stubs into the content; what was written, and what is next."""
    root = content or find_root()
    if root.name == "_content":
        raise StubError("this is an installed copy; work in a checkout, or name your content folder with --content")
    _check_id(kind, id_)
    written = [f"{name}:{line}" for name, line in _write(kind, id_, root)]
    closing = {
        "symptom": "Then let a claim in rules/sources/ name it in `when`.",
        "practice": "Then let a claim in rules/sources/ suggest it.",
        "source": "Then run supple check --sources with the folder of the articles.",
        "safety-rule": "Then have a clinician read it, and put name and date into reviewed_by.",
    }[kind]
    return [*(f"wrote {place}" for place in written), f"Next: replace every TODO; supple check lists them. {closing}"]


def _check_id(kind: str, id_: str) -> None:
    if kind == "safety-rule" and not _SAFETY_ID.fullmatch(id_):
        raise StubError(f'"{id_}" is no id of a safety rule: rf_… for the body, cr_… for crisis, sc_… for scope')
    if not _ID.fullmatch(id_):
        raise StubError(f'"{id_}" is no id: small letters, digits and _, as in tight_hips')


def _write(kind: str, id_: str, root: Path) -> Iterator[tuple[str, int]]:
    cases = f"tests/cases/{id_}.yml"
    match kind:
        case "symptom":
            yield _insert(root, VOCABULARIES["symptom"][0], "symptoms:", _SYMPTOM, id_)
            yield _insert(root, phrases_file("en"), "symptoms:", _SYMPTOM_PHRASES, id_)
            yield _insert(root, nlu_file("en"), "- intent: report\n  examples: |", _EXAMPLE, id_)
            yield _create(root, cases, _CASE, id_)
        case "practice":
            yield _insert(root, VOCABULARIES["practice"][0], "practices:", _PRACTICE, id_)
            yield _insert(root, phrases_file("en"), "practices:", _PRACTICE_PHRASES, id_)
        case "source":
            yield _create(root, f"{SOURCES}{id_}.yml", _SOURCE, id_)
        case "safety-rule":
            yield _insert(root, SAFETY, "rules:", _SAFETY, id_)


def _insert(root: Path, name: str, below: str, stub: str, id_: str) -> tuple[str, int]:
    """Put a stub at the head of a section; its line."""
    path = root / name
    text = path.read_text("utf-8")
    head, found, rest = text.partition(f"\n{below}\n")
    if not found:
        raise StubError(f"{name} has no section {below}")
    section = re.split(r"^\S", rest, maxsplit=1, flags=re.MULTILINE)[0]
    if re.search(rf"^  {re.escape(id_)}:", section, re.MULTILINE):
        raise StubError(f'"{id_}" stands in {name} already')
    start = head + found
    path.write_text(start + stub.format(id=id_) + rest, "utf-8")
    return name, start.count("\n") + 1


def _create(root: Path, name: str, stub: str, id_: str) -> tuple[str, int]:
    path = root / name
    if path.exists():
        raise StubError(f"{name} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stub.format(id=id_), "utf-8")
    return name, 1
