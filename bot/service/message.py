"""What comes in, and all that came of it."""

from dataclasses import dataclass

from bot.dialogue.acts import Act
from bot.dialogue.questions import COUNTRY
from bot.dialogue.state import Event, State
from bot.engine.evaluation import Evaluation
from bot.model.talk import Reading, Reply


@dataclass(frozen=True, slots=True)
class Message:
    """What a person sends: words, or choices."""

    text: str | None = None
    """Typed words."""
    choose: tuple[str, ...] | None = None
    """Ids of the options chosen."""
    question: str | None = None
    """The question that they answer; the newest open one, where not named."""
    complete: bool = True
    """False from clients that can tick one option at a time only."""
    id: str | None = None
    """Made by the client; a message that comes again under it changes nothing and gets the same reply."""


@dataclass(frozen=True, slots=True)
class Turn:
    """All that happened to one message, for those who want to see every step."""

    before: State
    state: State
    event: Event
    """What came of it, as ids."""
    reading: Reading | None
    evaluation: Evaluation
    acts: tuple[Act, ...]
    reply: Reply
    again: bool = False
    """Whether the message was applied before, and only its reply is made anew."""

    @property
    def changed(self) -> bool:
        """Whether the message changed anything."""
        return bool(self.event["type"] != "nothing")

    def kept(self) -> Event:
        """The event as it is stored: of an answer within a crisis only which hand-over is in force."""
        level = self.state.crisis
        asks = COUNTRY in self.event.get("ids", ())  # tells nothing of the crisis
        if level and self.before.crisis and self.event.get("question") == "handover" and not asks:
            return {"type": "handover", "level": level}
        return self.event
