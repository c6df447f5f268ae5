"""Whole talks, simulated: which ordinary ones are handed over, which serious ones are missed. `make bench-talks`.

Published: of 1,172 people with acute back pain 80.4 % had at least one red flag, 0.9 % had serious disease, and of the
flags behind our weak lines (weight loss, pain without let-up, an old cancer) none was there in more than 10 % of the
others (Henschke 2009, in part from a review of it). How often each line is ticked is not published. So the weak lines
stand at that upper bound, the grave ones at what we assume, and the lines that only limit what is shown are scaled
until 80.4 % tick something. What is assumed weighs: the figures are printed for other values too.
"""

import json
import math
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.author.cases import read_cases
from bot.cli.start import knowledge, reader
from bot.knowledge import Knowledge
from bot.model.talk import Reply
from bot.model.words import hands_over
from bot.service import Message, Service
from bot.sessions import MemoryStore

ROOT = Path(__file__).resolve().parents[2]
TICKING = 0.804
"""Of ordinary people, those who tick something."""
GRAVE = {
    "rf_cauda_equina": 0.004,
    "rf_leg_weakness_progressive": 0.012,
    "rf_spinal_infection": 0.008,
    "rf_major_trauma": 0.03,
    "rf_chest_pain": 0.005,
    "rf_dvt": 0.004,
    "rf_bone_stress_hip": 0.02,
}
"""Assumed: how often someone with ordinary pain ticks a line that hands over at once."""
WEAK = {"rf_unwell_weightloss_night": 0.20, "rf_cancer_history": 0.10}
"""Upper bound: how often they tick a line that asks first; the first stands for two flags."""
SLIGHT = {
    "rf_pregnancy": 0.03,
    "rf_recent_surgery": 0.03,
    "rf_under_18": 0.01,
    "rf_bone_health": 0.06,
    "rf_older_new_pain": 0.10,
    "rf_heart_or_faint": 0.20,
}
"""Assumed, before scaling: how often they tick a line that only limits what is shown."""
YES = 0.10
"""Assumed: of those who ticked a line that asks first, how many say yes to the question."""
COMPANIONS = ("my lower back aches", "tight hips from sitting all day", "my back is stiff in the morning", "")
"""What someone with a grave sign says first."""
TURNS = 14


@dataclass(frozen=True)
class Person:
    """How someone answers."""

    says: tuple[str, ...]
    """In order: the first message, and what comes up after the routine."""
    ticks: frozenset[str]
    """Lines of the screens that hold."""
    yes: frozenset[str]
    """Rules of which a direct question is answered with yes."""


def scaled(goal: float = TICKING) -> dict[str, float]:
    """Chance of each line, so that this part of ordinary people tick at least one."""
    low, high = 0.0, 1 / max(SLIGHT.values())
    for _ in range(60):
        chances = GRAVE | WEAK | {rule: (low + high) / 2 * chance for rule, chance in SLIGHT.items()}
        some = 1 - math.prod(1 - chance for chance in chances.values())
        low, high = ((low + high) / 2, high) if some < goal else (low, (low + high) / 2)
    return chances


def ordinary(dice: random.Random, texts: list[str], chances: Mapping[str, float], yes: float) -> Person:
    """Someone with ordinary back pain."""
    ticks = frozenset(rule for rule, chance in chances.items() if dice.random() < chance)
    return Person((dice.choice(texts),), ticks, frozenset(rule for rule in sorted(ticks) if dice.random() < yes))


def serious(dice: random.Random, rule: str, text: str) -> Person:
    """Someone with a grave sign: told first, beside a complaint, or once the routine is there; ticked where asked."""
    first = dice.choice(COMPANIONS)
    told = dice.choice([(text,), (f"{first}. {text}" if first else text,), (first or text, text)])
    return Person(told, frozenset({rule}), frozenset({rule}))


def handed_over(service: Service, session: str, person: Person, rule: str = "") -> bool:
    """Whether the talk ends with a person to call; `rule` is the sign of a serious one."""
    service.open(session)
    reply = service.handle(session, Message(text=person.says[0]))
    later = list(person.says[1:])
    for _ in range(TURNS):
        if service.state(session).handover:
            return True
        message = _answer(reply, person, rule) or (Message(text=later.pop(0)) if later else None)
        if message is None:
            return False
        reply = service.handle(session, message)
    return service.state(session).handover is not None


def _answer(reply: Reply, person: Person, rule: str) -> Message | None:
    """What the person chooses at the question that is open; nothing once the routine stands."""
    choices = [block.data for block in reply.blocks if block.type == "choices" and block.data["question"] != "confirm"]
    if not choices:
        return None
    question, ids = choices[-1]["question"], [option["id"] for option in choices[-1]["options"]]
    if question in ("gate", "fit"):
        return Message(choose=tuple(id_ for id_ in ids if id_ in person.ticks) or ("none",), question=question)
    if question == "safety":  # a doubt about a rule of the same kind is that person's sign, told another way
        return Message(choose=(ids[0] if ids[0] in person.yes or rule else "none",), question=question)
    return Message(choose=("low_back_pain",), question=question) if question == "clarify" else None


def complaints() -> list[str]:
    """Ordinary back pain as people put it: golden cases without a sign of danger."""
    return [
        case.data["message"]
        for case in read_cases(ROOT / "tests" / "cases")
        if case.data.get("symptoms", {}).get("low_back_pain") == "present"
        and case.data.get("level", "none") == "none"
        and not case.data.get("safety")
    ]


def grave_texts(known: Knowledge, file: str | None) -> Iterator[tuple[str, str]]:
    """Rule and words: each rule's own, or labelled messages from a file."""
    grave = {rule.id: rule for rule in known.safety.values() if hands_over(rule.level)}
    if file is None:
        yield from ((rule.id, text) for rule in grave.values() for text in rule.fires)
        return
    for line in Path(file).read_text("utf-8").splitlines():
        row = json.loads(line)
        yield from ((rule, row["text"]) for rule in row.get("rules", ())[:1] if rule in grave)


def share_handed_over(service: Service, talks: int, seed: int = 1, yes: float = YES, grave: float = 1.0) -> float:
    """Of this many ordinary talks, the part that is handed over; `grave` scales how often a grave line is ticked."""
    dice, texts = random.Random(seed), complaints()
    chances = {rule: chance * (grave if rule in GRAVE else 1) for rule, chance in scaled().items()}
    people = [ordinary(dice, texts, chances, yes) for _ in range(talks)]
    return sum(handed_over(service, f"{seed} {number}", person) for number, person in enumerate(people)) / talks


def missed(service: Service, known: Knowledge, file: str | None = None, seed: int = 1, most: int = 0) -> list[str]:
    """Words of the serious talks that end without a hand-over; `most` takes a sample."""
    dice, texts = random.Random(seed), list(grave_texts(known, file))
    chosen = dice.sample(texts, most) if 0 < most < len(texts) else texts
    people = [(rule, text, serious(dice, rule, text)) for rule, text in chosen]
    talks = enumerate(people)
    return [f"{r}: {text}" for n, (r, text, person) in talks if not handed_over(service, f"s {n}", person, r)]


def main() -> int:
    known = knowledge()
    service = Service(known, reader(known), MemoryStore(), country="GB")
    file = sys.argv[1] if len(sys.argv) > 1 else None
    print(f"{len(complaints())} ordinary complaints; {TICKING:.1%} of people tick something")
    worst = 0.0
    for yes, grave in ((YES, 1.0), (2 * YES, 1.0), (YES, 1.5), (0.0, 1.0)):
        share = share_handed_over(service, 1000, yes=yes, grave=grave)
        worst = max(worst, share) if (yes, grave) == (YES, 1.0) else worst
        what = f"{yes:.0%} say yes to the question of a weak line, grave lines x {grave}"
        print(f"handed over {share:6.1%}  of 1,000 talks: {what}")
    lost, all_ = missed(service, known, file), len(list(grave_texts(known, file)))
    print(f"serious talks missed: {len(lost)} of {all_}")
    print("\n".join(f"  {line}" for line in lost))
    return int(worst > 0.10 or bool(lost))


if __name__ == "__main__":
    sys.exit(main())
