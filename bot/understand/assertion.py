"""Whether what a text mentions is felt, and by whom: cues with a scope, after ConText.

A cue reaches forward or backward within its clause. A denial passes over "," and "or" into a list ("no numbness,
tingling or fever"), but not into a new statement ("no numbness and my back hurts").
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from bot.model.cues import AssertionBook, Cue
from bot.model.language import Patterns, Status
from bot.understand.lexicon import Tagged
from bot.understand.matching import Match
from bot.understand.tokens import Token

# Of cues that reach a finding from equally near, the one that stands first here decides.
_ORDER = ("none", "other_person", "hypothetical", "past", "denied", "uncertain")


WRITER = frozenset({"i", "im", "ive", "me", "myself"})
"""Words that are the writer and no belonging of theirs."""


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue in a text."""

    cue: Cue
    first: int
    last: int
    until: int
    """The last token that it reaches forward, if that is the way it reaches."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the cues say of one finding."""

    status: Status
    whole: bool
    """Whether cue and finding stand whole in one clause without a join between them."""
    ahead: bool = True
    """Whether the cue stands before the finding or within it, not behind."""
    over: bool = False
    """Whether a date behind the deciding cue says that it is over: "my aunt's stroke in 1994"."""
    lacking: bool = False
    """Whether a denial behind the deciding cue says that it is not there: "my wife has no fever"."""


class Assertions:
    """Finds cues and applies them."""

    def __init__(self, book: AssertionBook) -> None:
        self.stops, self.joins = frozenset(book.stops), frozenset(book.joins)
        self._reflexives = frozenset(book.reflexives)
        self.selves, self.persons = frozenset(book.selves), frozenset(book.persons)
        self.grammar = frozenset(book.grammar)
        self.answers, self._affirmed = frozenset(book.answers), frozenset(book.affirmed)
        self._interjections = frozenset(book.interjections)
        self._subjects, self._verbs = frozenset(book.subjects), frozenset(book.verbs)
        self._turns, self._reports = frozenset(book.turns), frozenset(book.reports)
        self._cues = {str(number): cue for number, cue in enumerate(book.cues)}
        self.patterns = {
            "cue": {name: Patterns(phrases=cue.words) for name, cue in self._cues.items()},
            "taken_back": {"": Patterns(phrases=book.taken_back)},
        }
        """What the matcher must find, by group."""

    def cues(self, matches: Sequence[Match], tokens: Sequence[Token]) -> list[FoundCue]:
        """Cues among the matches; of cues that overlap, the longest, and of equals the earlier in the book."""
        kept: list[Match] = []
        taken: set[int] = set()
        for match in sorted(matches, key=lambda match: (match.first - match.last, int(match.label))):
            own = range(match.first, match.last + 1)
            if taken.isdisjoint(own):
                kept.append(match)
                taken.update(own)
        anew = self._beginnings(tokens)
        return [
            FoundCue(self._cues[match.label], match.first, match.last, self._until(match, tokens, anew))
            for match in sorted(kept, key=lambda m: m.first)
        ]

    def _beginnings(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Numbers of the segments that make a new statement."""
        anew = set()
        for number, part in groupby(tokens, key=lambda token: token.segment):
            words = [token.text for token in part]
            if words[0] in self.joins:
                words = words[1:]
            if not self._subjects.isdisjoint(words[:2]) or not self._verbs.isdisjoint(words):
                anew.add(number)
        return frozenset(anew)

    def _until(self, cue: Match, tokens: Sequence[Token], anew: AbstractSet[int]) -> int:
        """How far a cue reaches forward: to the end of the clause, a new statement, or a turn: "no fever, just ..."."""
        start = tokens[cue.last]
        answer = start.text in self.answers
        before, behind = tokens[max(cue.first - 1, 0)], tokens[min(cue.last + 1, len(tokens) - 1)]
        closes = answer and before.kind == "word" and behind.kind != "word"  # "fever no, cough yes"
        denies = self._cues[cue.label].status == "denied"
        for at in range(cue.last + 1, len(tokens)):
            token = tokens[at]
            if token.clause != start.clause or (token.segment != start.segment and (closes or token.segment in anew)):
                return at - 1
            if denies and token.text in self._turns and (answer or at > cue.last + 1):
                return at - 1
            denies = denies and token.text not in self._reports  # "I don't think it's numb"
        return len(tokens) - 1

    def judge(self, match: Match, text: Tagged, cues: Sequence[FoundCue]) -> Assertion:
        """Status of a match; a cue among the pattern's own words belongs to the sign itself and says nothing."""
        reaching = [
            (distance, cue)
            for cue in cues
            if not match.owns(cue.first, cue.last) and (distance := self._distance(cue, match, text.tokens)) is not None
        ]
        answer = self._answer(match, text.tokens)
        if answer in self.answers:
            return Assertion("denied", whole=True)
        if answer in self._affirmed:
            return Assertion("present", whole=True)
        if closing := _closing(cues, match, text.tokens):
            return Assertion(closing, whole=False)
        if any(cue.cue.status == "present" for _, cue in reaching):
            reaching = [(distance, cue) for distance, cue in reaching if cue.cue.status not in ("present", "past")]
        if not reaching:
            return Assertion(self._of_whom(match, text.tokens), whole=True)
        whose = [(distance, cue) for distance, cue in reaching if cue.cue.status == "other_person"]
        distance, cue = min(whose or reaching, key=lambda item: (item[0], _ORDER.index(item[1].cue.status)))
        status = cue.cue.status
        whole = any(_stands_whole(cue, match, text.tokens) for _, cue in reaching if cue.cue.status == status)
        others = [other for _, other in reaching if other is not cue and cue.first < other.first]
        return Assertion(
            self._of_whom(match, text.tokens) if status == "none" else status,
            whole,
            cue.first <= match.last,
            over=any(other.cue.status == "past" and other.cue.reach == "both" for other in others),
            lacking=any(
                other.cue.status == "denied"
                and other.first <= match.first
                and text.tokens[other.first].segment == text.tokens[match.first].segment
                for other in others
            ),
        )

    def _of_whom(self, match: Match, tokens: Sequence[Token]) -> Status:
        """Status of a sign that is there: "kill herself" is another's, whoever speaks."""
        own = {token.text for token in tokens[match.first : match.last + 1]}
        return "present" if self._reflexives.isdisjoint(own) else "other_person"

    def _distance(self, cue: FoundCue, match: Match, tokens: tuple[Token, ...]) -> int | None:
        """Words between cue and match, or None where the cue does not reach."""
        if tokens[cue.first].clause != tokens[match.first].clause and cue.cue.status != "other_person":
            return None
        if any(token.text in cue.cue.unless for token in tokens[match.first : match.last + 1]):
            return None
        if match.first < cue.first <= match.last:  # between the parts of a sign: "hamstrings no tightness"
            return 0
        forward = cue.first <= match.first
        if cue.cue.reach == "clause":
            return 0
        if cue.cue.reach == "segment":
            within = tokens[match.first].segment <= tokens[cue.first].segment <= tokens[match.last].segment
            return 0 if within else None
        if cue.cue.reach not in ("both", "forward" if forward else "backward"):
            return None
        if cue.cue.reach == "both" and abs(tokens[cue.first].segment - tokens[match.first].segment) > 1:
            return None  # a date belongs to what stands beside it, not to all that a list names
        if cue.cue.status == "other_person":
            return self._person_distance(cue, match, tokens)
        if forward:
            return max(match.first - cue.last - 1, 0) if match.first <= cue.until else None
        if any(token.kind == "join" for token in tokens[match.last + 1 : cue.first]) and not _is_mark_only(
            tokens[match.last + 1 : cue.first]
        ):
            return None
        return max(cue.first - match.last, 0)

    def _answer(self, match: Match, tokens: Sequence[Token]) -> str:
        """The answer that follows and nothing else, as in a list: "fever? god no", "chest pain no, dizzy no"."""
        behind = tokens[match.last + 1 : match.last + 5]
        if behind and behind[0].kind != "word":
            behind = behind[1:]
            while len(behind) > 1 and behind[0].text in self._interjections:
                behind = behind[1:]
        if not behind or (len(behind) > 1 and behind[1].text[0].isalnum()):
            return ""
        return behind[0].text

    def _person_distance(self, cue: FoundCue, match: Match, tokens: tuple[Token, ...]) -> int | None:
        """Another person stays the subject through the sentence, until the writer speaks of themselves."""
        if tokens[cue.first].sentence != tokens[match.first].sentence:
            return None
        between = tokens[cue.last + 1 : match.first] if cue.first <= match.first else tokens[match.last + 1 : cue.first]
        if any(token.text in self.selves for token in between):
            return None
        own = [token.text for token in tokens[match.first : match.last + 1]]
        # "he hurts me" is about the writer, whoever is named first
        return None if own[0] in self.selves or WRITER.intersection(own) else len(between)


def _closing(cues: Sequence[FoundCue], match: Match, tokens: Sequence[Token]) -> Status | None:
    """What is said at once of a list that the match is part of: "fever, chills, weight loss: none of that". A question
    before it may be of several clauses.
    """
    for cue in cues:
        status = cue.cue.status
        if status == "none" or cue.cue.reach != "list" or cue.first <= match.last:
            continue
        if all(token.kind != "stop" or "?" in token.text for token in tokens[match.last + 1 : cue.first]):
            return status
    return None


def _is_mark_only(tokens: Sequence[Token]) -> bool:
    """Whether nothing but a comma stands between: "back pain, gone now"."""
    return all(token.kind == "join" for token in tokens)


def _stands_whole(cue: FoundCue, match: Match, tokens: Sequence[Token]) -> bool:
    """Whether cue and match share a segment. Between the parts of a sign it says that the later part is not there, and
    so the sign is not.
    """
    first, last = tokens[match.first].segment, tokens[match.last].segment
    between = match.first < cue.first and cue.cue.reach == "forward"
    return tokens[cue.first].segment == last and (between or first == last)
