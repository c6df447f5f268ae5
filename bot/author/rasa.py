"""Rasa's domain and rules, made from what our reader and our actions know, so that the two cannot drift apart."""

from collections.abc import Iterator
from typing import Any

from bot.content.nlu import KINDS, ROLES
from bot.content.strict_yaml import written
from bot.knowledge import Knowledge
from bot.model import rasa
from bot.model.language import INTENTS
from bot.replies.wording import Wording

TAUGHT = tuple(intent for intent in INTENTS if intent != "unclear")
"""Intents that examples teach; `unclear` is what Rasa calls nlu_fallback."""

_MADE = "# Made from the content by: supple check --write-schemas\n"


def files(knowledge: Knowledge, lang: str = "en") -> Iterator[tuple[str, str]]:
    """Path below the content folder, and text, of each file."""
    for name, content in (("domain", domain()), ("rules", rules()), ("responses", responses(knowledge))):
        yield f"data/{lang}/rasa/{name}.yml", _MADE + written({"version": "3.1", **content})


def domain() -> dict[str, Any]:
    """Intents and entities of the reader, slots and actions of the door."""
    return {
        "intents": [*TAUGHT, rasa.CHOOSE],
        "entities": [*({kind: {"roles": list(ROLES)}} for kind in KINDS), "question", "ids"],
        "slots": {name: _slot(kind) for name, kind in rasa.SLOTS.items()},
        "actions": list(rasa.ACTIONS),
        # As long as our own store keeps an idle talk; what a new session needs, the store brings back.
        "session_config": {"session_expiration_time": 30, "carry_over_slots_to_new_session": False},
    }


def rules() -> dict[str, Any]:
    """Safety first, then the answer; the last step is reached only where no action answered."""
    spoken = [*TAUGHT, rasa.CHOOSE, rasa.FALLBACK]
    spoken.remove("restart")
    return {
        # A tap needs no reading, but Rasa wants examples of each intent.
        "nlu": [{"intent": rasa.CHOOSE, "examples": "- this option\n- the first of these\n- that choice please\n"}],
        "rules": [
            _rule("Safety first, then the answer", spoken, rasa.SAFETY, rasa.SUPPLE),
            _rule("Start again is screened too", ["restart"], rasa.RESTART),
            _rule("Back is screened too", ["back"], rasa.BACK),
            _rule("What fits no rule is answered too", [], rasa.SUPPLE),
        ],
    }


def responses(knowledge: Knowledge) -> dict[str, Any]:
    """What Rasa says by itself. Not in the domain: Rasa reads it twice there, and calls it a duplicate."""
    return {"responses": {rasa.UNREACHABLE: [{"text": Wording(knowledge).trouble()}]}}


def _slot(kind: str | tuple[str, ...]) -> dict[str, Any]:
    typed = {"type": kind} if isinstance(kind, str) else {"type": "categorical", "values": list(kind)}
    return {**typed, "influence_conversation": False, "mappings": [{"type": "custom"}]}


def _rule(name: str, intents: list[str], *actions: str) -> dict[str, Any]:
    said = [{"intent": intent} for intent in intents]
    first = [{"or": said}] if len(said) > 1 else said
    return {"rule": name, "steps": [*first, *({"action": action} for action in (*actions, rasa.UNREACHABLE))]}
