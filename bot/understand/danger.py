"""The second pair of eyes of the screen: a classifier that hears danger where no pattern of a rule stands.

It only raises. Sure enough, the likeliest rule fires; unsure, it becomes a question. How grave a text is and which rule
it speaks of are learned apart and count alike: each is misled by other words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.model.language import Status
from bot.model.screen import SafetyRule
from bot.model.talk import SafetyFinding
from bot.model.words import LEVELS, Lane, Level, counted_level
from bot.understand.classifier import Classifier, Scores, chance
from bot.understand.features import HEARD, Word, reaches
from bot.understand.matching import Match
from bot.understand.message import Message


class Enough(NamedTuple):
    """Probabilities from which something is done; tuned on the project's tuning set."""

    sure: float
    """Danger counts."""
    unsure: Mapping[Lane, float]
    """It is asked about."""
    first: float
    """A clinician should be asked first, where nothing graver is likely."""


USUALLY = Enough(0.4, {"body": 0.13, "crisis": 0.1}, 0.35)
BRIEFLY = Enough(0.5, {"body": 0.3, "crisis": 0.3}, 0.6)
"""For a brief text, of which a word may be half."""
BRIEF = 7
"""Words up to which a text is brief."""
FEWEST = 3
"""Words below which a text is left to the rules: "bye" and "maybe" say too little."""
ELSEWHERE = 0.6
"""Probability of being about something else from which no crisis is guessed: "the date tomorrow", "I have to go"."""
AT_ONCE, SHARED = 45, 15
"""Words that are heard at once, and those that two parts of a longer text share; tuned on the project's tuning set.
Much of a story is harmless: it must neither hide a sign nor add up to one."""
LANES: tuple[Lane, ...] = ("body", "crisis")
"""Lanes that are listened to."""
ASKED: tuple[Level, ...] = ("emergency", "same_day")
"""Levels at which a doubt is worth a question."""


class DangerReader:
    """Hears what needs a person."""

    def __init__(self, classifier: Classifier, rules: Mapping[str, SafetyRule]) -> None:
        self._classifier, self._rules = classifier, rules
        self._levels = {
            (lane, level): column
            for lane in LANES
            for level in HEARD
            if (column := classifier.columns.get(f"danger/{lane}_{level}")) is not None
        }
        self._elsewhere = classifier.columns.get("intent/out_of_scope")
        columns = {id_: column for id_ in rules if (column := classifier.columns.get(f"rule/{id_}")) is not None}
        self._rules_of = {
            at: {id_: column for id_, column in columns.items() if self._speaks_of(rules[id_], *at)}
            for at in self._levels
        }
        """By lane and level, the rules that may be meant, with their columns."""

    @staticmethod
    def _speaks_of(rule: SafetyRule, lane: Lane, level: Level) -> bool:
        """A graver rule may be meant as well, but not by what would only be told to a clinician."""
        return rule.lane == lane and (rule.level == level or (level in ASKED and reaches(rule.level, level)))

    def find(
        self, message: Message, words: Sequence[Word], scores: Scores, known: Collection[SafetyFinding]
    ) -> Iterator[SafetyFinding]:
        """What the rules of a lane did not find, one finding a lane at most; `known` is what they found, and `scores`
        what the classifier makes of the words.
        """
        if len(words) < FEWEST:
            return
        parts = self._parts(words, scores)
        for lane in LANES:
            found = [finding for part in parts if (finding := self._in_part(lane, *part, message, known))]
            if found:
                yield max(found, key=lambda finding: (finding.status == "present", LEVELS.index(finding.level)))

    def _parts(self, words: Sequence[Word], scores: Scores) -> list[tuple[Sequence[Word], Scores]]:
        if len(words) <= AT_ONCE:
            return [(words, scores)]
        starts = range(0, len(words) - SHARED, AT_ONCE - SHARED)
        return [(part, self._classifier.scores(part)) for at in starts if (part := words[at : at + AT_ONCE])]

    def _in_part(
        self, lane: Lane, words: Sequence[Word], scores: Scores, message: Message, known: Collection[SafetyFinding]
    ) -> SafetyFinding | None:
        odds = scores.whole.tolist()
        heard = self._heard(lane, odds, USUALLY if len(words) > BRIEF else BRIEFLY)
        if heard is None or (lane == "crisis" and self._is_elsewhere(odds)):
            return None
        level, rule, sure = heard
        beside = [finding for finding in known if finding.lane == lane]
        grave = [finding for finding in beside if finding.level in ASKED]
        if any(finding.id == rule or reaches(counted_level(finding.level, finding.status), level) for finding in grave):
            return None
        if not sure and beside:
            return None  # a rule understood what is said, asks about it, or heard it denied: no guess beside that
        if lane == "body" and _left_over(words, beside, message) < FEWEST:
            return None  # "I have osteoporosis": the rules understood the whole of it
        sure = sure and not grave
        column = self._levels[lane, level]
        first, last = scores.strongest(int(scores.segments[:, column].argmax()), column)
        span = message.span(Match(rule, words[first].token, words[last].token))
        status: Status = "present" if sure else "uncertain"
        return SafetyFinding(rule, self._rules[rule].level, lane, status, span, "classifier")

    def _is_elsewhere(self, odds: Sequence[float]) -> bool:
        return self._elsewhere is not None and chance(odds[self._elsewhere]) >= ELSEWHERE

    def _heard(self, lane: Lane, odds: Sequence[float], enough: Enough) -> tuple[Level, str, bool] | None:
        """The gravest level of which it is sure, with its rule; failing that, one to ask about; and only then a
        clinician's.
        """
        heard = {level: self._likeliest(lane, level, odds) for level in HEARD if self._rules_of.get((lane, level))}
        for least, sure in ((enough.sure, True), (enough.unsure[lane], False)):
            for level in ASKED:
                if level in heard and heard[level][1] >= least:
                    return level, heard[level][0], sure
        rule, likely = heard.get("clinician_first", ("", 0.0))
        return ("clinician_first", rule, True) if likely >= enough.first else None

    def _likeliest(self, lane: Lane, level: Level, odds: Sequence[float]) -> tuple[str, float]:
        """The likeliest rule of at least a level, and how probable the two are together."""
        columns = self._rules_of[lane, level]
        rule = max(columns, key=lambda id_: odds[columns[id_]])
        return rule, chance((odds[self._levels[lane, level]] + odds[columns[rule]]) / 2)


def _left_over(words: Sequence[Word], known: Collection[SafetyFinding], message: Message) -> int:
    """Words in which no rule found a sign."""
    spans = [finding.span for finding in known if finding.span and finding.status == "present"]
    return sum(not any(start <= message.tokens[word.token].start < end for start, end in spans) for word in words)
