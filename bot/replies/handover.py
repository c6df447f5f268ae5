"""Hand-overs: the card that begins one, and how the talk goes on while it is in force."""

from dataclasses import dataclass

from bot.dialogue.acts import Act
from bot.dialogue.questions import COUNTRY, HANDOVERS
from bot.dialogue.state import State
from bot.knowledge import Knowledge
from bot.model.talk import Block, Reading, SafetyFinding
from bot.model.words import LEVELS, Level, counted_level, hands_over
from bot.replies.hours import Clinic
from bot.replies.wording import Wording

_WAY_OF = {
    "might_act": "crisis",
    "struggling": "crisis",
    "calling": "overdose",
    "on_purpose": "overdose",
    "can_talk": "abuse",
    "cannot_talk": "abuse",
}
"""Which way of going on an answer belongs to; the others are shared."""

_SAID = {
    "for_other": "handover_other",
    "called": "handover_calling",
    "cannot_call": "handover_cannot_call",
    "no_way": "handover_no_way",
    "waiting": "handover_waiting",
    "seen": "handover_seen",
    "delay": "handover_delay",
    "numbers": "handover_numbers",
    "practise": "handover_practise",
    "what_now": "handover_what_now",
    "drive": "handover_drive",
    "company": "handover_company",
    "secret": "handover_secret",
    "safe_now": "handover_safe_now",
    "asks": "handover_asked",
    "yes": "handover_yes",
    "no": "handover_no",
}
"""By remark: what is answered."""

_LINES = {"crisis": ("crisis",), "overdose": ("poison", "crisis"), "abuse": ("abuse",)}


def care_block(
    knowledge: Knowledge, wording: Wording, rule: str, level: Level, clinic: Clinic, *, other: bool = False
) -> Block:
    """What is said when a safety rule holds, with its help lines, and when the site answers."""
    entry = knowledge.safety[rule]
    said = wording.fill(entry.say_other if other and entry.say_other else entry.say)
    lines = wording.help_lines(entry.lines)
    line = clinic.line(wording, level) if entry.lane == "body" else None
    return _card(rule, level, entry.lane, [said, *lines, *([line] if line else [])], lines, clinic)


def _card(rule: str | None, level: Level, lane: str, said: list[str], lines: list[str], clinic: Clinic) -> Block:
    data = {"rule": rule, "level": level, "lane": lane, "lines": lines}
    return Block("care_card", "\n".join(said), {**data, "open_now": clinic.open_now, "next_open": clinic.next_open()})


def note_block(wording: Wording, words: str | None) -> Block:
    """The person's words, to copy for a clinician."""
    text = f"{wording.text('note')}\n{words}" if words else wording.text("note_empty")
    return Block("note", text, {"words": words or None})


@dataclass(frozen=True, slots=True)
class HandOver:
    """The hand-over of one turn. Which rule a crisis is about is known only in the turn that tells it."""

    knowledge: Knowledge
    wording: Wording
    state: State
    reading: Reading | None
    clinic: Clinic

    def blocks(self, act: Act) -> list[Block]:
        """What an act of a hand-over says."""
        match act.kind:
            case "handover":
                return self.body(act)
            case "crisis":
                return self.crisis()
            case "still":
                return self.still(act)
        lines = self.knowledge.safety[act.about].lines or ("emergency",)  # it was of somebody else, and is lifted
        return [Block("text", self.wording.text("handover_other", numbers=" ".join(self.wording.help_lines(lines))))]

    def body(self, act: Act) -> list[Block]:
        """The card of a sign of the body, and the note for whoever sees it."""
        other = act.extra["other"] or self._said_of_another(act.about)
        words = self.reading.text if self.reading else None
        return [self._care(act.about, other=other), note_block(self.wording, words)]

    def crisis(self) -> list[Block]:
        """The card of a crisis or abuse, and beside it the gravest sign of the body that was told with it."""
        level, found = self.state.crisis or "none", self._of_crisis()
        if found is None:  # replayed without its message: only the level is known
            known = [line for line in ("abuse", "poison") if self.wording.known(line)]
            lines = self.wording.help_lines(("emergency", "crisis", *known))
            return [_card(None, level, "crisis", [self.wording.text("handover_crisis"), *lines], lines, self.clinic)]
        other = found.status == "other_person"
        return [
            care_block(self.knowledge, self.wording, found.id, level, self.clinic, other=other),
            *self._body_beside(),
        ]

    def still(self, act: Act) -> list[Block]:
        """What is said while it stays in force; the number is in it, and it is not what was said last."""
        tap, way = act.extra["tap"], self._way(act.extra["tap"])
        numbers = " ".join(self._numbers(way))
        if act.extra["said"]:
            key = "handover_misread" if (act.extra["said"], way) == ("yes", "body") else _SAID[act.extra["said"]]
        elif way == "body":
            key = "handover_more" if act.extra["told"] else "handover_again"
        else:
            key = f"handover_{tap}" if tap else f"handover_again_{'crisis' if way == 'unknown' else way}"
        text = self.wording.variant(key, self.state.turns, numbers=numbers)
        return [Block("text", text), *(self._body_beside() if self.state.crisis else ())]

    def question(self, act: Act) -> tuple[str, list[str]]:
        """The question under a hand-over and its options: what was just answered is not offered again."""
        tap = act.extra.get("tap", "")
        way = self._way(tap)
        key = "handover_question" if way == "body" else "handover_question_crisis"
        found = self._of_crisis()
        if found and found.status == "other_person":
            way = "other"
        options = [option for option in HANDOVERS[way] if option != tap or option == "not_meant"]
        if self.wording.international:
            options.append(COUNTRY)
        return self.wording.variant(key, self.state.turns), options

    def _way(self, tap: str) -> str:
        if self.state.crisis is None:
            return "body"
        if tap:
            return _WAY_OF.get(tap, "unknown")
        found = self._of_crisis()
        return self.knowledge.safety[found.id].care or "crisis" if found else "unknown"

    def _numbers(self, way: str) -> list[str]:
        if way == "body":
            rule = self.knowledge.safety.get(self.state.handover_rule or "")
            return self.wording.help_lines(rule.lines if rule and rule.lines else ("emergency",))
        if way in _LINES:
            return self.wording.help_lines(("emergency", *_LINES[way]))
        # at either level it may be one of two things: where the country has a line for the other, it stands there too
        other = "poison" if self.state.crisis == "emergency" else "abuse"
        return self.wording.help_lines(("emergency", "crisis", *([other] if self.wording.known(other) else ())))

    def _of_crisis(self) -> SafetyFinding | None:
        """The gravest crisis sign of this message, never kept."""
        return self._gravest("crisis")

    def _body_beside(self) -> list[Block]:
        """Of a message that tells of a crisis nothing else is kept, so what it says of the body is answered now."""
        found = self._gravest("body") if self._of_crisis() else None
        return [self._care(found.id, other=found.status == "other_person")] if found else []

    def _gravest(self, lane: str) -> SafetyFinding | None:
        found = self.reading.safety if self.reading else ()
        grave = [f for f in found if f.lane == lane and hands_over(counted_level(f.level, f.status))]
        return max(grave, key=lambda f: LEVELS.index(counted_level(f.level, f.status)), default=None)

    def _care(self, rule: str, *, other: bool) -> Block:
        level = self.knowledge.safety[rule].level
        return care_block(self.knowledge, self.wording, rule, level, self.clinic, other=other)

    def _said_of_another(self, rule: str) -> bool:
        found = self.reading.safety if self.reading else ()
        return any(finding.id == rule and finding.status == "other_person" for finding in found)
