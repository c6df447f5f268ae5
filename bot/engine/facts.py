"""What the engine reasons from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.words import Level

Minutes = int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known of a person, as ids."""

    symptoms: frozenset[str] = frozenset()
    """Symptoms felt now."""
    contexts: frozenset[str] = frozenset()
    """Contexts that hold."""
    areas: frozenset[str] = frozenset()
    """Parts of the body that no article covers, where something is felt."""
    conditions: Mapping[str, Level] = field(default_factory=dict)
    """Safety rules that hold, each at the level at which it counts."""
    minutes: Minutes = None
    """Time the person has; no limit where None."""
    equipment: frozenset[str] = frozenset()
    """Equipment at hand, and what the person cannot do: `no_floor`, `no_kneeling`, …"""
    wanted: frozenset[str] = frozenset()
    """Symptoms for one of which the routine is to hold a practice, where there is any."""
    most: int | None = None
    """Practices that the person wants at most; no limit where None."""
    declined: frozenset[str] = frozenset()
    """Practices that the person does not want."""

    def ids(self) -> frozenset[str]:
        """Symptoms and contexts together."""
        return self.symptoms | self.contexts
