"""The second pair of eyes of the screen: a classifier that hears danger where no pattern of a rule stands.

It only raises. Sure enough, the likeliest rule fires; unsure, it becomes a question.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.model.language import Status
from bot.model.screen import SafetyRule
from bot.model.talk import SafetyFinding
from bot.model.words import LEVELS, Lane, Level, counted_level
from bot.understand.classifier import Classifier, Scores, probability
from bot.understand.features import HEARD, Word, reaches
from bot.understand.matching import Match
from bot.understand.message import Message

SURE: Mapping[Lane, float] = {"body": 0.5, "crisis": 0.5}
"""Probability from which danger counts, by lane; tuned on the project's tuning set."""
UNSURE: Mapping[Lane, float] = {"body": 0.2, "crisis": 0.2}
"""Probability from which it is asked about."""
FIRST = 0.4
"""Probability from which a clinician should be asked first, where nothing graver is likely."""
NAMED, NAMED_FIRST = 0.05, 0.3
"""Probability that the likeliest rule must have as well, so that it fires without a question; and the same for a
clinician's: there is no question to fall back on."""
FEWEST = 3
"""Words below which a text is left to the rules: "bye" and "maybe" say too little."""
ELSEWHERE = 0.6
"""Probability of being about something else from which no crisis is guessed: "the date tomorrow", "I have to go"."""
AT_ONCE, SHARED = 45, 15
"""Words that are heard at once, and those that two parts of a longer text share; tuned on the project's tuning set.
Much of a story is harmless: it must neither hide a sign nor add up to one."""
ASKED: tuple[Level, ...] = ("emergency", "same_day")
"""Levels at which a doubt is worth a question."""


class DangerReader:
    """Hears what needs a person."""

    def __init__(self, classifier: Classifier, rules: Mapping[str, SafetyRule]) -> None:
        self._classifier, self._rules = classifier, rules
        self._columns = {
            (lane, level): column
            for lane in SURE
            for level in HEARD
            if (column := classifier.columns.get(f"danger/{lane}_{level}")) is not None
        }
        self._elsewhere = classifier.columns.get("intent/out_of_scope")
        self._of_rule = {
            label.partition("/")[2]: column
            for label, column in classifier.columns.items()
            if label.startswith("rule/") and label.partition("/")[2] in rules
        }

    def find(
        self, message: Message, words: Sequence[Word], scores: Scores, known: Collection[SafetyFinding]
    ) -> Iterator[SafetyFinding]:
        """What the rules of a lane did not find, one finding a lane at most; `known` is what they found, and `scores`
        what the classifier makes of the words.
        """
        if len(words) < FEWEST:
            return
        parts = self._parts(words, scores)
        for lane in SURE:
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
        chances = probability(scores.whole).tolist()
        heard = self._heard(lane, chances)
        if heard is None or (lane == "crisis" and self._is_elsewhere(chances)):
            return None
        level, sure = heard
        rule = self._likeliest(lane, level, chances)
        beside = [finding for finding in known if finding.lane == lane]
        grave = [finding for finding in beside if finding.level in ASKED]
        if rule is None or any(
            finding.id == rule or reaches(counted_level(finding.level, finding.status), level) for finding in grave
        ):
            return None
        sure = sure and chances[self._of_rule[rule]] >= (NAMED if level in ASKED else NAMED_FIRST)
        if not sure and (beside or level not in ASKED):
            return None  # a rule understood what is said, asks about it, or heard it denied: no guess beside that
        sure = sure and not grave
        column = self._columns[lane, level]
        first, last = scores.strongest(int(scores.segments[:, column].argmax()), column)
        span = message.span(Match(rule, words[first].token, words[last].token))
        status: Status = "present" if sure else "uncertain"
        return SafetyFinding(rule, self._rules[rule].level, lane, status, span, "classifier")

    def _is_elsewhere(self, chances: Sequence[float]) -> bool:
        return self._elsewhere is not None and chances[self._elsewhere] >= ELSEWHERE

    def _heard(self, lane: Lane, chances: Sequence[float]) -> tuple[Level, bool] | None:
        """The gravest level of which it is sure; failing that, one to ask about; and only then a clinician's."""
        reached = {level: chances[column] for (of, level), column in self._columns.items() if of == lane}
        for level in ASKED:
            if reached.get(level, 0) >= SURE[lane]:
                return level, True
        for level in ASKED:
            if reached.get(level, 0) >= UNSURE[lane]:
                return level, False
        return ("clinician_first", True) if reached.get("clinician_first", 0) >= FIRST else None

    def _likeliest(self, lane: Lane, level: Level, chances: Sequence[float]) -> str | None:
        """Of the rules that reach the level; of those of a clinician's level, that level alone: the graver were no
        more than doubted.
        """
        rules = [
            rule
            for rule in self._of_rule
            if self._rules[rule].lane == lane
            and (self._rules[rule].level == level or (level in ASKED and reaches(self._rules[rule].level, level)))
        ]
        return max(rules, key=lambda rule: chances[self._of_rule[rule]], default=None)
