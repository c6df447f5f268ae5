"""The conversation in a terminal, or, line by line, for programs."""

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TextIO

import click
from rich.console import Console

from bot.cli import render
from bot.model.talk import Reply
from bot.model.words import hands_over
from bot.service import Message, Service
from bot.service.spoken import Spoken

SESSION = "terminal"

_NUMBERS = re.compile(r"\s*\d{1,3}(?:\s*(?:,|\s|and|&)\s*\d{1,3})*\s*\.?\s*", re.IGNORECASE)
_CHANGE = frozenset({"c", "change"})
"""Commands of a terminal that choose "Not right?"."""
_LEAVE = frozenset({"quit", "exit"})
"""Commands of a terminal: they leave at once; where a hand-over stands, after it was said once more."""


def chat(service: Service) -> None:
    """Talk until the person leaves; Ctrl-C leaves as cleanly as Ctrl-D, wherever it comes."""
    out = render.console()
    try:
        _talk(service, out, interactive=sys.stdin.isatty())
    except KeyboardInterrupt:
        out.print("\nGoodbye.")


def _talk(service: Service, out: Console, *, interactive: bool) -> None:
    if interactive:
        _use_line_editing()
    spoken = Spoken(service, SESSION)
    words = service.knowledge.widget.talk
    render.show(out, spoken.reply, words)
    for line in _lines(interactive):
        if not interactive:
            out.print(f"> {line}", style="dim", markup=False)
        leaves = line.strip().casefold() in _LEAVE
        if leaves and not hands_over(spoken.reply.level):
            out.print(service.wording.text("goodbye"))
            return
        reply = spoken.turn(message_of(line, spoken.reply)).reply
        ends = leaves or _says_goodbye(reply)
        render.show(out, without_choices(reply) if ends else reply, words)
        if ends:
            return
    if interactive:
        out.print("Goodbye.")


def _says_goodbye(reply: Reply) -> bool:
    """Whether a message was a goodbye and was taken as one: no question is open, or a hand-over goes on without it."""
    goodbye = reply.understood is not None and reply.understood.intent == "goodbye"
    return goodbye and (hands_over(reply.level) or render.open_choices(reply) is None)


def without_choices(reply: Reply) -> Reply:
    """What is said last leaves no question that nobody can answer any more."""
    return replace(reply, blocks=tuple(block for block in reply.blocks if block.type != "choices"))


def _lines(interactive: bool) -> Iterator[str]:
    if not interactive:
        yield from (line.rstrip("\n") for line in text_lines(sys.stdin))
        return
    while True:
        try:
            yield input("> ")
        except EOFError:
            click.echo()
            return


def _use_line_editing() -> None:
    """Arrow keys and history while the talk lasts; nothing of it is written down."""
    with contextlib.suppress(ImportError):
        import readline

        readline.clear_history()


def message_of(line: str, reply: Reply) -> Message:
    """What a typed line means: numbers and labels of the choices on the screen choose, all else is words."""
    asked = render.open_choices(reply)
    if asked and _NUMBERS.fullmatch(line):
        numbers = [int(number) for number in re.findall(r"\d+", line)]
        options = [option["id"] for option in asked["options"]]
        if all(1 <= number <= len(options) for number in numbers):
            chosen = tuple(options[number - 1] for number in numbers)
            return Message(choose=chosen, question=asked["question"])
    said = line.strip().casefold().rstrip(".!")
    for question, option in render.all_choices(reply):
        if said == option["label"].casefold() or (question == "confirm" and said in _CHANGE):
            return Message(choose=(option["id"],), question=question)
    return Message(text=line)


def chat_jsonl(service: Service) -> None:
    """One conversation for programs: a message a line in, a reply a line out."""
    spoken = Spoken(service, SESSION)
    _write(spoken.reply.to_json())
    for line in text_lines(sys.stdin):
        message = _parsed(line.rstrip("\r\n"))
        if isinstance(message, str):
            _write({"error": {"code": "bad_message", "message": message}})
        else:
            _write(spoken.turn(message).reply.to_json())


def _parsed(line: str) -> Message | str:
    """The message of a line; or what is wrong with it."""
    if not line.lstrip().startswith("{"):
        return Message(text=line)
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, or endless brackets
        return Message(text=line)
    text, choose, question = data.get("text"), data.get("choose"), data.get("question")
    if choose is not None:
        if not isinstance(choose, list) or not all(isinstance(id_, str) for id_ in choose):
            return '"choose" must be a list of option ids'
        if question is not None and not isinstance(question, str):
            return '"question" must be text'
        return Message(choose=tuple(choose), question=question)
    return Message(text=text) if isinstance(text, str) else 'a message needs "text" or "choose"'


def text_lines(stream: TextIO) -> Iterator[str]:
    """Lines of a stream; bytes that are no UTF-8 become the replacement character."""
    reconfigure: Any = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", errors="replace")
    yield from stream


def _write(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()
