"""The second pair of eyes of the screen: a classifier that hears danger where no pattern of a rule stands.

It only raises. Sure enough, the likeliest rule fires; unsure, it becomes a question. How grave a text is and which rule
it speaks of are learned apart and count alike: each is misled by other words.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bot.knowledge import Knowledge
from bot.model.language import Status
from bot.model.screen import SafetyRule
from bot.model.talk import SafetyFinding
from bot.model.words import LEVELS, Lane, Level, counted_level
from bot.understand.classifier import Floats, Scores, chance
from bot.understand.features import HEARD, Word, reaches
from bot.understand.inference import Inference
from bot.understand.matching import Match
from bot.understand.message import Message, overlap
from bot.understand.model import Model
from bot.understand.network import Blend, Told


class Enough(NamedTuple):
    """Probabilities from which something is done; tuned on the project's tuning set."""

    sure: float
    """Danger counts."""
    unsure: Mapping[Lane, float]
    """It is asked about."""
    first: float
    """A clinician should be asked first, where nothing graver is likely."""
    perhaps: float = 1.0
    """It is asked whether one should be; of the body only, since the question about a crisis is a graver one."""


USUALLY = Enough(0.3, {"body": 0.065, "crisis": 0.07}, 0.25, 0.14)
BRIEFLY = Enough(0.4, {"body": 0.12, "crisis": 0.13}, 0.4, 0.18)
"""For a brief text, of which a word may be half."""
BRIEF = 7
"""Words up to which a text is brief."""
FEWEST = 3
"""Words below which a text is left to the rules: "bye" and "maybe" say too little."""
LEFT_OVER = 2
"""Words that tell something and that no rule understood, below which nothing is heard beside what one did."""
BESIDE = Enough(0.9, {"body": 0.25, "crisis": 0.2}, 0.0)
"""For what is heard beside what a rule found."""
ELSEWHERE = Enough(0.9, {"crisis": 0.5}, 0.8)
"""For a crisis in a text that is likely about something else: "the date tomorrow", "I have to go"."""
OFF = 0.6
"""Probability from which a text is likely about something else."""
OVERRULES = 0.8
"""Probability from which it is asked about what a rule heard denied or past: "he doesn't hit me. he hits the dog"."""
AT_ONCE, SHARED = 45, 15
"""Words that are heard at once, and those that two parts of a longer text share; tuned on the project's tuning set.
Much of a story is harmless: it must neither hide a sign nor add up to one."""
MEANT = 0.15
"""Probability of danger from which ambiguous words are taken for it; below, they are asked about. Tuned on the
project's tuning set.
"""
ALONE = 0.75
"""Share of what the classifier hears more of danger in a sentence alone, that counts: it hears less of a sign the more
stands beside it. Tuned on the project's tuning set, as it is and beside complaints.
"""
HEARD_SHARES = {"danger": 0.5, "rule": 0.5}
"""What the network's log odds weigh beside the classifier's."""
LANES: tuple[Lane, ...] = ("body", "crisis")
"""Lanes that are listened to."""
ASKED: tuple[Level, ...] = ("emergency", "same_day")
"""Levels at which a doubt comes before what a clinician should know first."""


class _Part(NamedTuple):
    """A text, or a part of a long one."""

    words: Sequence[Word]
    scores: Scores
    odds: Sequence[float]
    """Of every label, by the classifier and the network together."""


class DangerReader:
    """Hears what needs a person."""

    def __init__(self, model: Model, knowledge: Knowledge) -> None:
        rules, words = knowledge.safety, knowledge.assertion
        classifier, network = model.labels, model.networks.get("danger")
        self._classifier, self._rules = classifier, rules
        self._telling_nothing = frozenset({"0", *words.grammar, *words.interjections, *knowledge.slots.duration.units})
        """Beside a condition: "oh, and I'm 20 weeks pregnant"."""
        self._blend = Blend(network, classifier.columns, HEARD_SHARES) if network else None
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
        self, message: Message, heard: Inference, known: Collection[SafetyFinding], ambiguous: Iterable[SafetyFinding]
    ) -> Iterator[SafetyFinding]:
        """The ambiguous signs, in doubt where no danger is heard; and what the rules of a lane did not find: one
        finding a lane at most, and beside what should be seen the same day a doubt whether it is an emergency. `known`
        is what the rules found.
        """
        if len(heard.words) < FEWEST:
            yield from map(in_doubt, ambiguous)
            return
        parts = self._parts(heard)
        meant = [sign if self._is_meant(sign, parts, message, heard.told) else in_doubt(sign) for sign in ambiguous]
        yield from meant
        known = [*known, *meant]
        for lane in LANES:
            found = [finding for part in parts if (finding := self._in_part(lane, part, message, known))]
            best = max(found, key=lambda one: (one.status == "present", LEVELS.index(one.level)), default=None)
            counting = [finding for finding in (*known, best) if finding and finding.lane == lane]
            if best:
                yield best
            if _only_today(counting) and self._rules_of.get((lane, "emergency")):
                yield from self._graver(lane, parts, message)

    def _parts(self, heard: Inference) -> list[_Part]:
        words, told = heard.words, heard.told
        if len(words) <= AT_ONCE:
            return [self._part(words, heard.scores, told)]
        starts = range(0, len(words) - SHARED, AT_ONCE - SHARED)
        parts = [words[at : at + AT_ONCE] for at in starts]
        return [
            self._part(part, self._classifier.scores(part), told[part[0].token : part[-1].token + 1]) for part in parts
        ]

    def _part(self, words: Sequence[Word], scores: Scores, told: Sequence[Told]) -> _Part:
        louder = np.maximum(scores.sentences.max(axis=0, initial=-np.inf) - scores.whole, 0)
        return _Part(words, scores, self._together(scores.whole + ALONE * louder, told))

    def _together(self, odds: Floats, told: Sequence[Told]) -> Sequence[float]:
        """Log odds by the classifier, with what the network hears in the same words."""
        blend = self._blend
        blended: list[float] = (blend.odds(odds, blend.network.hear(told)) if blend else odds).tolist()
        return blended

    def _in_part(
        self, lane: Lane, part: _Part, message: Message, known: Collection[SafetyFinding]
    ) -> SafetyFinding | None:
        words, odds = part.words, part.odds
        off = lane == "crisis" and self._is_elsewhere(part.scores)
        heard = self._heard(lane, odds, ELSEWHERE if off else USUALLY if len(words) > BRIEF else BRIEFLY)
        if heard is None:
            return None
        level, rule, likely, sure = heard
        beside = [finding for finding in known if finding.lane == lane]
        if any(finding.id == rule and counted_level(finding.level, finding.status) == level for finding in beside):
            return None  # a rule said so already
        grave = [finding for finding in beside if finding.level in ASKED]
        if any(reaches(counted_level(finding.level, finding.status), level) for finding in grave):
            return None
        if own := [finding.status for finding in grave if finding.id == rule]:
            if likely < OVERRULES or not {"denied", "past"}.issuperset(own):
                return None
            sure = False  # only the person knows
        elif not sure and (grave or (beside and likely < BESIDE.unsure[lane])):
            return None  # a rule understood what is said, asks about it, or heard it denied: no guess beside that
        elif lane == "body" and beside and self._left_over(words, beside, message) < LEFT_OVER:
            return None  # "I have osteoporosis": the rules understood the whole of it
        sure = sure and (not grave or likely >= BESIDE.sure) and not self._looks_like_it(rule, level, message)
        return self._finding(rule, lane, level, "present" if sure else "uncertain", part, message)

    @staticmethod
    def _looks_like_it(rule: str, level: Level, message: Message) -> bool:
        """Whether the rule itself names what stands there as a look-alike: then only the person knows."""
        return level != "emergency" and any(match.label == rule for match in message.found("look_alike"))

    def _is_meant(self, sign: SafetyFinding, parts: Sequence[_Part], message: Message, told: Sequence[Told]) -> bool:
        """Whether danger is heard where an ambiguous sign stands."""
        grave = [level for level in ASKED if self._rules_of.get((sign.lane, level))]
        heard = [odds for part in parts for odds in (part.odds, *self._around(sign, part, message, told))]
        return max(self._likeliest(sign.lane, level, odds)[1] for odds in heard for level in grave) >= MEANT

    def _around(
        self, sign: SafetyFinding, part: _Part, message: Message, told: Sequence[Told]
    ) -> Iterator[Sequence[float]]:
        """A sign's segments, heard alone: a complaint beside them must not make them quieter."""
        words, scores = part.words, part.scores
        for number, (start, end) in enumerate(pairwise((*scores.starts, len(words)))):
            match = Match(sign.id, words[start].token, words[end - 1].token)
            if overlap(message.span(match), sign.span):
                yield self._together(scores.segments[number], told[match.first : match.last + 1])

    def _left_over(self, words: Sequence[Word], known: Collection[SafetyFinding], message: Message) -> int:
        """Words that tell something, in which no rule found a sign."""
        spans = [finding.span for finding in known if finding.span and finding.status == "present"]
        return sum(
            word.text not in self._telling_nothing
            and not any(start <= message.tokens[word.token].start < end for start, end in spans)
            for word in words
        )

    def _graver(self, lane: Lane, parts: Sequence[_Part], message: Message) -> Iterator[SafetyFinding]:
        """A likely emergency, to be asked about beside the hand-over of what is less grave."""
        heard = [(*self._likeliest(lane, "emergency", part.odds), part) for part in parts]
        rule, likely, part = max(heard, key=lambda one: one[1])
        if likely >= USUALLY.unsure[lane]:
            yield self._finding(rule, lane, "emergency", "uncertain", part, message)

    def _finding(
        self, rule: str, lane: Lane, level: Level, status: Status, part: _Part, message: Message
    ) -> SafetyFinding:
        words, scores, column = part.words, part.scores, self._levels[lane, level]
        first, last = scores.strongest(int(scores.segments[:, column].argmax()), column)
        span = message.span(Match(rule, words[first].token, words[last].token))
        return SafetyFinding(rule, self._rules[rule].level, lane, status, span, "classifier")

    def _is_elsewhere(self, scores: Scores) -> bool:
        return self._elsewhere is not None and chance(float(scores.whole[self._elsewhere])) >= OFF

    def _heard(self, lane: Lane, odds: Sequence[float], enough: Enough) -> tuple[Level, str, float, bool] | None:
        """The gravest level of which it is sure, with its rule and how probable both are; failing that, one to ask
        about; and only then a clinician's.
        """
        heard = {level: self._likeliest(lane, level, odds) for level in HEARD if self._rules_of.get((lane, level))}
        for least, sure in ((enough.sure, True), (enough.unsure[lane], False)):
            for level in ASKED:
                if level in heard and heard[level][1] >= least:
                    return level, *heard[level], sure
        rule, likely = heard.get("clinician_first", ("", 0.0))
        asked = enough.perhaps if lane == "body" else enough.first
        return ("clinician_first", rule, likely, likely >= enough.first) if likely >= asked else None

    def _likeliest(self, lane: Lane, level: Level, odds: Sequence[float]) -> tuple[str, float]:
        """The likeliest rule of at least a level, and how probable the two are together."""
        columns = self._rules_of[lane, level]
        rule = max(columns, key=lambda id_: odds[columns[id_]])
        return rule, chance((odds[self._levels[lane, level]] + odds[columns[rule]]) / 2)


def in_doubt(sign: SafetyFinding) -> SafetyFinding:
    """The sign, to be asked about if it would count."""
    return replace(sign, status="uncertain") if counted_level(sign.level, sign.status) != "none" else sign


def _only_today(known: Collection[SafetyFinding]) -> bool:
    """Whether the gravest that holds should be seen the same day, and no emergency is spoken of, not even denied."""
    levels = {counted_level(finding.level, finding.status) for finding in known}
    return "same_day" in levels and all(finding.level != "emergency" for finding in known)
