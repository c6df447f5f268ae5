"""What a message says beside what and where, as few plain words."""

from bot.knowledge import Knowledge
from bot.model.talk import Reading
from bot.replies.wording import Wording, listed

MOST = 2
"""Activities named for the worse, and for the better."""


def slots_text(knowledge: Knowledge, wording: Wording, reading: Reading) -> str:
    """`left, 3 weeks, 6 out of 10, worse with sitting`."""
    slots = reading.slots
    parts = []
    # beside a part that no article covers, nobody knows whose side it is
    if slots.side and not reading.unanswered():
        parts.append(wording.text(f"slot_{slots.side}"))
    # typed words, which are not kept: a reply that is made anew from ids goes without
    parts += [said.text for said in (slots.duration, slots.since) if said]
    if slots.intensity is not None:
        parts.append(wording.text("slot_intensity", number=f"{slots.intensity:g}"))
    for key, ids in (("slot_worse", slots.worse_with), ("slot_better", slots.better_with)):
        if ids:
            labels = listed(knowledge.slots.activity.activities[id_].label for id_ in ids[:MOST])
            parts.append(wording.text(key, activities=labels))
    return listed(parts)
