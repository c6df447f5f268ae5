"""How long a talk may lie idle."""

IDLE = 30 * 60.0
"""Seconds after which an idle talk is gone."""


class Idles:
    """Seconds by site; a site may keep talks for a shorter time than the store does."""

    def __init__(self, longest: float) -> None:
        self.longest = longest
        self.shorter: dict[str, float] = {}
        """By site that has a limit of its own."""

    def limit(self, site: str, idle: float) -> None:
        """Give a site its own limit; one beyond the store's has no effect."""
        self.shorter[site] = min(idle, self.longest)

    def of(self, site: str) -> float:
        """Seconds after which an idle talk of a site is gone."""
        return self.shorter.get(site, self.longest)
