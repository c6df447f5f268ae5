"""Supple's side of a Rasa conversation: its talk under Rasa's sender, and a kind word whatever goes wrong."""

import contextlib
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.actions.slots import changes, values
from bot.dialogue.state import State
from bot.model.talk import Block, Reply
from bot.service import Message, Service, Turn, UnknownSessionError
from bot.service.rasa import PayloadError, answer, is_id, message_of, session_of, without_words
from bot.sessions import MemoryStore

LAST_RESORT = (
    "Sorry, something went wrong here. "
    "If you feel very ill or in danger, do not wait: call your local emergency number (112 or 911 in many countries)."
)
"""Said where not even our texts could be loaded."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as Rasa's tracker tells it."""

    sender: str
    """Rasa's id of the conversation."""
    text: str = ""
    """The raw text; what Rasa's NLU made of it is not asked."""
    id: str | None = None
    """Rasa's id of the message."""
    slots: Mapping[str, Any] = field(default_factory=dict)

    def message(self) -> Message:
        """The message as our talk takes it; a payload that cannot be read chooses nothing."""
        try:
            return message_of(self.text, id_=self.id if is_id(self.id) else None)
        except PayloadError:
            return Message(choose=())


@dataclass(frozen=True, slots=True)
class Said:
    """What an action says, and what our slots hold after it."""

    blocks: tuple[Block, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    """None where the talk is out of reach: then they stay as they are."""


class Assistant:
    """Answers Rasa's actions. One instance serves many conversations."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._trouble = Block("text", service.trouble())

    def answer(self, heard: Heard) -> Said:
        """The answer to a message."""
        return self._whatever_happens(heard, lambda: self._answer(heard))

    def screen(self, heard: Heard) -> Said | None:
        """The answer to a message that tells of danger, or comes while a hand-over or its question stands; else none.

        Of other messages nothing is kept: they may be meant for other skills of the assistant.
        """
        return self._whatever_happens(heard, lambda: self._answer(heard) if self._stops(heard) else None)

    def begin(self, heard: Heard) -> Said:
        """The opening; where the talk goes on, only the slots, and where it stands if the person asked."""
        return self._whatever_happens(heard, lambda: self._begin(heard))

    def _answer(self, heard: Heard) -> Said:
        session = session_of(self.service.site.id, "rasa", heard.sender)
        replies = []
        try:
            before = self.service.state(session)
            told = heard.slots
        except UnknownSessionError:
            replies, before = [self.service.open(session, anew=False)], State()
            # Slots that we filled are of a talk that was forgotten since; what they tell is forgotten too.
            told = {} if heard.slots.get("supple_level") else heard.slots
        for change in changes(before, told):
            self.service.turn(session, change)
        turn = self.service.turn(session, heard.message())
        return _said([*replies, turn.reply], turn)

    def _stops(self, heard: Heard) -> bool:
        turn = self.service.foresee(session_of(self.service.site.id, "rasa", heard.sender), heard.message())
        return _about_danger(turn)

    def _begin(self, heard: Heard) -> Said:
        session = session_of(self.service.site.id, "rasa", heard.sender)
        try:
            state = self.service.state(session)
        except UnknownSessionError:
            return Said(self.service.open(session, anew=False).blocks, values(State(), "none"))
        blocks = without_words(self.service.last(session)).blocks if heard.text else ()
        return Said(blocks, values(state, state.handover or "none"))

    def _whatever_happens(self, heard: Heard, do: Callable[[], T]) -> T | Said:
        try:
            return do()
        except Exception as failure:  # whatever it is: silence would be worse
            report(failure)
            return self._apart(heard)

    def _apart(self, heard: Heard) -> Said:
        """A message taken by itself, where its talk is out of reach: danger is answered all the same."""
        with contextlib.suppress(Exception):
            replies, turn = answer(self.service.over(MemoryStore()), "apart", heard.message())
            if _about_danger(turn):
                return _said(replies[-1:], turn)
        return Said((self._trouble,))


def _about_danger(turn: Turn) -> bool:
    return turn.state.handover is not None or turn.state.open == "safety"


def _said(replies: list[Reply], turn: Turn) -> Said:
    blocks = tuple(block for reply in replies for block in without_words(reply).blocks)
    return Said(blocks, values(turn.state, turn.reply.level))


def report(failure: Exception) -> None:
    """Tell the log kind and place of a failure; its words may hold what was typed."""
    frames = traceback.extract_tb(failure.__traceback__)[-6:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    log.error("%s at %s", type(failure).__name__, " ".join(places))
