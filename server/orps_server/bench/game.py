"""One policy that spends one budget of calls, one call after the other; pure.

The rules are those of `orps_search.run`: every draft, repair and critique is a call;
none begins once the budget is spent or the policy wants nothing more; code that is
known is told as the candidate that it was then. Only the order is fixed, so that the
same answers give the same search, on whatever machine.
"""

from collections import Counter, deque
from dataclasses import dataclass, replace

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.events import StopReason
from orps_search.policy import Policy, Review, Work
from orps_search.proposer import Expansion


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """What a search would have returned from this call on."""

    n_calls: int
    candidate: Candidate


class Game:
    """Ask for a work, and tell what came of it, until there is none."""

    def __init__(self, policy: Policy, *, n_calls: int) -> None:
        self._policy = policy
        self._budget = n_calls
        self._works: deque[Work] = deque()
        self._by_form: dict[str, CandidateId] = {}
        self._candidates: dict[CandidateId, Candidate] = {}
        self._is_exhausted = False
        self._stopped: StopReason | None = None
        self.n_calls = 0
        self.first_pass: int | None = None
        """Calls until there was a candidate that passes every visible case."""
        self.bests: list[Best] = []
        """A new one whenever the best candidate was another."""
        self.n_samples: Counter[CandidateId] = Counter()
        """How often each program came, duplicates included."""

    @property
    def stop_reason(self) -> StopReason:
        reason = self._policy.stop_reason or self._stopped
        return reason or StopReason.EXHAUSTED

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All that were executed, in the order of the policy: best first."""
        return self._policy.ranking()

    @property
    def n_executed(self) -> int:
        """Distinct programs."""
        return len(self._candidates)

    def next(self) -> Work | None:
        """The next call to make; it is paid for. `None` is the end."""
        if self._policy.stop_reason is not None:
            return None
        self._works.extend(self._policy.ask())
        while self._works:
            work = self._works.popleft()
            if isinstance(work, Expansion) and self._is_exhausted:
                continue
            if self.n_calls == self._budget:
                self._stopped = StopReason.REQUESTS
                return None
            self.n_calls += 1
            return work
        return None

    def is_new(self, form: str) -> bool:
        """Whether this code was not told in this search before."""
        return form not in self._by_form

    def tell(
        self, expansion: Expansion, form: str, executed: Candidate | None
    ) -> Candidate | None:
        """Close an expansion; `executed` is `None` if the code has no place."""
        id_ = CandidateId(f"c{expansion.id}")
        known = self._by_form.setdefault(form, id_)
        if known == id_ and executed is not None:
            parent = expansion.parent
            self._candidates[id_] = replace(
                executed,
                id=id_,
                parent=parent.id if parent else None,
                round=expansion.round,
            )
        candidate = self._candidates.get(known)
        if candidate is not None:
            self.n_samples[candidate.id] += 1
        self._policy.tell(expansion.id, candidate)
        self._note_best()
        return candidate

    def tell_exhausted(self, expansion: Expansion) -> None:
        """There is no answer to this expansion, nor to any later one; it was free."""
        self._is_exhausted = True
        self.n_calls -= 1
        self._policy.tell(expansion.id, None)

    def tell_critique(self, review: Review, critique: Critique) -> None:
        self._policy.tell_critique(review.candidate.id, critique)
        self._note_best()

    def _note_best(self) -> None:
        best = self._policy.best()
        if best is None:
            return
        if self.first_pass is None and best.outcome.all_passed:
            self.first_pass = self.n_calls
        if not self.bests or self.bests[-1].candidate.id != best.id:
            self.bests.append(Best(n_calls=self.n_calls, candidate=best))
