"""Agreement of passing samples, input by input.

Right programs differ where an input means nothing, so classes that demand equality on
all inputs fall apart; on every other input their members still agree. A vote counts
only for an output: where others return a value, raising is seldom what was meant.
"""

from collections import Counter
from collections.abc import Sequence

_RAISED = "!"
"""How outputs begin that are none; see `orps_search.selection.outputs`."""


class Votes:
    """How many samples gave which output, for each of the same inputs."""

    def __init__(self) -> None:
        self._votes: list[Counter[str]] = []
        self.n_samples = 0

    def add(self, outputs: Sequence[str], *, n_samples: int = 1) -> None:
        """One sample more, or several with the same outputs."""
        while len(self._votes) < len(outputs):
            self._votes.append(Counter())
        for counter, output in zip(self._votes, outputs, strict=False):
            counter[output] += n_samples
        self.n_samples += n_samples

    def support(self, outputs: Sequence[str]) -> int:
        """How many votes the outputs have together; comparable between samples."""
        support = 0
        for counter, output in zip(self._votes, outputs, strict=False):
            if output[:1] != _RAISED:
                support += counter[output]
        return support
