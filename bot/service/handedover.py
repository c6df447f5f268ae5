"""Reading a message while a hand-over is in force, or in answer to the direct question about a sign."""

from dataclasses import replace

from bot.dialogue.questions import COUNTRY
from bot.dialogue.standing import CORRECT, DENIES, EXCEPTING, FOR_OTHER, NO, OVER, PUZZLED, YES
from bot.dialogue.state import CRISIS, NOT_MEANT, State
from bot.knowledge import Knowledge
from bot.model.pattern import fold
from bot.model.talk import Reading
from bot.service.screens import says_no_more

FEW = 3
"""Words of a message in which a country is named wherever it stands."""
PLACED = 7
"""Words of a message that may name a country at its end."""


def misunderstood(reading: Reading, state: State) -> bool:
    """Whether none of what was asked is there after all, or no longer. A bare "yes" may as well mean that help is
    called; a crisis is asked about in other words.
    """
    if state.open != "handover" or state.crisis is not None or reading.safety:
        return False
    remarks = set(reading.remarks)
    return OVER in remarks or {DENIES, CORRECT} <= remarks


def country_in(text: str, knowledge: Knowledge, state: State) -> str | None:
    """The code of the country whose lines a text asks for: it consists of it, or ends with it, as in "I'm in Germany";
    COUNTRY for "I'm not in Germany". None where no hand-over is in force.
    """
    if state.open not in (COUNTRY, "handover"):
        return None
    said = text.casefold().strip(" .!?")
    words = said.split()
    for code, lines in knowledge.helplines.countries.items():
        names = [name.casefold() for name in (lines.name, *lines.also)]
        if said in names or (said == code.casefold() and state.open == COUNTRY):  # "it" may mean anything but Italy
            return code
        if len(words) <= PLACED and any(said.endswith(f" {name}") for name in names):
            return COUNTRY if not set(knowledge.intents.ticks.not_there).isdisjoint(map(fold, words)) else code
        if len(words) <= FEW and any(f" {name} " in f" {said} " for name in names):  # "NZ actually"
            return code
    return None


def of_a_question(reading: Reading, knowledge: Knowledge, state: State) -> Reading:
    """A reading as an answer to the direct question: "no, why?" and "it was my mother" are a no, "yes, a bit" is a yes.
    With a "but", or with anything told, neither is.
    """
    counts = any(sign.status not in ("denied", "hypothetical") for sign in reading.safety)
    denies = any((sign.lane, sign.status) == ("crisis", "denied") for sign in reading.safety)
    denied = denies and not counts and state.open_about == CRISIS  # "I'm not suicidal"
    if (counts or {EXCEPTING, PUZZLED, NOT_MEANT}.intersection(reading.remarks)) and not denied:
        return replace(reading, intent="unclear") if reading.intent in ("affirm", "deny") and not counts else reading
    if denied or FOR_OTHER in reading.remarks or (NO in reading.remarks and says_no_more(reading, knowledge)):
        return replace(reading, intent="deny")
    if NO in reading.remarks:
        return replace(reading, intent="unclear")  # "no, it's getting worse", "no one is here"
    if YES in reading.remarks:
        return replace(reading, intent="affirm")
    return replace(reading, intent="unclear") if reading.intent == "affirm" else reading  # "go on", "sounds good"
