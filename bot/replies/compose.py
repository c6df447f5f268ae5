"""Acts become blocks."""

from collections.abc import Iterable

from bot.dialogue.acts import Act, level
from bot.dialogue.questions import COUNTRY, options
from bot.dialogue.standing import routine_of
from bot.dialogue.state import CRISIS, NONE, State
from bot.engine.evaluation import Evaluation, blocks_for
from bot.engine.routine import Routine
from bot.knowledge import Knowledge
from bot.model.site import Site
from bot.model.talk import Block, Reading, Reply
from bot.replies import answers
from bot.replies.cards import routine_block
from bot.replies.handover import HandOver, care_block, note_block
from bot.replies.hours import Clinic, clinic_at
from bot.replies.slots import slots_text
from bot.replies.wording import Wording, capital, listed

MULTIPLE = frozenset({"gate", "fit", "clarify", "equipment", "checkin"})
"""Questions with several answers at once."""

_PLAIN = {
    **{
        name: name for name in ("greet", "thanks", "goodbye", "out_of_scope", "help", "progress", "about_us", "privacy")
    },
    **{
        name: name
        for name in ("no_help", "order", "picture", "takehome", "displeased", "skipped", "acknowledged", "gear")
    },
    "anothers": "others",
    "medical_advice": "advice",
    "ask_human": "human",
}
"""By intent or remark: the text that answers it."""


class Composer:
    """Makes replies in one language, for one country."""

    def __init__(self, knowledge: Knowledge, site: Site, country: str | None = None) -> None:
        """`country` stands in where the site names none."""
        self._knowledge, self._site, self._own = knowledge, site, _own_texts(knowledge, site)
        self.wording = Wording(knowledge, site.country or country, self._own)

    def reply(
        self, acts: tuple[Act, ...], state: State, evaluation: Evaluation, reading: Reading | None, now: float
    ) -> Reply:
        """The reply that these acts make in this state, at this time; `reading` is of the message it answers."""
        wording = self.wording_for(state.country)
        turn = _Turn(self._knowledge, wording, state, evaluation, reading, clinic_at(self._site, now))
        blocks = [block for act in acts for block in turn.blocks(act)]
        if any(block.type == "routine" for block in blocks):
            last = max(number for number, block in enumerate(blocks) if block.type == "routine")
            blocks.insert(last + 1, Block("disclaimer", self.wording.text("disclaimer")))
        return Reply(level(state, self._knowledge), reading, tuple(blocks))

    def wording_for(self, country: str | None) -> Wording:
        """Our texts, with the numbers of the country that the person asked for, if they did."""
        return Wording(self._knowledge, country, self._own) if country else self.wording

    def note(self, words: str) -> Block:
        """A note with these words, to copy for a clinician."""
        return note_block(self.wording, words)

    def say(self, key: str, **fill: object) -> Block:
        """One of our texts as a block."""
        return Block("text", self.wording.text(key, **fill))


class _Turn:
    def __init__(
        self,
        knowledge: Knowledge,
        wording: Wording,
        state: State,
        evaluation: Evaluation,
        reading: Reading | None,
        clinic: Clinic,
    ) -> None:
        self.knowledge, self.wording, self.clinic = knowledge, wording, clinic
        self.state, self.evaluation, self.reading = state, evaluation, reading
        self.handover = HandOver(knowledge, wording, state, reading, clinic)

    def blocks(self, act: Act) -> list[Block]:
        match act.kind:
            case "opening":
                return self._opening()
            case "say":
                return [Block("text", self.wording.variant(act.about, self.state.turns))]
            case "heard":
                return [self._heard()]
            case "coverage":
                return [self._coverage(act)]
            case "care":
                rule = self.knowledge.safety[act.about]
                other = self.state.signs.get(rule.id) == "other_person"
                return [care_block(self.knowledge, self.wording, rule.id, rule.level, self.clinic, other=other)]
            case "what_if":
                said = self.wording.fill(self.knowledge.safety[act.about].say)
                return [Block("text", self.wording.text("what_if", said=said))]
            case "handover" | "crisis" | "still" | "for_other":
                return self.handover.blocks(act)
            case "ask":
                return [self._ask(act)]
            case "floor" | "routine":
                return self._routine(act.kind)
        return self._answer(act)

    def _opening(self) -> list[Block]:
        parts = ["opening", *(["unreviewed"] if self.knowledge.unreviewed() else []), "opening_question"]
        return [Block("text", " ".join(self.wording.text(part) for part in parts))]

    def _heard(self) -> Block:
        present = [self.knowledge.label(id_) for id_ in (*self.state.present(), *self.state.holding())]
        screened = "gate" in self.state.passed or self.state.checking
        absent = self._absent_symptoms() if screened else self.state.not_there(self.knowledge)
        parts = self._present(present) if present else [self.wording.text("heard_nothing")]
        if absent:
            parts.append(self.wording.text("heard_not", absent=listed(absent)))
        return self._choices("confirm", " ".join(parts))

    def _present(self, labels: list[str]) -> list[str]:
        """What is felt, with what this message says of it; of several things nobody knows which it belongs to."""
        slots = slots_text(self.knowledge, self.wording, self.reading) if self.reading else ""
        if slots and len(labels) == 1:
            return [self.wording.text("heard_with", present=labels[0], slots=slots)]
        heard = self.wording.text("heard", present=listed(labels))
        return [heard, self.wording.text("heard_also", slots=slots)] if slots else [heard]

    def _absent_symptoms(self) -> tuple[str, ...]:
        """After the gate its answers are not said back: they are what was just answered."""
        symptoms = self.knowledge.symptoms
        return tuple(symptoms[id_].label for id_, status in self.state.symptoms.items() if status == "denied")

    def _coverage(self, act: Act) -> Block:
        found = [
            finding for finding in (self.reading.unanswered() if self.reading else ()) if finding.status == "present"
        ]
        unhelped = act.extra["symptoms"]
        lines = []
        if found:
            words = capital(listed(finding.text for finding in found))
            lines.append(self.wording.text("coverage_area", words=words))
        lines += [" ".join((self.knowledge.symptoms[id_].no_practice or "").split()) for id_ in unhelped]
        data = {
            "uncovered": [
                {"text": finding.text, "area": finding.area, "status": finding.status, "span": list(finding.span)}
                for finding in found
            ],
            "no_practice": list(unhelped),
        }
        return Block("coverage", "\n".join(lines), data)

    def _ask(self, act: Act) -> Block:
        question = act.about
        if question == "safety":
            about = act.extra["about"]
            doubt = self._doubt_of_crisis() if about == CRISIS else self.knowledge.safety[about].ask
            return self._choices(
                "safety", self.wording.text(act.extra.get("wording", "safety"), question=doubt), (about, NONE)
            )
        if question == "clarify" and not self.state.present():
            return self._choices("clarify", self.wording.text(act.extra.get("wording", "clarify_unclear")))
        if question == "handover":
            return self._choices("handover", *self.handover.question(act))
        return self._choices(question, self.wording.text(question))

    def _doubt_of_crisis(self) -> str:
        """The question of the very rule, in the turn that raises it; later only that there is a doubt is known."""
        found = self.reading.safety if self.reading else ()
        asked = [self.knowledge.safety[f.id].ask for f in found if f.lane == "crisis" and f.status != "denied"]
        return asked[0] or "" if asked else self.wording.text("doubt_crisis")

    def _choices(self, question: str, text: str, ids: Iterable[str] = ()) -> Block:
        guesses = self.reading.guesses if self.reading else ()
        ids = ids or options(self.knowledge, self.state, question, guesses)
        labels = [{"id": id_, "label": self._label(question, id_)} for id_ in ids]
        return Block("choices", text, {"question": question, "multiple": question in MULTIPLE, "options": labels})

    def _label(self, question: str, id_: str) -> str:
        if question in ("gate", "fit") and id_ in self.knowledge.safety:
            rule = self.knowledge.safety[id_]
            return (rule.gate if question == "gate" else rule.fit) or rule.label
        if question == "clarify" and id_ in self.knowledge.symptoms:
            return capital(self.knowledge.symptoms[id_].label)
        if question == COUNTRY:
            return self.knowledge.helplines.countries[id_].name
        if question == "safety" and id_ != NONE:
            return self.wording.option("safety", "yes") or id_
        return self.wording.option(question, id_) or id_

    def routine(self) -> Routine:
        return routine_of(self.knowledge, self.state, self.evaluation)

    def _routine(self, kind: str) -> list[Block]:
        routine = self.routine()
        held_back = self.evaluation.level == "clinician_first"
        if kind == "floor" and not held_back and not routine.practices:
            return []
        shown = "floor_first" if held_back else kind
        return [routine_block(self.knowledge, self.wording, routine, shown)]

    def _answer(self, act: Act) -> list[Block]:
        """The answer to an intent or a remark."""
        asked, routine = self.reading, self.routine() if self.state.routine_shown else _nothing()
        if act.about in _PLAIN:
            return [self._text(_PLAIN[act.about])]
        match act.about:
            case "ask_about" | "ask_effect" if asked:
                return [answers.explain(self.knowledge, self.wording, asked, effect=act.about == "ask_effect")]
            case "may" if asked:
                return [answers.may(self.knowledge, self.wording, asked)]
            case "hurting":
                return [answers.hurting(self.knowledge, self.wording, routine)]
            case "ask_sources":
                return [answers.sources(self.knowledge, self.wording, routine)]
            case "differ":
                return [answers.differ(self.knowledge, self.wording, routine)]
            case "ask_why":
                named = asked.practices if asked else ()
                return [answers.why(self.knowledge, self.wording, self.evaluation, routine, named)]
        return self._of_practices(act.about, routine)

    def _of_practices(self, question: str, routine: Routine) -> list[Block]:
        """How, where or how long, of the practices named, or else of those shown."""
        shown = [suggestion.practice for suggestion in routine.practices]
        named = self.reading.practices if self.reading and self.state.routine_shown else ()
        allowed = [id_ for id_ in named if id_ in shown or self._is_open(id_)]
        if named and not allowed:
            titles = listed(self.knowledge.practices[id_].title for id_ in named)
            return [Block("text", self.wording.text("how_left_out", titles=titles))]
        if question in ("ask_dose", "when"):
            told = answers.dose(self.knowledge, self.wording, allowed or shown)
        else:
            told = answers.how(
                self.knowledge, self.wording, allowed or shown, floor=routine.floor_only, steps=question != "place"
            )
        if question not in ("place", "when"):
            return [told]
        return [*([told] if told.text else []), self._text("no_more")]

    def _is_open(self, practice: str) -> bool:
        """Whether a practice may be spoken of in detail: nothing stops it, and before fit it is of the safe floor."""
        facts = self.state.facts(self.knowledge)
        entry = self.knowledge.practices[practice]
        wished = entry.only_with is None or entry.only_with in facts.contexts
        may_be = "fit" in self.state.passed or entry.safe_floor is not None
        return wished and may_be and not blocks_for(self.knowledge, practice, facts)

    def _text(self, key: str) -> Block:
        return Block("text", self.wording.text(key))


def _own_texts(knowledge: Knowledge, site: Site) -> dict[str, str]:
    """Texts that a site's settings change."""
    own = {"consent": site.consent_text} if site.consent_text else {}
    if site.phone:
        ours = knowledge.replies.texts
        call = ours["checkin_call"].format(name=site.name.replace("{", "{{").replace("}", "}}"), phone=site.phone)
        own["checkin_worse"] = f"{ours['checkin_worse']} {call}"
    return own


def _nothing() -> Routine:
    return Routine((), (), (), {}, (), None, floor_only=False)
