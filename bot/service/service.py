"""One message of a talk, from the door and back."""

import json
import time
from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import replace

from bot.dialogue.acts import Act
from bot.dialogue.events import event_of, reading_of
from bot.dialogue.fold import fold, step
from bot.dialogue.plan import plan
from bot.dialogue.questions import COUNTRY, may_choose, options
from bot.dialogue.standing import FOR_OTHER, OVER
from bot.dialogue.state import NOT_MEANT, Event, State
from bot.engine.evaluation import evaluate
from bot.knowledge import Knowledge
from bot.model.record import build
from bot.model.site import Site, demo
from bot.model.talk import Block, Reading, Reply
from bot.model.words import hands_over
from bot.replies.compose import Composer
from bot.replies.hours import Clinic, clinic_at
from bot.replies.wording import Wording
from bot.service.alarms import alarm_in, tells_a_sign
from bot.service.handedover import country_in, misunderstood
from bot.service.message import Message, Turn
from bot.service.reading import answering, heard, picked_of
from bot.sessions import SessionStore, StoreError, Talk
from bot.understand.reader import Reader
from bot.understand.tokens import clean

MOST = 2000
"""Characters of a message; longer ones are refused, with nothing lost."""
ALONE = 3
"""Words of a message that starts again, though a hand-over stands: "I wish I could start again" does not."""
TRIES = 20
"""Times a message is applied anew when another message of the same talk came between."""


class UnknownSessionError(Exception):
    """No talk is under this id: never begun, idle for too long, or another site's."""


class Service:
    """Answers messages of one site. One instance serves many sessions; it keeps nothing itself."""

    def __init__(
        self,
        knowledge: Knowledge,
        reader: Reader,
        store: SessionStore,
        *,
        country: str | None = None,
        site: Site | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`country`, a code, stands in where the site names none; ValueError where it has no lines."""
        self.knowledge, self.store = knowledge, store
        self.site = site or demo()
        self._reader, self._clock = reader, clock
        self._limit(store)
        self._composer = Composer(knowledge, self.site, _known(country, knowledge))

    def open(self, session: str, *, anew: bool = True) -> Reply:
        """Begin a talk and greet; `anew` forgets what there was, else a talk that goes on is left alone."""
        self.store.begin(session, self.site.id, self._clock(), anew=anew)
        return self.opening()

    def opening(self) -> Reply:
        """The opening, without beginning a talk."""
        return self._answer(State(), State(), {"type": "restart"}, None).reply

    def handle(self, session: str, message: Message) -> Reply:
        """Answer one message; raises UnknownSessionError, or StoreError when the talk cannot be read or kept."""
        return self.turn(session, message).reply

    def turn(self, session: str, message: Message) -> Turn:
        """Answer one message, and tell every step."""
        for _ in range(TRIES):
            now = self._clock()
            talk = self._talk(session, now, message.id)
            if talk.seen is not None:
                return replace(self._again(session, talk.seen, message), again=True)
            turn = self._turn(self._state(session, talk), message)
            if not turn.changed and message.id is None:
                return turn
            events = [turn.kept(), *(_asked_by(turn.acts) if turn.changed else ())]
            if self.store.append(
                session,
                talk.version,
                events,
                self._snapshot(turn.state),
                now,
                message=message.id,
                reset=turn.event["type"] == "restart",
            ):
                return turn
        raise StoreError("the talk changes faster than a message can be applied")

    def foresee(self, session: str, message: Message) -> Turn:
        """What a message would lead to, with nothing kept of it; in a talk that is none yet, as its first."""
        try:
            before = self.state(session)
        except UnknownSessionError:
            before = State()
        return self._turn(before, message)

    def state(self, session: str) -> State:
        """Where a talk stands; raises UnknownSessionError."""
        return self._state(session, self._talk(session, self._clock()))

    def last(self, session: str) -> Reply:
        """The last reply, made anew from what is kept: without the person's words; the opening where nothing was said.

        Raises UnknownSessionError.
        """
        self._talk(session, self._clock())
        events = self.store.events(session)
        told = [number for number, event in enumerate(events) if event["type"] not in ("asked", "nothing")]
        if not told:
            return self.opening()
        before, event = fold(self.knowledge, events[: told[-1]]), events[told[-1]]
        turn = self._answer(before, step(self.knowledge, before, event), event, reading_of(event, self.knowledge))
        return replace(turn.reply, understood=None)

    def note(self, words: str) -> Block:
        """The note of a hand-over with these words; nothing of it is kept."""
        return self._composer.note(words)

    def help_lines(self, keys: Collection[str], country: str | None = None) -> list[str]:
        """Help lines of a country, of the site's by default, as texts."""
        return self._composer.wording_for(country).help_lines(keys)

    @property
    def idle_minutes(self) -> int:
        """Minutes after which an idle talk is gone."""
        return round(self.store.idle(self.site.id) / 60)

    @property
    def wording(self) -> Wording:
        """Our texts, with the numbers of the site's country."""
        return self._composer.wording

    def clinic(self) -> Clinic:
        """The site at this moment: its time, and whether it is open."""
        return clinic_at(self.site, self._clock())

    def trouble(self) -> str:
        """What is said where no answer can be made."""
        return self._composer.wording.trouble()

    def over(self, store: SessionStore) -> "Service":
        """The same service over another store."""
        other = copy(self)
        other.store = store
        self._limit(store)
        return other

    def _limit(self, store: SessionStore) -> None:
        if self.site.retention_minutes:
            store.limit(self.site.id, 60 * self.site.retention_minutes)

    def _talk(self, session: str, now: float, message: str | None = None) -> Talk:
        talk = self.store.read(session, self.site.id, now, message)
        if talk is None:
            raise UnknownSessionError(session)
        return talk

    def _state(self, session: str, talk: Talk) -> State:
        """The state of a talk: its snapshot, or, after an upgrade of the knowledge, all its events folded anew."""
        if talk.snapshot:
            kept = json.loads(talk.snapshot)
            if kept["knowledge"] == self.knowledge.key and kept["state"].keys() == State.__dataclass_fields__.keys():
                state: State = build(State, kept["state"])
                return state
        return fold(self.knowledge, self.store.events(session))

    def _snapshot(self, state: State) -> str:
        plain = {name: getattr(state, name) for name in State.__dataclass_fields__}
        return json.dumps({"knowledge": self.knowledge.key, "state": plain}, default=sorted)  # sets, as lists

    def _again(self, session: str, seen: int, message: Message) -> Turn:
        """The reply of a message that was applied already, made anew from what is kept and the text sent again."""
        events = self.store.events(session)
        before, event = fold(self.knowledge, events[:seen]), events[seen]
        text = clean(message.text or "")
        if event["type"] == "nothing":
            return self._unchanged(before, event["said"], length=len(text), most=MOST)
        typed = text and message.choose is None and event["type"] != "chose"
        reading = self._read(text, before) if typed else None
        if event["type"] == "handover" and message.choose is not None:
            event = _choice(message, "handover", message.choose)
        return self._answer(before, step(self.knowledge, before, event), event, reading)

    def _turn(self, before: State, message: Message) -> Turn:
        if message.choose is not None:
            return self._chosen(before, message)
        text = clean(message.text or "")
        if not text:
            return self._unchanged(before, "empty")
        reading = self._read(text, before)
        if reading is None:
            return self._unchanged(before, "too_long", length=len(text), most=MOST)
        if (code := country_in(text, self.knowledge, before)) and not tells_a_sign(reading):
            question = "handover" if code == COUNTRY else COUNTRY
            return self._chosen(before, replace(message, choose=(code,), question=question))
        if self._needs_consent(before) and not hands_over(reading.level):
            consents = {"affirm": "yes", "deny": "no"}.get(reading.intent)
            if consents is None:
                return self._unchanged(before, "consent_first")
            return self._chosen(before, replace(message, choose=(consents,), question="consent"))
        if picked := picked_of(reading, before, self.knowledge):
            return self._chosen(before, replace(message, choose=picked, question=before.open))
        if taken_back := self._taken_back(before, reading):
            return self._chosen(before, replace(message, question=taken_back[0], choose=taken_back[1:]))
        if reading.intent == "restart" and (not before.handover or len(text.split()) <= ALONE):
            return self._answer(before, State(), {"type": "restart"}, reading)
        event = event_of(reading, self.knowledge, before)
        return self._answer(before, step(self.knowledge, before, event), event, reading)

    def _read(self, text: str, before: State) -> Reading | None:
        """What was understood; of a text too long to be answered only the part that hands over, where one does."""
        if len(text) <= MOST:
            return answering(heard(self._reader, text, before.present()), self.knowledge, before)
        return alarm_in(self._reader, text, MOST)

    def _taken_back(self, before: State, reading: Reading) -> tuple[str, str] | None:
        """The question and its option that a message chooses which says "not what I meant" and tells of no sign."""
        if tells_a_sign(reading):
            return None
        if misunderstood(reading, before):
            return ("handover", NOT_MEANT)
        question = "handover" if before.handover else "next"
        if NOT_MEANT in options(self.knowledge, before, question):
            others = () if before.handover else (FOR_OTHER, OVER)
            return (question, NOT_MEANT) if {NOT_MEANT, *others}.intersection(reading.remarks) else None
        told = before.present() and before.open != "safety" and not (reading.present() or reading.unanswered())
        return ("confirm", "change") if told and NOT_MEANT in reading.remarks else None

    def _chosen(self, before: State, message: Message) -> Turn:
        ids = tuple(dict.fromkeys(message.choose or ()))
        question = message.question or self._question_of(before, ids)
        if self._needs_consent(before) and question != "consent":
            return self._unchanged(before, "consent_first")
        if question is None or not ids or not may_choose(self.knowledge, before, question, ids):
            return self._unchanged(before, "not_an_option")
        if question == "consent" and ids != ("yes",):
            return self._unchanged(before, "consent_refused")
        if question in ("next", "handover") and "restart" in ids:
            return self._answer(before, State(), {"type": "restart"}, None)
        event = _choice(message, question, ids)
        return self._answer(before, step(self.knowledge, before, event), event, None)

    def _needs_consent(self, state: State) -> bool:
        """Where a site asks for consent, nothing of a person is kept before it; danger is answered all the same."""
        return self.site.consent and "consent" not in state.passed and state.handover is None

    def _question_of(self, state: State, ids: Sequence[str]) -> str | None:
        """The question that these options answer: the open one first, then those that stand beside it."""
        asked = "consent" if self._needs_consent(state) else state.open
        for question in (asked, "confirm", "next"):
            if question and (
                set(ids) <= set(options(self.knowledge, state, question))
                or (question == "clarify" and set(ids) <= self.knowledge.symptoms.keys())
            ):
                return question
        return None

    def _answer(self, before: State, state: State, event: Event, reading: Reading | None) -> Turn:
        evaluation = evaluate(self.knowledge, state.facts(self.knowledge))
        acts = plan(self.knowledge, before, state, event, evaluation)
        if event["type"] == "restart" and self.site.consent:
            acts = (*acts, Act("ask", "consent"))
        after = state
        for asked in _asked_by(acts):
            after = step(self.knowledge, after, asked)
        reply = self._composer.reply(acts, after, evaluation, reading, self._clock())
        return Turn(before, after, event, reading, evaluation, acts, reply)

    def _unchanged(self, state: State, key: str, **fill: object) -> Turn:
        """Say why nothing happened, and put a question: for consent, where that lacks, or the open one again."""
        evaluation = evaluate(self.knowledge, state.facts(self.knowledge))
        question = "consent" if key.startswith("consent_") else None
        asked, about = question or state.open, None if question else state.open_about
        acts = (Act("ask", asked, {"about": about}),) if asked else ()
        reply = self._composer.reply(acts, state, evaluation, None, self._clock())
        said: Block = self._composer.say(key, **fill)
        event: Event = {"type": "nothing", "said": key}  # kept only so that the same message stays without effect
        return Turn(state, state, event, None, evaluation, acts, replace(reply, blocks=(said, *reply.blocks)))


def _known(country: str | None, knowledge: Knowledge) -> str | None:
    """The code of a country with help lines; raises ValueError, with those that there are."""
    countries = knowledge.helplines.countries
    code = country.strip().upper() if country else None
    if code and code not in countries:
        there = ", ".join(f"{other} ({lines.name})" for other, lines in sorted(countries.items()))
        raise ValueError(f'no help lines are known for "{country}"; there are {there}')
    return code


def _choice(message: Message, question: str, ids: Sequence[str]) -> Event:
    return {"type": "chose", "question": question, "ids": list(ids), "complete": message.complete}


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
