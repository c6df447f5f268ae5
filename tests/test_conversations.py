"""Whole conversations, typed line by line through the terminal's own door."""

import re
from pathlib import Path
from typing import Any

import pytest
from bot.cli.talk import message_of
from bot.content import strict_yaml
from bot.model.talk import Block, Reply
from bot.service import Service

from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "conversations"
MOST_ACTIONS = 4
MOST_WORDS_BEFORE = 140
MOST_WORDS_OF_A_ROUTINE = 120


def scripts() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        raw, problems = strict_yaml.read(path, path.name)
        assert problems == []
        found += raw
    return found


SCRIPTS = scripts()


def words(text: str) -> int:
    return len(re.findall(r"\w[\w'-]*", text))


def shown(block: Block) -> str:
    """What a person reads of a block: its text, and the labels of its choices."""
    return " ".join([block.text, *(option["label"] for option in block.data.get("options", ()))])


def routine_of(reply: Reply) -> Block | None:
    return next((block for block in reply.blocks if block.type == "routine" and block.data["practices"]), None)


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 20
    assert len({script["name"] for script in SCRIPTS}) == len(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["name"])
def test_a_conversation_goes_as_scripted(script: Any, service: Service) -> None:
    session = f"script {script['name']}"
    reply = service.open(session)
    before = words(" ".join(shown(block) for block in reply.blocks))
    first_practice: int | None = None
    for number, turn in enumerate(script["turns"], start=1):
        reply = service.handle(session, message_of(turn["type"], reply))
        _check_turn(turn, reply)
        routine = routine_of(reply)
        if routine:
            steps = [step for practice in routine.data["practices"] for step in practice["steps"]]
            # a longer text is the trace or the articles, which stand one tap deeper
            assert words(routine.text) - words(" ".join(steps)) <= MOST_WORDS_OF_A_ROUTINE, routine.text
        if first_practice is None:
            for block in reply.blocks:
                if block is routine:
                    first_practice = number
                    break
                before += words(shown(block))
    if first_practice is not None and not script.get("leisurely"):
        assert first_practice <= MOST_ACTIONS
        assert before <= MOST_WORDS_BEFORE


def _check_turn(turn: Any, reply: Reply) -> None:
    """A turn may say: level, blocks (types in order, choices with their question), routine, says, says_not."""
    text = "\n".join(shown(block) for block in reply.blocks)
    if "level" in turn:
        assert reply.level == turn["level"], text
    if "blocks" in turn:
        types = [
            f"choices {block.data['question']}" if block.type == "choices" else block.type for block in reply.blocks
        ]
        assert types == turn["blocks"], text
    if "routine" in turn:
        routine = routine_of(reply)
        ids = [practice["id"] for practice in routine.data["practices"]] if routine else []
        assert ids == turn["routine"], text
    for phrase in turn.get("says", ()):
        assert phrase.casefold() in text.casefold(), text
    for phrase in turn.get("says_not", ()):
        assert phrase.casefold() not in text.casefold(), text


def test_no_script_stores_what_was_typed(service: Service) -> None:
    """What is kept of a talk is ids: no word of any script stands in it."""
    canary = "zzyzx lower back pain quuxfrob"
    service.open("canary")
    service.handle("canary", message_of(canary, service.open("canary")))
    kept = str(service.store.events("canary"))

    assert "zzyzx" not in kept
    assert "quuxfrob" not in kept


def test_the_folder_holds_only_scripts() -> None:
    assert all(path.suffix == ".yml" for path in Path(FOLDER).iterdir())
