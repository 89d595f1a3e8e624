"""The policy `rex`: refine, explore, exploit as a bandit (arXiv 2405.17503).

Each program is an arm that stands for refining it, and one more arm, the root, stands
for drafting. A program that passes the share h of the cases begins as
Beta(1 + C h, 1 + C (1 - h)), the root as a program with h = 0; each pull that did not
solve the problem adds one to the second parameter. No critic is asked. The search
ends as soon as a candidate passes every case.
"""

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies.arms import Arms
from orps_search.policies.pool import Pool
from orps_search.proposer import Expansion, ExpansionId

_C = 20.0
"""How strongly h counts against the number of pulls; the authors' value."""
_ROOT = CandidateId("")


class Rex:
    """Keeps `in_flight` pulls under way; one in flight counts as one that failed."""

    def __init__(self, config: SearchConfig) -> None:
        self._config = config
        self._pool = Pool()
        self._arms = Arms(config.seed)
        self._n_pulls: dict[CandidateId, int] = {}
        self._shares: dict[CandidateId, float] = {}
        """Of the cases that pass, by arm."""
        self._open: set[ExpansionId] = set()
        self._n_asked = 0
        self._is_solved = False
        self._acquire(_ROOT, share=0.0)

    @property
    def n_max(self) -> int:
        return self._config.n_calls

    @property
    def stop_reason(self) -> StopReason | None:
        if self._is_solved:
            return StopReason.SOLVED
        if self._n_asked == self.n_max and not self._open:
            return StopReason.ROUNDS
        return None

    def begin(self, initial: Candidate) -> None:
        self._pool.begin(initial)
        self._acquire(initial.id, share=initial.outcome.success_ratio)

    def ask(self) -> tuple[Expansion, ...]:
        pulled: list[Expansion] = []
        while (
            not self._is_solved
            and self._n_asked < self.n_max
            and len(self._open) < self._config.in_flight
        ):
            pulled.append(self._pull(CandidateId(self._arms.choose())))
        return tuple(pulled)

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        self._open.discard(expansion_id)
        if candidate is not None and self._pool.add(candidate):
            self._acquire(candidate.id, share=candidate.outcome.success_ratio)
            self._is_solved = self._is_solved or self._pool.is_find(candidate)

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        """Nobody was asked for one, but a late one is no fault."""
        if critique is not None and candidate_id in self._pool:
            self._pool.criticize(candidate_id, critique)

    def ranking(self) -> tuple[Candidate, ...]:
        return self._pool.ranking()

    def best(self) -> Candidate | None:
        return self._pool.best()

    def _pull(self, arm: CandidateId) -> Expansion:
        parent = None if arm == _ROOT else self._pool[arm]
        self._n_asked += 1
        expansion = Expansion(
            id=ExpansionId(self._n_asked),
            parent=parent,
            round=0 if parent is None else parent.round + 1,
            sample=self._n_pulls[arm],
        )
        self._open.add(expansion.id)
        self._n_pulls[arm] += 1
        self._weigh(arm)
        return expansion

    def _acquire(self, arm: CandidateId, *, share: float) -> None:
        self._n_pulls[arm] = 0
        self._shares[arm] = share
        self._weigh(arm)

    def _weigh(self, arm: CandidateId) -> None:
        share = self._shares[arm]
        failed = self._n_pulls[arm]
        self._arms.put(arm, 1 + _C * share, 1 + _C * (1 - share) + failed)
