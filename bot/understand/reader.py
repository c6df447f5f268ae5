"""Reads a message: phrases and cues first, then the classifier for what no phrase found."""

from collections.abc import Collection, Iterable

from bot.knowledge import Knowledge
from bot.model.language import FINE, Patterns
from bot.model.talk import Finding, Reading, SafetyFinding, Uncovered
from bot.model.words import LEVELS, Level, counted_level
from bot.understand.assertion import Assertions
from bot.understand.classifier import Classifier
from bot.understand.inference import Heard, Inference
from bot.understand.intent import IntentReader
from bot.understand.lexicon import Lexicon, Tagged
from bot.understand.matching import Match, Matcher
from bot.understand.message import STRENGTH, Message, overlap
from bot.understand.screen import Screen
from bot.understand.slots import SlotReader
from bot.understand.tokens import clean, tokenize
from bot.understand.typos import Repair


class Reader:
    """Reads messages with the compiled knowledge and, where there is one, a classifier."""

    def __init__(self, knowledge: Knowledge, classifier: Classifier | None) -> None:
        book = knowledge.phrases
        self._assertions = Assertions(knowledge.assertion)
        self._screen = Screen(knowledge, self._assertions)
        self._intents = IntentReader(knowledge)
        self._slots = SlotReader(knowledge, self._assertions)
        lists = {**book.lists, **knowledge.safety_lists, **knowledge.assertion.lists}
        self._lexicon = Lexicon(book.places, book.signs, lists)
        self._matcher = Matcher(
            {
                "symptom": book.symptoms,
                "context": book.contexts,
                "topic": book.topics,
                "practice": book.practices,
                "area": _area_patterns(knowledge),
                **self._screen.patterns,
                **self._intents.patterns,
                **self._assertions.patterns,
            },
            self._lexicon,
        )
        covered = self._lexicon.places - {name for area in book.areas.values() for name in area.places}
        self._inference = Inference(classifier, self._assertions, covered) if classifier else None
        known = classifier.known_words if classifier else frozenset()
        self._repair = Repair(self._matcher.vocabulary | self._lexicon.vocabulary, known)

    def read(self, text: str, *, felt: Collection[str] = ()) -> Reading:
        """Read one message, at most a few thousand code points; `felt` are symptoms known from earlier messages."""
        raw = clean(text)
        if not raw:
            return Reading(text=raw, intent="unclear")
        tokens = tokenize(raw, stops=self._assertions.stops, joins=self._assertions.joins, repair=self._repair)
        tagged = self._lexicon.tag(tokens)
        matches = self._matcher.find(tagged)
        message = Message(raw, tagged, matches, self._assertions.cues(matches.get("cue", ())))
        symptoms = self._findings("symptom", message)
        contexts = self._findings("context", message)
        uncovered = self._uncovered(message)
        heard = Heard({}, (), ())
        if self._inference:
            heard = self._inference.classify(message)
            symptoms = self._inference.add(symptoms, heard.of("symptom"), message, uncovered)
            contexts = self._inference.add(contexts, heard.of("context"), message, uncovered)
        safety = self._screen.find(message, accompanied=bool(felt))
        if felt or any(finding.status == "present" for finding in symptoms):
            safety = [finding for finding in safety if not self._screen.is_anothers_trait(finding)]
        uncovered = [item for item in uncovered if not any(overlap(item.span, finding.span) for finding in safety)]
        found = Reading(
            text=raw,
            intent="unclear",
            symptoms=tuple(symptoms),
            contexts=tuple(contexts),
            uncovered=tuple(uncovered),
            safety=tuple(safety),
            level=level_of(safety),
            topics=_ids("topic", message),
            practices=_ids("practice", message),
            preferences=self._intents.preferences(message),
            guesses=tuple(guess for guess in heard.guesses if guess not in {finding.id for finding in symptoms}),
            slots=self._slots.read(message),
        )
        return self._intents.decide(found, message, heard.intents)

    def _findings(self, kind: str, message: Message) -> list[Finding]:
        """One finding an id: of several mentions the one that counts most."""
        mentions: dict[str, list[Finding]] = {}
        for match in message.found(kind):
            status = self._assertions.judge(match, message.tagged, message.cues).status
            mentions.setdefault(match.label, []).append(
                Finding(match.label, status, 1.0, message.span(match), "phrase")
            )
        strongest = [min(found, key=lambda finding: STRENGTH.index(finding.status)) for found in mentions.values()]
        return sorted(strongest, key=lambda finding: (finding.span or (0, 0), finding.id))

    def _uncovered(self, message: Message) -> list[Uncovered]:
        covered = message.found("symptom")
        found: dict[str, Uncovered] = {}
        for match in message.found("area"):
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
            if known is None or STRENGTH.index(status) < STRENGTH.index(known.status):
                found[area] = Uncovered(message.raw[slice(*span)], area, status, span)
        return sorted(found.values(), key=lambda finding: finding.span)

    @staticmethod
    def _place_in(match: Match, places: str, tagged: Tagged) -> Match:
        spots = tagged.lists.get(places, {})
        start = next(start for start in sorted(spots) if match.first <= start <= match.last)
        return Match(places, start, spots[start][0] - 1)

    @staticmethod
    def _is_fine(match: Match, tagged: Tagged) -> bool:
        signs = {start for start in tagged.lists.get(FINE, {}) if match.first <= start <= match.last}
        return bool(signs)


def level_of(safety: Iterable[SafetyFinding]) -> Level:
    """Highest level of the findings that count."""
    return max((counted_level(finding.level, finding.status) for finding in safety), key=LEVELS.index, default="none")


def _ids(group: str, message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.label for match in message.found(group)))


def _area_patterns(knowledge: Knowledge) -> dict[str, Patterns]:
    """Complaints by area; and, by `area/place list`, the place with any sign."""
    signs = "|".join(f"<{name}>" for name in knowledge.phrases.signs)
    patterns: dict[str, Patterns] = {}
    for area, entry in knowledge.phrases.areas.items():
        patterns[area] = Patterns(phrases=entry.complaints)
        for place in entry.places:
            patterns[f"{area}/{place}"] = Patterns(pairs=((f"<{place}>", signs),))
    return patterns
