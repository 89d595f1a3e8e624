"""The policies `cot` and `bon`: independent first drafts, and no critic.

Chain of thought is one draft; best of N is N of them, all asked for at once, of which
the pool's order picks the best. The visible tests are the only verifier.
"""

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.events import StopReason
from orps_search.policies.pool import Pool
from orps_search.proposer import Expansion, ExpansionId


class Drafts:
    """Asks for a number of drafts, and is done when all of them are told."""

    def __init__(self, n_drafts: int) -> None:
        self._n_drafts = n_drafts
        self._pool = Pool()
        self._has_asked = False
        self._open: set[ExpansionId] = set()

    @property
    def n_max(self) -> int:
        return self._n_drafts

    @property
    def stop_reason(self) -> StopReason | None:
        return StopReason.ROUNDS if self._has_asked and not self._open else None

    def begin(self, initial: Candidate) -> None:
        self._pool.begin(initial)

    def ask(self) -> tuple[Expansion, ...]:
        if self._has_asked:
            return ()
        self._has_asked = True
        drafts = tuple(
            Expansion(id=ExpansionId(sample + 1), parent=None, round=0, sample=sample)
            for sample in range(self._n_drafts)
        )
        self._open = {draft.id for draft in drafts}
        return drafts

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        self._open.discard(expansion_id)
        if candidate is not None:
            self._pool.add(candidate)

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
