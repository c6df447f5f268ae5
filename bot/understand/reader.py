"""Reads a message: phrases and cues first, then the classifier for what no phrase found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge import Knowledge
from bot.model.language import Patterns, Status
from bot.model.screen import SafetyRule
from bot.model.talk import Finding, Reading, SafetyFinding, Uncovered
from bot.model.words import LEVELS, Level, counted_level
from bot.understand.assertion import Assertions, FoundCue
from bot.understand.classifier import Classifier
from bot.understand.features import words_of
from bot.understand.intent import IntentReader
from bot.understand.matching import Lexicon, Match, Matcher, Tagged
from bot.understand.tokens import Token, clean, tokenize
from bot.understand.typos import Repair

UNSURE = 0.45
"""Share of its threshold from which a label is a guess worth offering as a choice."""
BEYOND_DOUBT = 0.8
"""Score from which the classifier is believed even beside a place that no article covers."""
SECOND = 0.6
"""Score from which the classifier may find one thing more in words that a phrase took for another."""
CLAUSE_WORDS = 3
"""Shorter clauses are too little for the classifier to judge by themselves."""

_STRENGTH: tuple[Status, ...] = ("present", "uncertain", "past", "hypothetical", "other_person", "denied")
"""Of several mentions of one thing, the first of these that occurs holds."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A message, split and tagged."""

    raw: str
    tagged: Tagged
    cues: Sequence[FoundCue]

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.tagged.tokens

    def span(self, match: Match) -> tuple[int, int]:
        return self.tokens[match.first].start, self.tokens[match.last].end


class Reader:
    """Reads messages with the compiled knowledge and, where there is one, a classifier."""

    def __init__(self, knowledge: Knowledge, classifier: Classifier | None) -> None:
        book = knowledge.phrases
        self._knowledge, self._classifier = knowledge, classifier
        self._assertions = Assertions(knowledge.assertion)
        self._lexicon = Lexicon(book.places, book.signs, {**book.lists, **knowledge.safety_lists})
        self._facts = Matcher(
            {f"symptom/{id_}": patterns for id_, patterns in book.symptoms.items()}
            | {f"context/{id_}": patterns for id_, patterns in book.contexts.items()}
            | {f"topic/{id_}": patterns for id_, patterns in book.topics.items()}
            | {f"practice/{id_}": patterns for id_, patterns in book.practices.items()},
            self._lexicon,
        )
        self._uncovered_places = {name for area in book.areas.values() for name in area.places}
        self._areas = Matcher(_area_patterns(knowledge), self._lexicon)
        self._safety = Matcher(
            {rule.id: _patterns_of(rule) for rule in knowledge.safety.values()}, self._lexicon
        )
        self._companions = Matcher(
            {rule.id: Patterns(phrases=rule.with_any) for rule in knowledge.safety.values()}, self._lexicon
        )
        self._look_alikes = Matcher(
            {rule.id: Patterns(phrases=rule.not_if) for rule in knowledge.safety.values()}, self._lexicon
        )
        self._intents = IntentReader(knowledge, self._lexicon)
        targets = self._facts.vocabulary | self._areas.vocabulary | self._safety.vocabulary | self._lexicon.vocabulary
        known = (classifier.known_words if classifier else frozenset()) | self._assertions.vocabulary
        self._repair = Repair(targets, known | self._intents.vocabulary)

    def read(self, text: str, *, felt: Collection[str] = ()) -> Reading:
        """Read one message, at most a few thousand code points; `felt` are symptoms known from earlier messages."""
        raw = clean(text)
        if not raw:
            return Reading(text=raw, intent="unclear")
        tokens = tokenize(raw, stops=self._assertions.stops, joins=self._assertions.joins, repair=self._repair)
        message = _Text(raw, self._lexicon.tag(tokens), self._assertions.cues(tokens))
        matches = self._facts.find(message.tagged)
        symptoms = self._findings("symptom", matches, message)
        contexts = self._findings("context", matches, message)
        guesses: tuple[str, ...] = ()
        probabilities: dict[str, float] = {}
        uncovered = self._uncovered(message, matches)
        if self._classifier:
            probabilities, sure, guesses = self._classify(message)
            symptoms = self._add_sure(symptoms, [hit for hit in sure if hit[0].startswith("symptom/")], message, uncovered)
            contexts = self._add_sure(contexts, [hit for hit in sure if hit[0].startswith("context/")], message, uncovered)
        safety = self._safety_findings(message, accompanied=bool(felt))
        if felt or any(finding.status == "present" for finding in symptoms):
            # Another's pregnancy or age says nothing of a writer who speaks of their own complaint.
            safety = [found for found in safety if not self._is_anothers_trait(found)]
        found = Reading(
            text=raw,
            intent="unclear",
            symptoms=tuple(symptoms),
            contexts=tuple(contexts),
            uncovered=tuple(uncovered),
            safety=tuple(safety),
            level=level_of(safety),
            topics=_ids("topic", matches),
            practices=_ids("practice", matches),
            preferences=self._intents.preferences(message.tagged),
            guesses=tuple(guess for guess in guesses if guess not in {finding.id for finding in symptoms}),
        )
        return self._intents.decide(found, message.tagged, probabilities)

    def _findings(self, kind: str, matches: Sequence[Match], message: _Text) -> list[Finding]:
        """One finding an id: of several mentions the one that counts most."""
        mentions: dict[str, list[Finding]] = {}
        for match in matches:
            group, _, id_ = match.label.partition("/")
            if group == kind:
                status = self._assertions.judge(match, message.tagged, message.cues).status
                mentions.setdefault(id_, []).append(Finding(id_, status, 1.0, message.span(match), "phrase"))
        strongest = [min(found, key=lambda finding: _STRENGTH.index(finding.status)) for found in mentions.values()]
        return sorted(strongest, key=lambda finding: (finding.span or (0, 0), finding.id))

    def _uncovered(self, message: _Text, matches: Sequence[Match]) -> list[Uncovered]:
        covered = [match for match in matches if match.label.startswith("symptom/")]
        found: dict[str, Uncovered] = {}
        for match in self._areas.find(message.tagged):
            area, _, rest = match.label.partition("/")
            if any(other.first <= match.first and match.last <= other.last for other in covered):
                continue
            status = self._assertions.judge(match, message.tagged, message.cues).status
            if rest:  # a place with a sign: what is named back is the place
                place = self._place_in(match, rest, message.tagged)
                span = message.span(place)
                if self._is_fine(match, message.tagged):
                    status = "denied"
            else:
                span = message.span(match)
            known = found.get(area)
            if known is None or _STRENGTH.index(status) < _STRENGTH.index(known.status):
                found[area] = Uncovered(message.raw[slice(*span)], area, status, span)
        return sorted(found.values(), key=lambda finding: finding.span)

    @staticmethod
    def _place_in(match: Match, places: str, tagged: Tagged) -> Match:
        spots = tagged.lists.get(places, {})
        start = next(start for start in sorted(spots) if match.first <= start <= match.last)
        return Match(places, start, spots[start][0] - 1)

    @staticmethod
    def _is_fine(match: Match, tagged: Tagged) -> bool:
        signs = {start for start in tagged.lists.get("fine", {}) if match.first <= start <= match.last}
        return bool(signs)

    def _safety_findings(self, message: _Text, *, accompanied: bool) -> list[SafetyFinding]:
        look_alikes = self._look_alikes.find(message.tagged)
        companions = {match.label for match in self._companions.find(message.tagged)}
        found: dict[str, SafetyFinding] = {}
        for match in self._safety.find(message.tagged):
            clause = message.tokens[match.first].clause
            if any(other.label == match.label and message.tokens[other.first].clause == clause for other in look_alikes):
                continue
            rule = self._knowledge.safety[match.label]
            if rule.with_any and not accompanied and rule.id not in companions:
                continue
            status = self._safety_status(match, message)
            finding = SafetyFinding(rule.id, rule.level, rule.lane, status, message.span(match), "phrase")
            known = found.get(rule.id)
            if known is None or _STRENGTH.index(status) < _STRENGTH.index(known.status):
                found[rule.id] = finding
        return sorted(found.values(), key=lambda finding: (-LEVELS.index(finding.level), finding.span or (0, 0), finding.id))

    def _is_anothers_trait(self, finding: SafetyFinding) -> bool:
        return finding.status == "other_person" and self._knowledge.safety[finding.id].of_self

    def _safety_status(self, match: Match, message: _Text) -> Status:
        """A denial counts only where sign and negator stand whole in one clause; a rule may ask, or never listen."""
        assertion = self._assertions.judge(match, message.tagged, message.cues)
        rule = self._knowledge.safety[match.label]
        if assertion.status == "past" and rule.lasting:
            return "present"
        if assertion.status not in ("denied", "uncertain"):
            return assertion.status
        if rule.negatable == "never":
            return "present"
        if assertion.status == "denied" and rule.negatable == "ask" and not assertion.whole:
            return "uncertain"
        return assertion.status

    def _classify(self, message: _Text) -> tuple[dict[str, float], list[tuple[str, float, int | None]], tuple[str, ...]]:
        """Probabilities of the whole text; labels that are sure, with their clause; and guesses, likeliest first."""
        assert self._classifier is not None
        model = self._classifier
        clauses: dict[int, list[Token]] = {}
        for token in message.tokens:
            clauses.setdefault(token.clause, []).append(token)
        whole = model.probabilities(words_of(message.tokens))
        parts = {number: words_of(tokens) for number, tokens in clauses.items()}
        scored = {
            number: model.probabilities(words) for number, words in parts.items() if len(words) >= CLAUSE_WORDS and len(clauses) > 1
        }
        sure, guesses = [], []
        for column in [*model.of_group["symptom"], *model.of_group["context"]]:
            best = max(scored, key=lambda number: (float(scored[number][column]), -number)) if scored else None
            clause_score = float(scored[best][column]) if best is not None else float(whole[column])
            score = (float(whole[column]) + clause_score) / 2
            threshold = float(model.thresholds[column])
            label = model.labels[column]
            if score >= threshold:
                sure.append((label, score, best))
            elif score >= threshold * UNSURE and label.startswith("symptom/"):
                guesses.append((score, label.partition("/")[2]))
        probabilities = {model.labels[column]: float(whole[column]) for column in model.of_group["intent"]}
        return probabilities, sure, tuple(id_ for _, id_ in sorted(guesses, reverse=True))

    def _add_sure(
        self,
        findings: list[Finding],
        sure: Iterable[tuple[str, float, int | None]],
        message: _Text,
        uncovered: Sequence[Uncovered],
    ) -> list[Finding]:
        """Findings, with those of the classifier that no phrase found; their status is that of their clause."""
        known = {finding.id for finding in findings}
        added = list(findings)
        for label, score, clause in sure:
            id_ = label.partition("/")[2]
            if id_ in known:
                continue
            match, status = self._status_of_part(label, clause, message)
            if score < BEYOND_DOUBT and self._is_elsewhere(match, message, uncovered):
                continue
            if score < SECOND and any(_overlap(message.span(match), finding.span) for finding in findings):
                continue
            added.append(Finding(id_, status, round(score, 3), message.span(match), "classifier"))
        return sorted(added, key=lambda finding: (finding.span or (0, 0), finding.id))

    def _status_of_part(self, label: str, clause: int | None, message: _Text) -> tuple[Match, Status]:
        """Where in its clause a label of the classifier stands, and its status there.

        The part between joins that speaks most for the label is taken. A denial in that part counts unless its words
        speak for the label themselves, as in "no energy for anything": then they are how the sign is worded.
        """
        parts: dict[int, list[int]] = {}
        for number, token in enumerate(message.tokens):
            if token.kind == "word" and clause in (None, token.clause):
                parts.setdefault(token.segment, []).append(number)
        best = max(parts.values(), key=lambda part: self._score(label, part, message))
        match = Match(label, best[0], best[-1])
        inside = [cue for cue in message.cues if best[0] <= cue.first <= best[-1]]
        for cue in inside:
            if cue.cue.status == "denied":
                rest = [number for number in best if not cue.first <= number <= cue.last]
                if not rest or self._score(label, rest, message) < self._score(label, best, message):
                    continue
            if cue.cue.status == "none" and cue.cue.reach == "forward":
                continue
            return match, "present" if cue.cue.status == "none" else cue.cue.status
        outside = [cue for cue in message.cues if cue not in inside]
        return match, self._assertions.judge(match, message.tagged, outside).status

    def _is_elsewhere(self, match: Match, message: _Text, uncovered: Sequence[Uncovered]) -> bool:
        """Whether the part speaks of a place that no article covers, and of none that one does."""
        start, end = message.span(match)
        named = any(start <= finding.span[0] < end for finding in uncovered)
        ours = any(
            match.first <= place <= match.last
            for name in self._lexicon.places - self._uncovered_places
            for place in message.tagged.lists.get(name, ())
        )
        return named and not ours

    def _score(self, label: str, numbers: Sequence[int], message: _Text) -> float:
        assert self._classifier is not None
        words = words_of([message.tokens[number] for number in numbers])
        return float(self._classifier.probabilities(words)[self._classifier.labels.index(label)])


def _overlap(one: tuple[int, int], other: tuple[int, int] | None) -> bool:
    return other is not None and one[0] < other[1] and other[0] < one[1]


def level_of(safety: Iterable[SafetyFinding]) -> Level:
    """Highest level of the findings that count."""
    return max((counted_level(finding.level, finding.status) for finding in safety), key=LEVELS.index, default="none")


def _patterns_of(rule: SafetyRule) -> Patterns:
    return Patterns(
        phrases=tuple(phrase for sign in rule.signs for phrase in sign.phrases),
        pairs=tuple(pair for sign in rule.signs for pair in sign.pairs),
    )


def _ids(kind: str, matches: Iterable[Match]) -> tuple[str, ...]:
    prefix = f"{kind}/"
    return tuple(dict.fromkeys(match.label.removeprefix(prefix) for match in matches if match.label.startswith(prefix)))


def _area_patterns(knowledge: Knowledge) -> dict[str, Patterns]:
    """Complaints by area; and, by `area/place list`, the place with any sign."""
    signs = "|".join(f"<{name}>" for name in knowledge.phrases.signs)
    patterns: dict[str, Patterns] = {}
    for area, entry in knowledge.phrases.areas.items():
        patterns[area] = Patterns(phrases=entry.complaints)
        for place in entry.places:
            patterns[f"{area}/{place}"] = Patterns(pairs=((f"<{place}>", signs),))
    return patterns
