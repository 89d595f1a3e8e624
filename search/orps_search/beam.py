"""The policy `orps`: which state to expand next, as an ask/tell state machine.

Round 0 asks for N drafts from the root. Each round 1..T asks for N expansions of
each of the K best states. At most N(KT + 1) expansions are asked for in all.

The beam of a round is chosen among *all* states known by then, not only among the
last round's: like the released code, a parent stays until K better states exist,
and a state that a retired one had crowded out comes back. States are ordered by
(process reward, outcome reward), critic first as in the released code; a missing
process reward counts as the prior mean of 3. A state whose critic is satisfied
retires: there is nothing left to say about it. A round that finds no state to
expand drafts from the root again.

The machine knows no clock, no randomness and no I/O, and the order in which
expansions are told does not matter: the same tells give the same beams.
"""

from orps_search.candidate import Candidate, CandidateId
from orps_search.config import SearchConfig
from orps_search.proposer import Expansion, ExpansionId
from orps_search.reward import answer_key, beam_key

POLICY = "orps"


class BeamSearch:
    """Ask for work, tell what came of it, look at the ranking at any time."""

    def __init__(self, config: SearchConfig) -> None:
        self._config = config
        self._states: dict[CandidateId, Candidate] = {}
        self._open: dict[ExpansionId, Expansion] = {}
        self._n_asked = 0
        self._next_round = 0

    @property
    def n_max(self) -> int:
        """How many expansions the config allows at most: N(KT + 1)."""
        config = self._config
        return config.samples_per_round * (config.beam_width * config.max_rounds + 1)

    @property
    def is_done(self) -> bool:
        return self._next_round > self._config.max_rounds and not self._open

    def ask(self) -> tuple[Expansion, ...]:
        """All that may run now: a whole round, or nothing while one is still open."""
        if self._open or self._next_round > self._config.max_rounds:
            return ()
        round_ = self._next_round
        self._next_round += 1
        parents: tuple[Candidate | None, ...] = self.beam() if round_ else ()
        expansions = tuple(
            self._expansion(parent, round_, sample)
            for parent in parents or (None,)
            for sample in range(self._config.samples_per_round)
        )
        self._open = {expansion.id: expansion for expansion in expansions}
        return expansions

    def record(self, candidate: Candidate) -> None:
        """Know a candidate, or know it better: its critique may come later."""
        known = self._states.get(candidate.id)
        if known is None or known.critique is None:
            self._states[candidate.id] = candidate

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        """Close an expansion; `None` if it brought nothing.

        Telling twice changes nothing, and a candidate that arrives after its
        expansion was given up is still recorded.
        """
        self._open.pop(expansion_id, None)
        if candidate is not None:
            self.record(candidate)

    def beam(self) -> tuple[Candidate, ...]:
        """The states that the next round would expand, best first."""
        live = [state for state in self._states.values() if not _is_retired(state)]
        live.sort(key=_tie_breaker)
        live.sort(key=beam_key, reverse=True)
        return tuple(live[: self._config.beam_width])

    def ranking(self) -> tuple[Candidate, ...]:
        """Every candidate so far, best first, by the paper's final pick."""
        return tuple(
            sorted(
                self._states.values(),
                key=lambda state: (answer_key(state), _tie_breaker(state)),
            )
        )

    def best(self) -> Candidate | None:
        return next(iter(self.ranking()), None)

    def _expansion(
        self, parent: Candidate | None, round_: int, sample: int
    ) -> Expansion:
        self._n_asked += 1
        return Expansion(
            id=ExpansionId(self._n_asked), parent=parent, round=round_, sample=sample
        )


def _is_retired(state: Candidate) -> bool:
    return state.critique is not None and state.critique.satisfied


def _tie_breaker(state: Candidate) -> tuple[int, int, str]:
    """Earlier first; ids count up, so the shorter one is the earlier."""
    return (state.round, len(state.id), state.id)
