"""Thompson's choice among arms that are acquired while one plays.

Each arm is a Beta distribution of how likely a pull of it brings something; a choice
draws from each and takes the highest draw.
"""

from bisect import bisect_left, insort
from random import Random

_MOST_DRAWN = 8
"""Only the arms of the highest means are drawn from: with hundreds of arms, the others
together would hardly ever win, and a choice must not grow with the search."""


class Arms:
    """Arms by name; the same seed and the same calls give the same choices."""

    def __init__(self, seed: int) -> None:
        # It plays, it keeps no secret; and the seed is what makes it repeatable.
        self._random = Random(seed)  # noqa: S311
        self._betas: dict[str, tuple[float, float]] = {}
        self._by_mean: list[tuple[float, str]] = []
        """Lowest negative mean first, that is, the best arm."""

    def __contains__(self, name: str) -> bool:
        return name in self._betas

    def put(self, name: str, alpha: float, beta: float) -> None:
        """Acquire an arm, or know it better."""
        if self._betas.get(name) == (alpha, beta):
            return
        self.drop(name)
        self._betas[name] = (alpha, beta)
        insort(self._by_mean, (_rank(alpha, beta), name))

    def drop(self, name: str) -> None:
        """Lose an arm; nothing if there is none of this name."""
        known = self._betas.pop(name, None)
        if known is not None:
            idx = bisect_left(self._by_mean, (_rank(*known), name))
            del self._by_mean[idx]

    def choose(self) -> str:
        """There must be an arm."""
        drawn = [
            (self._random.betavariate(*self._betas[name]), name)
            for _, name in self._by_mean[:_MOST_DRAWN]
        ]
        return max(drawn)[1]


def _rank(alpha: float, beta: float) -> float:
    return -alpha / (alpha + beta)
