"""Reading an answer to the gate or to fit: ticks in words, denials, and questions about a line."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.dialogue.questions import options
from bot.dialogue.standing import ALL_BUT, ASIDE, CORRECT, DENIES, EXCEPTING, MERELY, NO, PUZZLED, REST, SOME
from bot.dialogue.state import State
from bot.dialogue.ticked import MARKS, is_hedged, ticked, words_of
from bot.knowledge import Knowledge
from bot.model.language import ITEMS
from bot.model.pattern import fold
from bot.model.talk import Reading
from bot.understand.reader import level_of

FEW = 4
"""Words of a message that does no more than put right, pick, except or name one thing."""
LAST = ITEMS.index("last")
_SENTENCES = re.compile(r"[.!;\n]+\s*(?=\S)")
_AGES = frozenset(map(str, range(18, 70)))
"""Ages that are no line of a screen."""
QUESTION = 9
"""Words of a question that is about a line, and tells of nothing else."""


def of_a_screen(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading as an answer to the screen that is open. The classifier's doubts do not count there, nor do its guesses
    at complaints, unless it puts something right.
    """
    ticks = reading.ticks
    if not ticks and _may_name_a_line(reading, knowledge, state):  # "the 6th, the rest no" is no plain no
        return replace(reading, intent="affirm", remarks=(*reading.remarks, SOME))
    if _is_a_no(reading, knowledge):
        return replace(reading, intent="deny", symptoms=(), contexts=(), uncovered=(), safety=(), level="none")
    if ticks and not ticks.more:
        reading = replace(reading, symptoms=(), contexts=())  # "1 no, 2 no, 3 yes" tells of no complaint
    if ALL_BUT in reading.remarks and ticks is None and len(reading.text.split()) <= FEW:
        return _without_the_exception(reading, knowledge, state)
    if ticked(knowledge, state, reading):
        return reading
    if ticks and ticks.row:
        return replace(reading, intent="affirm", remarks=(*reading.remarks, SOME))
    if _asks(reading, knowledge):
        return _asked_about(reading)
    if LAST in reading.items:  # the last line, or the last word of the list: "none of these"?
        return replace(reading, intent="affirm", remarks=(*reading.remarks, SOME))
    if _denies(reading, knowledge):
        return replace(reading, intent="deny")
    asks = not set(knowledge.intents.ticks.asking).isdisjoint(words_of(reading))
    beside = tells_nothing(reading, knowledge) or any(line.status == "denied" for line in reading.named)
    beside = beside and not asks and not {SOME, PUZZLED}.intersection(reading.remarks)
    return replace(reading, remarks=(*reading.remarks, ASIDE)) if beside else reading


def _without_the_exception(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """ "Everything except cancer": the line that is excepted is not there; any other sign counts as it stands."""
    lines = options(knowledge, state, state.open or "")
    safety = tuple(sign for sign in reading.safety if sign.id not in lines)
    intent = "report" if safety else "affirm"
    return replace(reading, intent=intent, symptoms=(), contexts=(), safety=safety, level=level_of(safety), named=())


def _asks(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a message, or its last sentence, asks about a line in a few words and tells nothing of the writer: "what
    counts as a bad fall?".
    """
    words = [fold(word.strip(MARKS)) for word in reading.text[_last_sentence(reading) :].split()]
    selves = set(knowledge.assertion.selves).intersection(words)
    return len(words) <= QUESTION and words[0] in knowledge.intents.ticks.asking and not selves


def _last_sentence(reading: Reading) -> int:
    """Where the last sentence of a message begins."""
    return max((end.end() for end in _SENTENCES.finditer(reading.text)), default=0)


def _asked_about(reading: Reading) -> Reading:
    """The line's own question, which says more than the line, answers it."""
    asked = _last_sentence(reading)
    safety = tuple(
        replace(sign, status="uncertain")
        if sign.lane == "body" and sign.status == "present" and (sign.span or (0, 0))[0] >= asked
        else sign
        for sign in reading.safety
    )
    return replace(reading, safety=safety, level=level_of(safety))


def _denies(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether it says that nothing of the screen is there: plainly, or by a bare "no" that opens it and says no more;
    not where it tells a sign, a part of the body that is no complaint of ours, or since when: "no, since last year".
    """
    otherwise = {CORRECT, PUZZLED}.intersection(reading.remarks)
    if any(sign.status != "denied" for sign in reading.safety) or otherwise:
        return False
    if begins_with_a_no(reading, knowledge):
        return True
    if any(item.status == "present" for item in reading.unanswered()):
        return False
    only = bool(reading.present()) and not reading.safety  # "none, just tight hips"
    if MERELY in reading.remarks and not is_hedged(reading, knowledge):
        return True
    if DENIES in reading.remarks:
        return only or not is_hedged(reading, knowledge)
    if NO not in reading.remarks or reading.safety:
        return False
    return only if EXCEPTING in reading.remarks else says_no_more(reading, knowledge)


def _may_name_a_line(reading: Reading, knowledge: Knowledge, state: State) -> bool:
    """Whether a message says no, or little else, and names what may be the place of a line, in a way that nobody
    reads: a "none" after it is asked about.
    """
    says_no = not {NO, DENIES, REST}.isdisjoint(reading.remarks)
    if not says_no and (len(reading.text.split()) > FEW or reading.slots.intensity is not None):
        return False
    lines = range(1, len(options(knowledge, state, state.open or "")))
    words = pairwise((*words_of(reading), ""))
    ticks = knowledge.intents.ticks
    places = [_place(word, ticks.endings) for word, behind in words if behind not in ticks.units]
    counted = says_no and any(item in lines for item in reading.items if item > 1)  # "no one" names no first
    return counted or any(place in lines for place in places)


def _place(word: str, endings: Sequence[str]) -> int | None:
    """The number in "6" and "6th"; none in other words."""
    number = next((word.removesuffix(ending) for ending in endings if word.endswith(ending)), word)
    return int(number) if number.isdecimal() else None


def _is_a_no(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a message is a no and nothing else: "none of them apply", "no, I'm 45"; not "I don't understand"."""
    words, ticks = set(words_of(reading)), knowledge.intents.ticks
    denies = not {DENIES, NO}.isdisjoint(reading.remarks) or reading.intent == "deny" or words.issubset(ticks.not_there)
    takes_out = {*ticks.asking, *ticks.excepting}  # "none but the last but one"
    return denies and words.isdisjoint(takes_out) and tells_nothing(reading, knowledge)


def begins_with_a_no(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether its first sentence is no more than a no, and another follows: "No. I do have arthritis though"."""
    first, *more = _SENTENCES.split(reading.text.strip(), maxsplit=1)
    ticks = knowledge.intents.ticks
    words = {fold(word.strip(MARKS)) for word in first.split()}
    return bool(more) and not words.isdisjoint(ticks.not_there) and words.issubset({*ticks.not_there, *ticks.fillers})


def says_no_more(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a "no" stands with nothing but words that tell nothing, or with a wish: "no, and I have ten minutes"."""
    return bool(reading.preferences or reading.slots.minutes) or tells_nothing(reading, knowledge)


def tells_nothing(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a message has nothing but words that answer no line, or tell who one is: "no", "I'm a man of 45"."""
    ticks, slots = knowledge.intents.ticks, reading.slots
    nothing = {*ticks.fillers, *ticks.not_there, *ticks.rest, *ticks.every, *ticks.asking, *knowledge.assertion.grammar}
    nothing -= knowledge.slots.duration.units.keys()
    nothing.update(ticks.selves)
    words = words_of(reading)
    if not {*knowledge.assertion.selves, *ticks.selves}.isdisjoint(words):  # "no, 39" may be a fever
        nothing.update(_AGES)
    return not slots.side and not slots.since and nothing.issuperset(words)
