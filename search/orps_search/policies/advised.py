"""A policy that first does what a person said about a candidate.

The policy inside is not told of it: it goes on where it was, so what it decides stays
what it would have decided, and a journal plays it back.
"""

from dataclasses import replace
from itertools import count

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.events import StopReason
from orps_search.policy import Policy, Work, tell_winner
from orps_search.proposer import Expansion, ExpansionId
from orps_search.reward import answer_key

FIRST_ID = 1_000_000
"""Beyond the ids of any policy's own expansions."""


class Advised:
    """`Policy`, and `advise`."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._ids = count(FIRST_ID)
        self._waiting: list[Expansion] = []
        self._open: set[ExpansionId] = set()
        self._n_advised = 0
        self._found: dict[CandidateId, Candidate] = {}

    def advise(self, candidate: Candidate, text: str, *, n_samples: int) -> None:
        """Ask for so many versions of a candidate, with the person's words on it."""
        critique = Critique(text=text, process_reward=None)
        parent = replace(candidate, critique=critique)
        for sample in range(n_samples):
            id_ = ExpansionId(next(self._ids))
            self._waiting.append(
                Expansion(
                    id=id_, parent=parent, round=candidate.round + 1, sample=sample
                )
            )
            self._open.add(id_)
        self._n_advised += n_samples

    @property
    def n_max(self) -> int:
        return self._policy.n_max + self._n_advised

    @property
    def stop_reason(self) -> StopReason | None:
        if self._open:
            return None
        if any(each.outcome.all_passed for each in self._found.values()):
            return StopReason.SOLVED
        return self._policy.stop_reason

    def begin(self, initial: Candidate) -> None:
        self._policy.begin(initial)

    def ask(self) -> tuple[Work, ...]:
        """What the person wants; the policy's own wishes when that is done."""
        waiting, self._waiting = self._waiting, []
        return tuple(waiting) if self._open else self._policy.ask()

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        if expansion_id < FIRST_ID:
            self._policy.tell(expansion_id, candidate)
            return
        self._open.discard(expansion_id)
        if candidate is not None:
            self._found.setdefault(candidate.id, candidate)

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        self._policy.tell_critique(candidate_id, critique)

    def tell_winner(self, contest: CandidateId, winner: CandidateId | None) -> None:
        tell_winner(self._policy, contest, winner)

    def ranking(self) -> tuple[Candidate, ...]:
        """What passes after advice was asked for as it is, so it comes first."""
        known = self._policy.ranking()
        ids = {each.id for each in known}
        found = [each for id_, each in self._found.items() if id_ not in ids]
        if not found:
            return known
        advised = [each for each in found if each.outcome.all_passed]
        passing = [each for each in known if each.outcome.all_passed]
        others = [each for each in (*known, *found) if not each.outcome.all_passed]
        return (*advised, *passing, *sorted(others, key=answer_key))

    def best(self) -> Candidate | None:
        return next(iter(self.ranking()), None)
