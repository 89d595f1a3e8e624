"""The policies `orps` and `orps-code`: rounds, and in each the K best states.

Round 0 asks for N drafts from the root. Each round 1..T asks for N expansions of
each of the K best states. Every candidate is reviewed, so a search is at most
2N(KT + 1) calls: 640 at the paper's N = 20, K = 3, T = 5.

The beam of a round is chosen among *all* states known by then, not only among the
last round's: like the released code, a parent stays until K better states exist,
and a state that a retired one had crowded out comes back. A missing process reward
counts as the prior mean of 3. A state whose critic is satisfied retires: there is
nothing left to say about it. A round that finds no state to expand drafts from the
root again. Ties go to the earlier state.

The two differ in one thing, the order of the states: see `quality` and `code_order`
in `orps_search.reward`.
"""

from bisect import insort
from collections.abc import Callable

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies.pool import Age, Pool, age
from orps_search.policy import Review, Work
from orps_search.proposer import Expansion, ExpansionId
from orps_search.reward import process_reward

_ACCEPTED_REWARD = 4
"""A candidate that passes everything is accepted from this process reward on."""


class BeamSearch:
    """The paper's Algorithm 1, with the end of an interactive search."""

    def __init__(
        self, config: SearchConfig, *, order: Callable[[Candidate], tuple[float, ...]]
    ) -> None:
        self._config = config
        self._order = order
        self._pool = Pool()
        self._open: set[ExpansionId] = set()
        self._unread: list[CandidateId] = []
        """Executed, and no review was asked for yet."""
        self._in_review: set[CandidateId] = set()
        self._queue: list[tuple[tuple[float, ...], Age, CandidateId]] = []
        """The states that may be expanded, best first."""
        self._n_asked = 0
        self._next_round = 0
        self._has_accepted = False

    @property
    def n_max(self) -> int:
        """N(KT + 1)."""
        config = self._config
        return config.samples_per_round * (config.beam_width * config.max_rounds + 1)

    @property
    def stop_reason(self) -> StopReason | None:
        is_busy = bool(self._open or self._unread or self._in_review)
        if self._has_accepted and not (is_busy and self._config.finish_round):
            return StopReason.ACCEPTED
        if self._next_round > self._config.max_rounds and not is_busy:
            return StopReason.ROUNDS
        return None

    def begin(self, initial: Candidate) -> None:
        self._pool.begin(initial)
        self._unread.append(initial.id)

    def ask(self) -> tuple[Work, ...]:
        """Reviews at once; a whole round, when nothing of the last one is open."""
        reviews = tuple(Review(candidate=self._pool[id_]) for id_ in self._unread)
        may_expand = not self._next_round or not (
            self._open or self._unread or self._in_review
        )
        self._in_review.update(self._unread)
        self._unread.clear()
        if not may_expand or self.stop_reason is not None:
            return reviews
        return (*reviews, *self._round())

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        self._open.discard(expansion_id)
        if candidate is None or not self._pool.add(candidate):
            return
        if candidate.critique is None:
            self._unread.append(candidate.id)
        else:
            self._settle(candidate)

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        self._in_review.discard(candidate_id)
        if critique is None:
            self._settle(self._pool[candidate_id])
        else:
            self._settle(self._pool.criticize(candidate_id, critique))

    def beam(self) -> tuple[Candidate, ...]:
        """The states that the next round would expand, best first."""
        best = self._queue[: self._config.beam_width]
        return tuple(self._pool[id_] for _, _, id_ in best)

    def ranking(self) -> tuple[Candidate, ...]:
        return self._pool.ranking()

    def best(self) -> Candidate | None:
        return self._pool.best()

    def _round(self) -> tuple[Expansion, ...]:
        round_ = self._next_round
        self._next_round += 1
        parents: tuple[Candidate | None, ...] = self.beam() if round_ else ()
        expansions = tuple(
            self._expansion(parent, round_, sample)
            for parent in parents or (None,)
            for sample in range(self._config.samples_per_round)
        )
        self._open = {expansion.id for expansion in expansions}
        return expansions

    def _expansion(
        self, parent: Candidate | None, round_: int, sample: int
    ) -> Expansion:
        self._n_asked += 1
        return Expansion(
            id=ExpansionId(self._n_asked), parent=parent, round=round_, sample=sample
        )

    def _settle(self, candidate: Candidate) -> None:
        """All that will be known of a candidate is known."""
        if candidate.critique is None or not candidate.critique.satisfied:
            key = tuple(-reward for reward in self._order(candidate))
            insort(self._queue, (key, age(candidate), candidate.id))
        accepts = candidate.critique is not None and (
            candidate.critique.satisfied
            or process_reward(candidate) >= _ACCEPTED_REWARD
        )
        if accepts and self._pool.is_find(candidate):
            self._has_accepted = True
