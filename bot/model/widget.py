"""Which words the web chat widget needs, and what may be filled into each."""

from collections.abc import Mapping

from bot.model.record import Record, record

_TALK = {
    "launcher": "",
    "launcher_resume": "",
    "subtitle": "",
    "close": "",
    "exit": "",
    "emergency": "",
    "emergency_first": "",
    "call": "phone",
    "book": "",
    "open_now": "",
    "opens": "when",
    "contact": "name",
    "log": "",
    "you": "",
    "bot": "",
    "reply": "",
    "loading": "",
    "load_failed": "",
    "refused": "",
    "retry": "",
    "sending": "",
    "slow": "",
    "not_sent": "",
    "not_sent_phone": "phone",
    "too_many": "",
    "input": "",
    "input_or": "",
    "send": "",
    "send_ticks": "",
    "tick_hint": "none",
    "nothing_ticked": "none",
    "ticked_and_none": "",
    "nothing_typed": "",
    "not_meant": "",
    "choices": "count",
    "practices": "count titles",
    "why": "",
    "why_title": "",
    "sources_title": "",
    "also_named": "count",
    "left_out": "",
    "differ": "",
    "minutes": "minutes",
    "start": "",
    "print": "",
    "calendar": "",
    "copy_text": "",
    "copied": "",
    "copy_failed": "",
    "calendar_days": "",
    "calendar_time": "",
    "calendar_get": "",
    "calendar_no_day": "",
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ""),
    "player_failed": "",
    "note_title": "",
    "note_said": "",
    "note_nothing": "",
    "note_copy": "",
    "again": "",
    "delete": "",
    "is_again": "",
    "is_deleted": "",
    "not_deleted": "",
    "is_over": "",
    "kept": "minutes",
    "age": "age",
    "level_emergency": "",
    "level_same_day": "",
    "level_clinician_first": "",
    "level_caution": "",
    "level_none": "",
}
_ROUTINE: dict[str, str] = {}
_HANDOUT: dict[str, str] = {}

WIDGET: Mapping[str, Mapping[str, frozenset[str]]] = {
    section: {key: frozenset(fill.split()) for key, fill in texts.items()}
    for section, texts in (("talk", _TALK), ("routine", _ROUTINE), ("handout", _HANDOUT))
}
"""By section, by text: the placeholders that it may hold."""


@record
class WidgetBook(Record):
    """data/<lang>/widget.yml: the words of the widget beside the replies."""

    talk: Mapping[str, str]
    """Of the talk, by key, with `{placeholders}`."""
    routine: Mapping[str, str]
    """Of the player, the check-in and the drawings."""
    handout: Mapping[str, str]
    """Of the sheet to take home."""
