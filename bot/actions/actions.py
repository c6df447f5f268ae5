"""The actions that Rasa calls: each hears the last message, asks our talk, and says what comes of it."""

import asyncio
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, FollowupAction, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.assistant import LAST_RESORT, Assistant, Heard, Said, report
from bot.actions.start import assistant
from bot.model import rasa
from bot.model.talk import Block
from bot.service.rasa import told

Events = list[dict[str, Any]]

WHOLE = frozenset({"rest", "callback"})
"""Channels that hand custom JSON on as it is. Others show it as text, or fail over it and lose what comes after."""
WRAPPED = "socketio"
"""The channel that spreads custom JSON as arguments of its own."""


class ActionSupple(Action):  # type: ignore[misc] # rasa_sdk tells no types
    """Answers any message. Rasa listens after it, so that a last step of a rule is reached where this one failed."""

    def name(self) -> str:
        """Its name in the domain."""
        return rasa.SUPPLE

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say the answer."""
        said = await _ask(lambda ours: ours.answer(heard(tracker)))
        return [*_say(dispatcher, tracker, said), FollowupAction("action_listen")]


class ActionRestart(ActionSupple):
    """In place of Rasa's own, which would take whatever looks like `restart` past the safety screen."""

    def name(self) -> str:
        """Its name in the domain."""
        return rasa.RESTART


class ActionBack(ActionSupple):
    """In place of Rasa's own, as with restart."""

    def name(self) -> str:
        """Its name in the domain."""
        return rasa.BACK


class ActionSuppleSafety(Action):  # type: ignore[misc] # rasa_sdk tells no types
    """Runs first on every turn: silent, unless the raw text tells of danger or a hand-over stands."""

    def name(self) -> str:
        """Its name in the domain."""
        return rasa.SAFETY

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Hand over, and let nothing else speak; or say nothing."""
        said = await _ask(lambda ours: ours.screen(heard(tracker)))
        return [] if said is None else [*_say(dispatcher, tracker, said), FollowupAction("action_listen")]


class ActionSessionStart(Action):  # type: ignore[misc] # rasa_sdk tells no types
    """Opens a conversation."""

    def name(self) -> str:
        """Its name in the domain."""
        return rasa.START

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say the opening; slots of others are carried over where the domain says so."""
        last = heard(tracker)
        asked = last.text if last.text.startswith("/session_start") else ""
        said = await _ask(lambda ours: ours.begin(Heard(last.sender, asked)))
        config = domain.get("session_config") if isinstance(domain, dict) else None
        carried = (tracker.slots or {}) if isinstance(config, dict) and config.get(CARRY) else {}
        others = [SlotSet(name, value) for name, value in carried.items() if name not in rasa.SLOTS and value]
        # A new session has empty slots, whatever stands in the tracker that came.
        tracker.slots = {}
        ours = _say(dispatcher, tracker, said)
        return [SessionStarted(), *others, *ours, ActionExecuted("action_listen")]


CARRY = "carry_over_slots_to_new_session"


def heard(tracker: Tracker) -> Heard:
    """The last message of a tracker, whatever shape it is in."""
    last = tracker.latest_message if isinstance(tracker.latest_message, dict) else {}
    text, id_ = last.get("text"), last.get("message_id")
    return Heard(
        sender=str(tracker.sender_id or "default"),
        text=text if isinstance(text, str) else "",
        id=id_ if isinstance(id_, str) else None,
        slots=tracker.slots if isinstance(tracker.slots, dict) else {},
    )


async def _ask(question: Callable[[Assistant], Any]) -> Any:
    """Put a question to the assistant, in a thread: a store that is slow holds up this conversation only."""
    try:
        return await asyncio.to_thread(lambda: question(assistant()))
    except Exception as failure:
        report(failure)
        return Said((Block("text", LAST_RESORT),))


def _say(dispatcher: CollectingDispatcher, tracker: Tracker, said: Said) -> Events:
    """Utter the blocks; events for the slots that have changed."""
    channel = _channel(tracker)
    for block in said.blocks:
        message = told(block)
        custom = message.get("custom") if channel in WHOLE else None
        if channel == WRAPPED and "custom" in message:
            custom = {"data": {"custom": message["custom"]}}
        if custom or block.text:
            dispatcher.utter_message(text=message.get("text"), buttons=message.get("buttons"), json_message=custom)
    before = tracker.slots if isinstance(tracker.slots, dict) else {}
    return [SlotSet(name, value) for name, value in said.slots.items() if before.get(name) != value]


def _channel(tracker: Tracker) -> str | None:
    """The channel of the last message."""
    events = tracker.events if isinstance(tracker.events, list) else []
    for event in reversed(events):
        if isinstance(event, dict) and event.get("event") == "user":
            return event.get("input_channel")
    return None
