"""Reads a message: phrases first, then the classifiers for what no phrase found and for whose, when and whether."""

from collections.abc import Collection, Iterable

from bot.knowledge import Knowledge
from bot.model.language import FINE, Status
from bot.model.talk import Finding, Reading, SafetyFinding, Uncovered
from bot.model.words import LEVELS, Level, counted_level, hands_over
from bot.understand.danger import DangerReader, in_doubt
from bot.understand.inference import DOUBTED, Inference, Listener, Mention
from bot.understand.intent import IntentReader
from bot.understand.lexicon import Tagged
from bot.understand.matching import Match
from bot.understand.message import STRENGTH, Message, overlap
from bot.understand.model import Model
from bot.understand.parsing import Parser
from bot.understand.screen import Screen, by_gravity
from bot.understand.slots import SlotReader
from bot.understand.ticks import TickReader

NAMED = 3
"""Words from which on a stretch is too long to be named back as a part of the body or a complaint."""


class Reader:
    """Reads messages with the compiled knowledge and, where there is one, a trained model."""

    def __init__(self, knowledge: Knowledge, model: Model | None) -> None:
        self._parser = Parser(knowledge, model.known_words, model.common_words) if model else Parser(knowledge)
        self._assertions = self._parser.assertions
        self._listener = Listener(model, self._assertions) if model else None
        self._dangers = DangerReader(model, knowledge) if model else None
        self._contexts = knowledge.contexts
        self._areas = knowledge.phrases.areas
        self._screen = Screen(knowledge, self._assertions)
        self._intents = IntentReader(knowledge)
        self._ticks = TickReader(knowledge.intents.ticks)
        self._slots = SlotReader(knowledge, self._assertions)

    def read(self, text: str, *, felt: Collection[str] = ()) -> Reading:
        """Read one message, at most a few thousand code points; `felt` are symptoms known from earlier messages."""
        message = self._parser.parse(text)
        if not message.raw:
            return Reading(text=message.raw, intent="unclear")
        heard = self._listener.hear(message) if self._listener and message.tokens else None
        symptoms, doubted = self._findings("symptom", message, heard)
        contexts = self._without_rivals(self._findings("context", message, heard)[0])
        safety = self._safety(message, heard, accompanied=bool(felt))
        safety = [finding for finding in safety if not self._screen.is_context(finding, contexts)]
        symptoms = [finding for finding in symptoms if not _only_danger(finding, safety)]
        if felt or any(finding.status == "present" for finding in symptoms):
            safety = [finding for finding in safety if not self._screen.is_anothers_trait(finding, message)]
        # what goes to a person or is asked about is not uncovered as well
        grave = [
            sign.span for sign in safety if hands_over(sign.level) and (sign.via == "phrase" or sign.status != "denied")
        ]
        spoken_of = [message.span(match) for match in message.found("practice")]
        uncovered = [
            item
            for item in self._uncovered(message, heard, [*(finding.span for finding in symptoms), *spoken_of])
            if not any(overlap(item.span, span) for span in grave)
        ]
        unsure = [finding.id for finding in symptoms if finding.status == "uncertain"]
        guesses = [*unsure, *doubted, *(heard.guesses() if heard else ())]
        known = {finding.id for finding in symptoms if finding.status != "uncertain"}
        found = Reading(
            text=message.raw,
            intent="unclear",
            symptoms=tuple(symptoms),
            contexts=tuple(contexts),
            uncovered=tuple(uncovered),
            safety=tuple(safety),
            level=level_of(safety),
            topics=_ids("topic", message),
            practices=_ids("practice", message),
            preferences=self._intents.preferences(message),
            remarks=self._intents.remarks(message),
            items=self._intents.items(message),
            ticks=self._ticks.read(message),
            named=self._screen.named(message),
            guesses=tuple(dict.fromkeys(guess for guess in guesses if guess not in known)),
            slots=self._slots.read(message),
        )
        return self._intents.decide(found, message, heard.intents() if heard else {})

    def _safety(self, message: Message, heard: Inference | None, *, accompanied: bool) -> list[SafetyFinding]:
        """Signs of danger: what the rules say first, then what is heard."""
        known, ambiguous = (
            self._screen.find(
                message, accompanied=accompanied, is_denied=heard.is_denied if heard else None, groups=(group,)
            )
            for group in ("sign", "ambiguous_sign")
        )
        there = {finding.id for finding in known if counted_level(finding.level, finding.status) != "none"}
        ambiguous = [finding for finding in ambiguous if finding.id not in there]
        if self._dangers and heard:
            return by_gravity([*known, *self._dangers.find(message, heard, known, ambiguous)])
        return by_gravity([*known, *map(in_doubt, ambiguous)])

    def _findings(self, kind: str, message: Message, heard: Inference | None) -> tuple[list[Finding], list[str]]:
        """One finding an id, of several mentions the one that counts most; and phrases the text hardly means."""
        mentions: dict[str, list[Finding]] = {}
        doubted: list[str] = []
        for match in message.found(kind):
            chance = heard.chance(f"{kind}/{match.label}") if heard else None
            if chance is not None and chance < DOUBTED[kind]:
                doubted.append(match.label)
                continue
            status = self._status(match, kind, message, heard, phrase=True)
            finding = Finding(match.label, status, 1.0, message.span(match), "phrase")
            mentions.setdefault(match.label, []).append(finding)
        for mention in heard.mentions(kind) if heard else ():
            span = message.span(mention.match)
            known = mentions.setdefault(mention.id, [])
            if not any(overlap(span, one.span) for one in known):
                status = self._status(mention.match, kind, message, heard, phrase=False)
                known.append(Finding(mention.id, status, mention.confidence, span, "classifier", mention.drivers))
        strongest = [min(found, key=lambda finding: STRENGTH.index(finding.status)) for found in mentions.values()]
        return sorted(strongest, key=lambda finding: (finding.span or (0, 0), finding.id)), doubted

    def _without_rivals(self, findings: list[Finding]) -> list[Finding]:
        """Of contexts that cannot be meant together, what is heard most clearly holds."""
        rivals = {finding.id: set(self._contexts[finding.id].rivals) for finding in findings}
        held: set[str] = set()
        for finding in sorted(findings, key=lambda finding: -finding.confidence):
            if finding.status == "present" and held.isdisjoint(rivals[finding.id]):
                held.add(finding.id)
        return [finding for finding in findings if finding.status != "present" or finding.id in held]

    def _status(self, match: Match, kind: str, message: Message, heard: Inference | None, *, phrase: bool) -> Status:
        if heard:
            return heard.status(match, kind, phrase=phrase)
        return self._assertions.judge(match, message.tagged, message.cues).status

    def _uncovered(
        self, message: Message, heard: Inference | None, spoken_of: Iterable[tuple[int, int] | None]
    ) -> list[Uncovered]:
        """Places and complaints that no article covers, one an area; `spoken_of` are the words of other findings."""
        covered, spoken_of = message.found("symptom"), tuple(spoken_of)
        found: dict[str, Uncovered] = {}
        for match in message.found("area"):
            area, _, rest = match.label.partition("/")
            if any(other.first <= match.first and match.last <= other.last for other in covered):
                continue
            status = self._status(match, "area", message, heard, phrase=True)
            if rest:  # a place with a sign: what is named back is the place
                place = self._place_in(match, rest, message.tagged)
                span = message.span(place)
                if self._is_fine(match, message.tagged):
                    status = "denied"
            else:
                span = message.span(match)
            if any(other.span == span and other.area != area for other in found.values()):
                continue  # a word of two areas is named once
            known = found.get(area)
            if known is None or STRENGTH.index(status) < STRENGTH.index(known.status):
                found[area] = Uncovered(message.raw[slice(*span)], area, status, span)
        for mention in heard.mentions("area") if heard else ():
            span = message.span(self._named_in(mention, message.tagged))
            taken = (*spoken_of, *(item.span for item in found.values()))
            if mention.id not in found and not any(overlap(span, other) for other in taken):
                status = self._status(mention.match, "area", message, heard, phrase=False)
                found[mention.id] = Uncovered(message.raw[slice(*span)], mention.id, status, span)
        return sorted(found.values(), key=lambda finding: (finding.span, finding.area))

    def _named_in(self, mention: Mention, tagged: Tagged) -> Match:
        """The first word in a stretch that names the area; else the whole, or of a long one what speaks most for it."""
        match, entry = mention.match, self._areas.get(mention.id)
        for places in entry.places if entry else ():
            if any(match.first <= start <= match.last for start in tagged.lists.get(places, {})):
                return self._place_in(match, places, tagged)
        if match.last - match.first < NAMED or not mention.drivers:
            return self._without_grammar(match, tagged)
        strongest = mention.drivers[0][0]
        at = next(at for at in range(match.first, match.last + 1) if tagged.tokens[at].text == strongest)
        return Match(match.label, at, at)

    def _without_grammar(self, match: Match, tagged: Tagged) -> Match:
        """ "Have diabetes" is named "diabetes"; a stretch of nothing but such words stays."""
        grammar = self._assertions.grammar
        telling = [at for at in range(match.first, match.last + 1) if tagged.tokens[at].text not in grammar]
        return Match(match.label, telling[0], telling[-1]) if telling else match

    @staticmethod
    def _place_in(match: Match, places: str, tagged: Tagged) -> Match:
        spots = tagged.lists.get(places, {})
        start = next(start for start in sorted(spots) if match.first <= start <= match.last)
        return Match(places, start, spots[start][0] - 1)

    @staticmethod
    def _is_fine(match: Match, tagged: Tagged) -> bool:
        signs = {start for start in tagged.lists.get(FINE, {}) if match.first <= start <= match.last}
        return bool(signs)


def _only_danger(finding: Finding, safety: Iterable[SafetyFinding]) -> bool:
    """Whether the classifier heard a complaint in the words of a danger sign."""
    signs = [sign.span for sign in safety if sign.via == "phrase" and sign.level != "caution"]
    return finding.via == "classifier" and any(overlap(finding.span or (0, 0), sign) for sign in signs)


def level_of(safety: Iterable[SafetyFinding]) -> Level:
    """Highest level of the findings that count."""
    return max((counted_level(finding.level, finding.status) for finding in safety), key=LEVELS.index, default="none")


def _ids(group: str, message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.label for match in message.found(group)))
