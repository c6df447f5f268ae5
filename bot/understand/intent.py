"""What a message wants: patterns first, then what was found in it, then the classifier."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.knowledge import Knowledge
from bot.model.language import ITEMS, WHOLE, Patterns
from bot.model.talk import Finding, Reading
from bot.understand.message import Message

SURE = 0.55
"""Probability from which the classifier's word on an intent counts."""
ELSEWHERE = 0.5
"""Probability of out_of_scope from which findings of the classifier alone are not believed."""

CERTAIN = 0.8
"""Confidence of the classifier that counts even then."""

_QUESTIONS = ("ask_effect", "ask_about", "ask_why", "ask_sources", "ask_how", "ask_dose")
_FIRST = (
    "restart",
    "ask_human",
    "ask_sources",
    "ask_why",
    "ask_how",
    "ask_dose",
    "ask_effect",
    "ask_about",
    "medical_advice",
)
_AFTER = ("progress", "preference", "help", "goodbye", "thanks", "greet", "affirm", "deny")


def patterns(knowledge: Knowledge) -> dict[str, Mapping[str, Patterns]]:
    """What the matcher must find, by group: intents, preferences, remarks and items."""
    intents = {name: Patterns(phrases=patterns) for name, patterns in knowledge.intents.intents.items()}
    wishes = {name: Patterns(phrases=patterns) for name, patterns in knowledge.intents.preferences.items()}
    gear = {
        f"{verb}_{name.removeprefix('no_')}": Patterns(phrases=patterns)
        for name, having in knowledge.phrases.equipment.items()
        for verb, patterns in (("has", having.has), ("no", having.lacks))
        if patterns
    }
    remarks = {name: Patterns(phrases=patterns) for name, patterns in knowledge.intents.remarks.items()}
    items = {name: Patterns(phrases=patterns) for name, patterns in knowledge.intents.items.items()}
    return {"intent": intents, "preference": wishes | gear, "remark": remarks, "item": items}


class IntentReader:
    """Decides the intent of a reading, and finds stated preferences and remarks."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._selves = frozenset(knowledge.assertion.selves)

    @staticmethod
    def preferences(message: Message) -> tuple[str, ...]:
        """Preferences stated in the text, sorted: `minutes_5`, `no_roller`, `has_foam_roller`, …"""
        return tuple(sorted({match.label for match in message.found("preference")}))

    @staticmethod
    def remarks(message: Message) -> tuple[str, ...]:
        """What the text says of what may stand on the screen, sorted: `worse`, `another`, `order`, …"""
        found = message.found("remark")
        whole = {at for match in found if match.label in WHOLE for at in range(match.first, match.last + 1)}
        other = any(token.kind == "word" and at not in whole for at, token in enumerate(message.tokens))
        return tuple(sorted({match.label for match in found if not (other and match.label in WHOLE)}))

    @staticmethod
    def items(message: Message) -> tuple[int, ...]:
        """Places in a routine that the text names, in the order of the text."""
        return tuple(dict.fromkeys(ITEMS.index(match.label) for match in message.found("item")))

    def decide(self, reading: Reading, message: Message, probabilities: Mapping[str, float]) -> Reading:
        """The reading with its intent; findings that only a question mentions are hypothetical."""
        stated = {match.label for match in message.found("intent")}
        elsewhere = probabilities.get("intent/out_of_scope", 0.0) >= ELSEWHERE
        # What words tell plainly, or what is plainly about something else, needs no guess at a complaint.
        if (elsewhere and not reading.safety) or stated.intersection(_AFTER) or reading.preferences:
            reading = replace(reading, symptoms=plain(reading.symptoms))
        if elsewhere and not reading.safety:
            reading = replace(reading, contexts=plain(reading.contexts), uncovered=())
        intent = self._intent(reading, stated, probabilities)
        if intent in _QUESTIONS:
            speaks_of_self = bool(self._selves & message.tagged.words)
            told = set(plain((*reading.symptoms, *reading.contexts))) if speaks_of_self else set()
            reading = replace(
                reading, symptoms=_imagined(reading.symptoms, told), contexts=_imagined(reading.contexts, told)
            )
        return replace(reading, intent=intent)

    def _intent(self, reading: Reading, stated: set[str], probabilities: Mapping[str, float]) -> str:
        if any(finding.status != "denied" and finding.lane != "scope" for finding in reading.safety):
            return "report"
        for intent in _FIRST:
            if intent in stated:
                return intent
        if any(finding.lane == "scope" for finding in reading.safety):
            return "medical_advice"
        if reading.symptoms or reading.uncovered or reading.safety:
            return "progress" if "progress" in stated and not (reading.present() or reading.uncovered) else "report"
        for intent in _AFTER:
            if intent in stated:
                return intent
        if reading.preferences or reading.slots.minutes:
            return "preference"
        if reading.contexts:
            return "report"
        if not any(map(str.isalpha, reading.text)):
            return "unclear"  # a number alone says nothing, and nothing else either
        best = max(probabilities, key=lambda label: probabilities[label], default="")
        # A complaint that nothing could place is unclear, whatever the next likely intent would be; and a "no" that no
        # pattern knows might be "none but the last", which must not answer for danger signs.
        likely = best if best and probabilities[best] >= SURE else ""
        return likely.partition("/")[2] if likely not in ("", "intent/report", "intent/deny") else "unclear"


def plain(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings that are no guess: of phrases, or certain."""
    return tuple(finding for finding in findings if finding.via == "phrase" or finding.confidence >= CERTAIN)


def _imagined(findings: tuple[Finding, ...], told: Collection[Finding]) -> tuple[Finding, ...]:
    """Findings, hypothetical where they are not told of the writer."""
    return tuple(
        replace(finding, status="hypothetical") if finding.status == "present" and finding not in told else finding
        for finding in findings
    )
