"""Agreement of passing samples, input by input.

Right programs differ where an input means nothing, so classes that demand equality on
all inputs fall apart; on every other input their members still agree. What most samples
refuse is such an input: it counts by the share of them that return a value. Raising is
agreement too, by the share of them that raise, and counts less: where others return a
value it is seldom what was meant, and where all raise it may be what the text asks for.
Running out of time, or crashing, is no agreement at all.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from orps_sandbox.observation import ObservationKind

_RAISED: Final = "!"
"""How outputs begin that are none; see `orps_search.selection.outputs`."""
_ENDED_BADLY: Final = frozenset(
    f"!{kind.value}"
    for kind in ObservationKind
    if kind
    not in (ObservationKind.VALUE, ObservationKind.RAISED, ObservationKind.OPAQUE)
)
_OF_RAISING: Final = 0.75


class Votes:
    """How many samples gave which output, for each of the same inputs."""

    def __init__(self) -> None:
        self._votes: list[Counter[str]] = []
        self._raised: list[int] = []
        self.n_samples = 0

    def add(self, outputs: Sequence[str], *, n_samples: int = 1) -> None:
        """One sample more, or several with the same outputs."""
        while len(self._votes) < len(outputs):
            self._votes.append(Counter())
            self._raised.append(0)
        for number, output in enumerate(outputs):
            self._votes[number][output] += n_samples
            if output[:1] == _RAISED:
                self._raised[number] += n_samples
        self.n_samples += n_samples

    def support(self, outputs: Sequence[str]) -> float:
        """How much the outputs are agreed on; comparable between samples."""
        support = 0.0
        for votes, raised, output in zip(
            self._votes, self._raised, outputs, strict=False
        ):
            share = raised / self.n_samples
            if output[:1] != _RAISED:
                support += (1 - share) * votes[output]
            elif output not in _ENDED_BADLY:
                support += _OF_RAISING * share * votes[output]
        # Sums of the same shares in another order are equal.
        return round(support, 9)
