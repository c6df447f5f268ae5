"""Reading an answer to the gate or to fit: ticks in words, denials, and questions about a line."""

from dataclasses import replace

from bot.dialogue.questions import options
from bot.dialogue.standing import ALL_BUT, CORRECT, DENIES, EXCEPTING, NO, PUZZLED, SOME
from bot.dialogue.state import State
from bot.dialogue.ticked import is_hedged, ticked, words_of
from bot.knowledge import Knowledge
from bot.model.language import ITEMS
from bot.model.talk import Reading
from bot.understand.reader import level_of

FEW = 4
"""Words of a message that does no more than put right, pick, except or name one thing."""
LAST = ITEMS.index("last")
QUESTION = 9
"""Words of a question that is about a line, and tells of nothing else."""


def of_a_screen(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading as an answer to the screen that is open. The classifier's doubts do not count there, nor do its guesses
    at complaints, unless it puts something right.
    """
    ticks = reading.ticks
    if ticks and not ticks.more:
        reading = replace(reading, symptoms=(), contexts=())  # "1 no, 2 no, 3 yes" tells of no complaint
    if ALL_BUT in reading.remarks and ticks is None and len(reading.text.split()) <= FEW:
        return _without_the_exception(reading, knowledge, state)
    if ticked(knowledge, state, reading):
        return reading
    if ticks and ticks.row:
        return replace(reading, intent="affirm", remarks=(*reading.remarks, SOME))
    if _asks(reading, knowledge):
        return _asked_about(reading, knowledge, state)
    if LAST in reading.items:  # the last line, or the last word of the list: "none of these"?
        return replace(reading, intent="affirm", remarks=(*reading.remarks, SOME))
    return replace(reading, intent="deny") if _denies(reading, knowledge) else reading


def _without_the_exception(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """ "Everything except cancer": the line that is excepted is not there; any other sign counts as it stands."""
    lines = options(knowledge, state, state.open or "")
    safety = tuple(sign for sign in reading.safety if sign.id not in lines)
    intent = "report" if safety else "affirm"
    return replace(reading, intent=intent, symptoms=(), contexts=(), safety=safety, level=level_of(safety), named=())


def _asks(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a few words ask about a line, and tell nothing of the writer: "what counts as a bad fall?"."""
    words = words_of(reading)
    selves = set(knowledge.assertion.selves).intersection(words)
    return len(words) <= QUESTION and words[0] in knowledge.intents.ticks.asking and not selves


def _asked_about(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """The line's own question, which says more than the line, answers it."""
    lines = options(knowledge, state, state.open or "")
    safety = tuple(
        replace(sign, status="uncertain") if sign.id in lines and sign.status == "present" else sign
        for sign in reading.safety
    )
    return replace(reading, safety=safety, level=level_of(safety))


def _denies(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether it says that nothing of the screen is there: plainly, or by a bare "no" that opens it and says no more;
    not where it tells a sign, a part of the body that is no complaint of ours, or since when: "no, since last year".
    """
    elsewhere = any(item.status == "present" for item in reading.unanswered())
    otherwise = {CORRECT, PUZZLED}.intersection(reading.remarks)
    if any(sign.status != "denied" for sign in reading.safety) or elsewhere or otherwise:
        return False
    only = bool(reading.present()) and not reading.safety  # "none, just tight hips"
    if DENIES in reading.remarks:
        return only or not is_hedged(reading, knowledge)
    if NO not in reading.remarks or reading.safety:
        return False
    return only if EXCEPTING in reading.remarks else says_no_more(reading, knowledge)


def says_no_more(reading: Reading, knowledge: Knowledge) -> bool:
    """Whether a "no" stands with nothing but words that tell nothing, or with a wish: "no, and I have ten minutes"."""
    if reading.preferences or reading.slots.minutes:
        return True
    ticks, slots = knowledge.intents.ticks, reading.slots
    telling_nothing = {*ticks.fillers, *ticks.not_there, *ticks.rest, *ticks.asking, *knowledge.assertion.grammar}
    telling_nothing -= knowledge.slots.duration.units.keys()
    return not slots.side and not slots.since and telling_nothing.issuperset(words_of(reading))
