"""Slots of a message: side, how long, since what, how strong, worse or better with what, and the time there is."""

from collections.abc import Sequence
from typing import TypeVar

from bot.knowledge import Knowledge
from bot.model.slots import Change
from bot.model.talk import Slots
from bot.understand.amounts import Amounts, Phrases, plain
from bot.understand.assertion import Assertions
from bot.understand.matching import Match
from bot.understand.measures import Durations, Intensities, Times
from bot.understand.message import Message, overlap

T = TypeVar("T")

NEAR = 5
"""Filling words between an activity and what it does."""
DENIED = 3
"""Words before "worse" or "better" among which a negator denies it."""
MENTIONS = 8
"""Mentions that are looked at, so that a text of nothing else takes no longer."""

Texts = Sequence[str]


class _Words:
    """The words of a change for the worse or the better."""

    def __init__(self, change: Change) -> None:
        self.before, self.before_link = plain(change.before), plain(change.before_link)
        self.after, self.result = plain(change.after), plain(change.result)
        self.first = self.before.first | self.before_link.first


class SlotReader:
    """Reads the slots of a message that is split and tagged."""

    def __init__(self, knowledge: Knowledge, assertions: Assertions) -> None:
        book = knowledge.slots
        amounts, activity, side = Amounts(book.number), book.activity, book.side
        self._assertions = assertions
        self._durations = Durations(book.duration, book.since, amounts)
        self._intensities = Intensities(book.intensity, amounts)
        self._times = Times(book.time, amounts)
        self._sides = {word: name for name, words in side.beside.items() for word in words}
        self._alone = Phrases({word: name for name, words in side.alone.items() for word in words})
        self._side_first = self._alone.first | self._sides.keys()
        self._side_before, self._side_after = frozenset(side.before), frozenset(side.after)
        self._uncovered = frozenset(name for area in knowledge.phrases.areas.values() for name in area.places)
        self._side_not_after = frozenset(side.not_after)
        self._activities = Phrases({word: name for name, entry in activity.activities.items() for word in entry.words})
        self._worse, self._better = _Words(activity.worse), _Words(activity.better)
        self._links, self._weak_not = frozenset(activity.links), frozenset(activity.weak_not)
        self._fillers, self._makes = plain(activity.fillers), frozenset(activity.makes)
        self._no_change, self._questions = frozenset(activity.no_change), frozenset(activity.questions)

    def read(self, message: Message) -> Slots:
        """Everything said; what is denied or another person's is left out."""
        texts = [token.text for token in message.tokens]
        duration = self._own(message, self._durations.duration(message, texts), past=True)
        since = self._own(message, self._durations.since(message, texts), past=True)
        if duration and since and overlap(duration.span, since.span):
            since = None
        return Slots(
            side=self._side(message, texts),
            duration=duration,
            since=since,
            intensity=self._own(message, self._intensities.read(message, texts)),
            worse_with=self._with(message, texts, self._worse),
            better_with=self._with(message, texts, self._better),
            minutes=self._own(message, self._times.read(message, texts)),
        )

    def _own(self, message: Message, found: tuple[T, int] | None, *, past: bool = False) -> T | None:
        return found[0] if found and self._is_own(message, found[1], past=past) else None

    def _is_own(self, message: Message, at: int, *, past: bool = False) -> bool:
        """Whether the person says it of themselves, and does not deny it in so many words; `past` may count too."""
        if not message.cues:
            return True
        said = self._assertions.judge(Match("slot", at, at), message.tagged, message.cues)
        elsewhere = said.status == "other_person" or (said.status == "past" and not past)
        return not elsewhere and not (said.status == "denied" and said.whole and said.ahead)

    def _side(self, message: Message, texts: Texts) -> str | None:
        """The side; left and right together are both."""
        if self._side_first.isdisjoint(texts):
            return None
        found: list[str] = []
        for at, text in enumerate(texts):
            alone = self._alone.find(texts, at) if text in self._alone.first else None
            side = alone[0] if alone else self._sides.get(text)
            if side and (alone or self._has_company(message, texts, at, side)) and self._is_own(message, at):
                found.append(side)
            if len(found) == MENTIONS:
                break
        return None if not found else found[0] if len(set(found)) == 1 else "both"

    def _has_company(self, message: Message, texts: Texts, at: int, side: str) -> bool:
        """Whether a word for a side stands with a part of the body, or where only a side can stand."""
        before, after = texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""
        if at + 1 in message.tagged.places:
            return before not in self._side_not_after and self._is_complaint(message, at + 1)
        # "left and right hips"
        if after in ("and", "or") and at + 3 in message.tagged.places and texts[at + 2] in self._sides:
            return True
        ends = not after or message.tokens[at + 1].kind != "word" or after in self._side_after
        return side != "both" and before in self._side_before and ends

    def _is_complaint(self, message: Message, place: int) -> bool:
        """Whether a part of the body is one that articles cover, or something is felt beside it."""
        names = message.tagged.told & message.tagged.beginning[place].keys()
        if not names <= self._uncovered:
            return True
        part = message.tokens[place].segment
        return any(message.tokens[sign].segment == part for sign in message.tagged.signs)

    def _with(self, message: Message, texts: Texts, words: _Words) -> tuple[str, ...]:
        """Activities with which it changes in this way, in the order of the text."""
        found: dict[str, None] = {}
        mentions = 0
        for at, text in enumerate(texts):
            if text in words.first:
                named = self._after_change(message, texts, at, words)
            elif text in self._activities.first:
                named = self._before_change(message, texts, at, words)
            else:
                continue
            mentions += bool(named)
            if named and self._is_own(message, at) and not self._is_asked(message, texts, at):
                found.update(dict.fromkeys(named))
            if mentions == MENTIONS:
                break
        return tuple(found)

    def _after_change(self, message: Message, texts: Texts, at: int, words: _Words) -> list[str]:
        """ "worse with sitting or bending"; "hurts when I bend": a word that is no change by itself needs a link."""
        strong = words.before.find(texts, at)
        opener = strong or words.before_link.find(texts, at)
        if not opener or self._is_denied(message, texts, at):
            return []
        start, linked = opener[1], False
        while start < len(texts) and texts[start] in self._links and not self._activities.find(texts, start):
            start, linked = start + 1, True
        if not strong and (not linked or texts[start - 1] in self._weak_not):
            return []  # "pain after sitting" tells an occasion, which is a context
        return self._run(message, texts, self._skip(texts, start), within=True)[0]

    def _before_change(self, message: Message, texts: Texts, at: int, words: _Words) -> list[str]:
        """ "sitting and driving make it worse", "heat helps"."""
        named, after = self._run(message, texts, at, within=False)
        if not named:
            return []
        after = self._skip(texts, after)
        if words.after.find(texts, after):
            return named
        if after < len(texts) and texts[after] in self._makes:
            for place in range(after + 1, min(after + 1 + NEAR, len(texts))):
                if message.tokens[place].kind != "word":
                    break
                if words.result.find(texts, place):
                    return named
        return []

    def _run(self, message: Message, texts: Texts, at: int, *, within: bool) -> tuple[list[str], int]:
        """Activities joined by "and", "or" or a comma, and the token after them; `within` them fillers may stand."""
        named: list[str] = []
        after = at
        while len(named) < MENTIONS and (found := self._activities.find(texts, at)):
            named.append(found[0])
            after = found[1]
            at = self._skip(texts, after) if within else after
            while at < len(texts) and (message.tokens[at].kind == "join" or texts[at] in self._links):
                at += 1
            # after a comma a filler begins something new: "when I get up, I move like a plank"
            at = at if texts[at - 1] == "," else self._skip(texts, at)
        return named, after

    def _skip(self, texts: Texts, at: int) -> int:
        """The token after filling words, where no activity begins with them."""
        for _ in range(NEAR):
            if self._activities.find(texts, at) or not (found := self._fillers.find(texts, at)):
                break
            at = found[1]
        return at

    def _is_denied(self, message: Message, texts: Texts, at: int) -> bool:
        for place in range(at - 1, max(at - 1 - DENIED, -1), -1):
            if message.tokens[place].kind != "word":
                break
            if texts[place] in self._no_change:
                return True
        return False

    def _is_asked(self, message: Message, texts: Texts, at: int) -> bool:
        """Whether the clause is a question: "does it get better with rest"."""
        while at and message.tokens[at - 1].clause == message.tokens[at].clause:
            at -= 1
        return texts[at] in self._questions
