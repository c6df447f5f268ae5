"""Names that Rasa's domain and ours share: actions, slots, and intents that no example teaches."""

from bot.model.words import LEVELS

SAFETY, SUPPLE, START, RESTART, BACK = ACTIONS = (
    "action_supple_safety",
    "action_supple",
    "action_session_start",
    "action_restart",
    "action_back",
)
"""Actions of ours. The last three are Rasa's own, which would answer `restart` and `back` past the safety screen."""

UNREACHABLE = "utter_supple_unreachable"
"""What Rasa says where none of the actions answered."""

CHOOSE = "choose"
"""Intent of a tapped button."""

FALLBACK = "nlu_fallback"
"""What Rasa calls a message of which it is not sure."""

SLOTS: dict[str, str | tuple[str, ...]] = {
    "supple_level": LEVELS,
    "supple_handover": "bool",
    "supple_question": "text",
    "supple_symptoms": "list",
    "supple_contexts": "list",
    "supple_minutes": "float",
    "supple_equipment": "list",
}
"""By slot: its type, or the values that it may have."""
