"""The policy `reflexion`: one chain of draft, reflection and rewrite (arXiv 2303.11366).

The reflection is the critic's critique of the last candidate, and the rewrite sees
it. The chain always goes on from its last candidate, better or not, and ends as soon
as one passes every case.
"""

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.events import StopReason
from orps_search.policies.pool import Pool
from orps_search.policy import Review, Work
from orps_search.proposer import Expansion, ExpansionId


class Reflexion:
    """One call at a time; a rewrite that brought nothing is tried again."""

    def __init__(self, n_rewrites: int) -> None:
        self._n_rewrites = n_rewrites
        self._pool = Pool()
        self._last: Candidate | None = None
        self._is_read = False
        """Whether the last candidate was reviewed, or could not be."""
        self._open: Work | None = None
        self._n_asked = 0
        self._is_solved = False

    @property
    def n_max(self) -> int:
        return 1 + self._n_rewrites

    @property
    def stop_reason(self) -> StopReason | None:
        if self._is_solved:
            return StopReason.SOLVED
        if self._n_asked == self.n_max and self._open is None:
            return StopReason.ROUNDS
        return None

    def begin(self, initial: Candidate) -> None:
        """Take the place of the first draft: the chain begins by reflecting on it."""
        self._pool.begin(initial)
        self._last = initial

    def ask(self) -> tuple[Work, ...]:
        if self._open is not None or self.stop_reason is not None:
            return ()
        self._open = self._next()
        return (self._open,)

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        match self._open:
            case Expansion(id=open_id) if open_id == expansion_id:
                self._open = None
            case _:
                return
        if candidate is not None and self._pool.add(candidate):
            self._last = candidate
            self._is_read = candidate.critique is not None
            self._is_solved = self._pool.is_find(candidate)

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        match self._open:
            case Review(candidate=candidate) if candidate.id == candidate_id:
                self._open = None
                self._is_read = True
            case _:
                return
        if critique is not None:
            self._last = self._pool.criticize(candidate_id, critique)

    def ranking(self) -> tuple[Candidate, ...]:
        return self._pool.ranking()

    def best(self) -> Candidate | None:
        return self._pool.best()

    def _next(self) -> Work:
        if self._last is not None and not self._is_read:
            return Review(candidate=self._last)
        self._n_asked += 1
        return Expansion(
            id=ExpansionId(self._n_asked),
            parent=self._last,
            round=self._n_asked - 1,
            sample=0,
        )
