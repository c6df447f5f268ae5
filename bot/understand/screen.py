"""Signs of safety rules in a message. Runs on every message, whatever else is in it."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from bot.knowledge import Knowledge
from bot.model.language import Patterns, Status
from bot.model.screen import SafetyRule
from bot.model.talk import Finding, SafetyFinding
from bot.model.words import LEVELS
from bot.understand.assertion import WRITER, Assertions
from bot.understand.matching import Match
from bot.understand.message import STRENGTH, Message, Span, overlap


def patterns(knowledge: Knowledge) -> dict[str, Mapping[str, Patterns]]:
    """What the matcher must find, by group: signs, what must come with them, and what only looks like them."""
    rules = knowledge.safety.values()
    return {
        "sign": {rule.id: _signs_of(rule, ambiguous=False) for rule in rules},
        "ambiguous_sign": {rule.id: _signs_of(rule, ambiguous=True) for rule in rules},
        "line": {rule.id: Patterns(phrases=rule.named) for rule in rules if rule.named},
        "companion": {rule.id: Patterns(phrases=rule.with_any) for rule in rules},
        "look_alike": {rule.id: Patterns(phrases=rule.not_if) for rule in rules},
        "other_use": {rule.id: Patterns(phrases=rule.not_within) for rule in rules},
    }


_MINE = frozenset({"my", "our"})
"""Words before kin that is the writer's; "grandmother, 78, new hip pain" is said of oneself."""


class Screen:
    """Finds signs of safety rules."""

    def __init__(self, knowledge: Knowledge, assertions: Assertions) -> None:
        self._rules = knowledge.safety
        self._assertions = assertions

    def find(
        self,
        message: Message,
        *,
        accompanied: bool,
        is_denied: Callable[[Match], bool] | None = None,
        groups: Iterable[str] = ("sign", "ambiguous_sign"),
    ) -> list[SafetyFinding]:
        """Signs in the message, gravest first; `accompanied` where something is felt already. `is_denied` is another
        reader of denials: a denial that a rule would ask about stands where it agrees. `groups` are those of the
        matcher.
        """
        companions = {match.label for match in message.found("companion")}
        found: dict[str, SafetyFinding] = {}
        for match in chain.from_iterable(map(message.found, groups)):
            if self._only_looks_like_it(match, message):
                continue
            rule = self._rules[match.label]
            if rule.with_any and (rule.with_here or not accompanied) and rule.id not in companions:
                continue
            status = self._status(match, message, is_denied)
            finding = SafetyFinding(rule.id, rule.level, rule.lane, status, message.span(match), "phrase")
            known = found.get(rule.id)
            if known is None or STRENGTH.index(status) < STRENGTH.index(known.status):
                found[rule.id] = finding
        return by_gravity(found.values())

    def named(self, message: Message) -> tuple[Finding, ...]:
        """Lines of the screens whose words stand in the message, one a rule, with the status that counts most."""
        found: dict[str, Finding] = {}
        for match in message.found("line"):
            status = self._assertions.judge(match, message.tagged, message.cues).status
            known = found.get(match.label)
            if known is None or STRENGTH.index(status) < STRENGTH.index(known.status):
                found[match.label] = Finding(match.label, status, 1.0, message.span(match), "phrase")
        return tuple(found.values())

    @staticmethod
    def _only_looks_like_it(match: Match, message: Message) -> bool:
        clause = message.tokens[match.first].clause
        return any(
            other.label == match.label and message.tokens[other.first].clause == clause
            for other in message.found("look_alike")
        ) or any(
            other.label == match.label and other.first <= match.last <= other.last
            for other in message.found("other_use")
        )

    def is_anothers_trait(self, finding: SafetyFinding, message: Message) -> bool:
        """Whether it is another person's pregnancy, age or the like: it says nothing of a writer with a complaint."""
        if not self._rules[finding.id].of_self:
            return False
        return finding.status == "other_person" or (
            finding.via == "classifier" and _is_of_kin(finding.span or (0, 0), message)
        )

    def is_context(self, finding: SafetyFinding, contexts: Iterable[Finding]) -> bool:
        """Whether the learned part heard a rule in the words of a context: "I stretched for weeks, no difference"."""
        others = self._rules[finding.id].not_with
        return finding.via == "classifier" and any(one.id in others and one.status == "present" for one in contexts)

    def _status(self, match: Match, message: Message, is_denied: Callable[[Match], bool] | None) -> Status:
        """A denial counts only where sign and negator stand whole in one clause; a rule may ask, or never listen."""
        assertion = self._assertions.judge(match, message.tagged, message.cues)
        rule = self._rules[match.label]
        if assertion.status == "past" and rule.lasting:
            return "present"
        if assertion.status == "other_person" and assertion.over and not rule.lasting:
            return "past"
        if assertion.status == "other_person" and assertion.lacking and rule.lane == "body":
            return "denied"  # not so in the other lane: who says "he's not suicidal" wonders
        if assertion.status == "hypothetical" and rule.lane == "crisis":
            return "uncertain"  # "I don't want to kill myself" is answered with a kind question
        if assertion.status == "denied" and not assertion.ahead:
            return "present"  # "…, I'm usually fine" reassures; it does not take the sign back
        if assertion.status not in ("denied", "uncertain"):
            return assertion.status
        if any(other.first > match.last for other in message.found("taken_back")):
            return "uncertain"
        if rule.negatable == "never":
            return "uncertain" if (assertion.status, rule.lane) == ("denied", "crisis") else "present"
        if assertion.status == "denied" and rule.negatable == "ask" and not assertion.whole:
            return "denied" if is_denied and is_denied(match) else "uncertain"
        return assertion.status


def _is_of_kin(span: Span, message: Message) -> bool:
    """Whether the writer's kin stands in a stretch or before it in the sentence, and the writer does not."""
    at_all = [at for at, token in enumerate(message.tokens) if overlap(span, (token.start, token.end))]
    sentences = {message.tokens[at].sentence for at in at_all}
    within = [
        at for at, token in enumerate(message.tokens) if token.sentence in sentences and at <= max(at_all, default=0)
    ]
    lists = message.tagged.lists
    kin = lists.get("kin", {}).keys() - lists.get("s_child", {}).keys()  # "my baby is six weeks old" is the writer's
    named = any(at in kin and at and message.tokens[at - 1].text in _MINE for at in within)
    return named and not any(message.tokens[at].text in WRITER for at in within)


def by_gravity(findings: Iterable[SafetyFinding]) -> list[SafetyFinding]:
    """Gravest first, then in the order of the text."""
    return sorted(findings, key=lambda finding: (-LEVELS.index(finding.level), finding.span or (0, 0), finding.id))


def _signs_of(rule: SafetyRule, *, ambiguous: bool) -> Patterns:
    signs = [sign for sign in rule.signs if sign.ambiguous == ambiguous]
    return Patterns(
        phrases=tuple(phrase for sign in signs for phrase in sign.phrases),
        pairs=tuple(pair for sign in signs for pair in sign.pairs),
    )
