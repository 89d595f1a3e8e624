"""How wide, how deep and how long a search may go."""

from dataclasses import dataclass
from typing import Final

MIN_CASE_SECONDS: Final = 1.0
"""Below this, a machine that is busy with something else would decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchConfig:
    """The paper's parameters; the paper's own values are 20, 3 and 5.

    At paper defaults a search is 2N(KT+1) = 640 requests. Someone who waits at an
    editor gets the values here: at most 2 * 4 * (2 * 2 + 1) = 40 requests, and a
    stop as soon as a candidate passes everything and the critic would accept it.
    """

    policy: str = "opal"
    """A name of `orps_search.policies.POLICIES`."""
    samples_per_round: int = 4
    """N: drafts in round 0, then expansions of each beam in each round."""
    beam_width: int = 2
    """K: how many candidates are expanded in a round."""
    max_rounds: int = 2
    """T: rounds after the first drafts."""
    in_flight: int = 4
    """Expansions at a time, for policies that do not play rounds."""
    workers: int = 2
    """Executions at a time; requests have a limit of their own."""
    seed: int = 0
    n_inputs: int = 24
    """Generated calls on which candidates that pass every case are compared."""
    writes_tests: bool = False
    """Have a model write tests first, and count them as evidence among candidates that
    pass the person's; no gate. For policies that weigh evidence: `opal`."""
    judges: bool = False
    """Ask at the end, once in each order, which of the two best classes is meant. For
    policies that weigh evidence: `opal`."""
    cascade: bool = True
    """Run a candidate first against the cases that kill most for their time, where that
    pays: `orps_search.cascade`. Not for policies that need to know what it passes."""
    blames: bool = True
    """Find the suspicious lines of candidates that fail, by one more run of each: they
    are shown to whoever repairs. The body that was there before is always blamed."""
    patience: float | None = None
    """How many times as long as the slowest case of the body that is there already a
    case of a candidate may take, though always `MIN_CASE_SECONDS`; `None` leaves it to
    the executor. For proposers that edit that body and offer many: one in ten loops
    that they touch never ends."""
    finish_round: bool = False
    """Play a round to its end although it has brought an accepted candidate: where
    proposals cost nothing, a choice is worth more than the rest of the round."""

    @property
    def n_calls(self) -> int:
        """2N(KT + 1), the calls of the paper's search.

        A fair bound for policies that know no rounds.
        """
        return 2 * self.samples_per_round * (self.beam_width * self.max_rounds + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Hard bounds, checked before each call; `None` is no bound."""

    max_requests: int | None = 40
    max_tokens: int | None = 200_000
    max_seconds: float | None = 300.0
    max_usd: float | None = None
    """Only means something for models whose price is known."""
