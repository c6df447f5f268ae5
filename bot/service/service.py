"""One message of a talk, from the door and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.plan import Act, plan
from bot.dialogue.questions import options
from bot.dialogue.state import NONE, Event, State, event_of, fold, step
from bot.engine.evaluation import Evaluation, evaluate
from bot.knowledge import Knowledge
from bot.model.talk import Block, Reading, Reply
from bot.replies.compose import Composer
from bot.sessions import SessionStore
from bot.understand.reader import Reader
from bot.understand.tokens import clean

MOST = 2000
"""Characters of a message; longer ones are refused, with nothing lost."""


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


@dataclass(frozen=True, slots=True)
class Turn:
    """All that happened to one message, for those who want to see every step."""

    before: State
    state: State
    reading: Reading | None
    evaluation: Evaluation
    acts: tuple[Act, ...]
    reply: Reply


class Service:
    """Answers messages. One instance serves many sessions; it keeps nothing itself."""

    def __init__(
        self, knowledge: Knowledge, reader: Reader, store: SessionStore, *, country: str | None = None
    ) -> None:
        self.knowledge, self._reader, self._store = knowledge, reader, store
        self._composer = Composer(knowledge, country)

    def open(self, session: str) -> Reply:
        """Begin a talk: forget what there was, and greet."""
        self._store.forget(session)
        return self._answer(State(), State(), {"type": "restart"}, None).reply

    def handle(self, session: str, message: Message) -> Reply:
        """Answer one message."""
        return self.turn(session, message).reply

    def turn(self, session: str, message: Message) -> Turn:
        """Answer one message, and tell every step."""
        before = fold(self.knowledge, self._store.load(session))
        if message.choose is not None:
            return self._chosen(session, before, message)
        text = clean(message.text or "")
        if not text:
            return self._unchanged(before, "empty")
        if len(text) > MOST:
            return self._unchanged(before, "too_long", length=len(text), most=MOST)
        reading = _answering(self._reader.read(text, felt=before.present()), before)
        if reading.intent == "restart":
            return self._restart(session, before, reading)
        return self._record(session, before, event_of(reading, self.knowledge), reading)

    def _chosen(self, session: str, before: State, message: Message) -> Turn:
        ids = tuple(dict.fromkeys(message.choose or ()))
        question = message.question or self._question_of(before, ids)
        allowed = set(options(self.knowledge, before, question)) | {NONE} if question else set()
        if question == "clarify":
            allowed |= set(self.knowledge.symptoms)
        if question is None or not ids or not allowed.issuperset(ids):
            return self._unchanged(before, "not_an_option")
        if question in ("next", "handover") and "restart" in ids:
            return self._restart(session, before, None)
        event: Event = {"type": "chose", "question": question, "ids": list(ids), "complete": message.complete}
        return self._record(session, before, event, None)

    def _question_of(self, state: State, ids: Sequence[str]) -> str | None:
        """The question that these options answer: the open one first, then those that stand beside it."""
        for question in (state.open, "confirm", "next"):
            if question and (
                set(ids) <= set(options(self.knowledge, state, question))
                or (question == "clarify" and set(ids) <= self.knowledge.symptoms.keys())
            ):
                return question
        return None

    def _restart(self, session: str, before: State, reading: Reading | None) -> Turn:
        self._store.forget(session)
        return self._answer(before, State(), {"type": "restart"}, reading)

    def _record(self, session: str, before: State, event: Event, reading: Reading | None) -> Turn:
        state = step(self.knowledge, before, event)
        turn = self._answer(before, state, event, reading)
        self._store.append(session, [event, *_asked(turn)])
        return turn

    def _answer(self, before: State, state: State, event: Event, reading: Reading | None) -> Turn:
        evaluation = evaluate(self.knowledge, state.facts(self.knowledge))
        acts = plan(self.knowledge, before, state, event, evaluation)
        after = state
        for asked in _asked_by(acts):
            after = step(self.knowledge, after, asked)
        reply = self._composer.reply(acts, after, evaluation, reading)
        return Turn(before, after, reading, evaluation, acts, reply)

    def _unchanged(self, state: State, key: str, **fill: object) -> Turn:
        """Say why nothing happened, and put the open question again."""
        evaluation = evaluate(self.knowledge, state.facts(self.knowledge))
        acts: tuple[Act, ...] = ()
        if state.open:
            acts = (Act("ask", state.open, {"about": state.open_about}),)
        reply = self._composer.reply(acts, state, evaluation)
        said: Block = self._composer.say(key, **fill)
        return Turn(state, state, None, evaluation, acts, replace(reply, blocks=(said, *reply.blocks)))


def _answering(reading: Reading, state: State) -> Reading:
    """A reading in the light of the open question.

    In an answer to a screen the classifier's guesses at complaints do not count, and a bare "no" that opens it answers
    the screen, whatever the rest is taken for.
    """
    if state.open in ("gate", "fit", "safety"):
        reading = replace(reading, symptoms=tuple(finding for finding in reading.symptoms if finding.via == "phrase"))
    if state.open in ("gate", "fit") and not reading.safety and reading.intent in ("unclear", "out_of_scope"):
        first, _, rest = reading.text.casefold().partition(" ")
        if first.strip(",.!") in ("no", "none", "nope", "nah", "nothing", "neither") and not rest.startswith(
            ("idea", "clue")
        ):
            return replace(reading, intent="deny")
    return reading


def _asked(turn: Turn) -> list[Event]:
    return _asked_by(turn.acts)


def _asked_by(acts: Sequence[Act]) -> list[Event]:
    """What the reply asked and showed, as events."""
    asks = [act for act in acts if act.kind == "ask"]
    shown = any(act.kind in ("routine", "floor") for act in acts)
    if not asks and not shown:
        return []
    last = asks[-1] if asks else None
    event: Event = {"type": "asked", "question": last.about if last else None, "routine": shown}
    if last and last.extra.get("about"):
        event["about"] = last.extra["about"]
    return [event]
