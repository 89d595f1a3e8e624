"""Every candidate of one search, in the order of the paper's final pick."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.reward import answer_key

Age = tuple[int, int, str]
_Key = tuple[float | str, ...]
"""In one piece: it is compared with many others for each candidate that comes."""


class Pool:
    """Keeps candidates sorted, so that the best one is known at every instant."""

    def __init__(
        self, key: Callable[[Candidate], tuple[float, ...]] = answer_key
    ) -> None:
        """`key` is smaller for what is better, and heeds no critique."""
        self._key = key
        self._candidates: dict[CandidateId, Candidate] = {}
        self._key_of: dict[CandidateId, _Key] = {}
        """Computed once: critiques come later, so nothing of them counts here."""
        self._keys: list[_Key] = []
        """Of each place in the order."""
        self._order: list[Candidate] = []
        self._initial: Candidate | None = None

    def __len__(self) -> int:
        return len(self._candidates)

    def __contains__(self, candidate_id: CandidateId) -> bool:
        return candidate_id in self._candidates

    def __getitem__(self, candidate_id: CandidateId) -> Candidate:
        return self._candidates[candidate_id]

    def begin(self, initial: Candidate) -> None:
        """Add the body that was there before the search."""
        self._initial = initial
        self.add(initial)

    def add(self, candidate: Candidate) -> bool:
        """Whether the candidate is new."""
        if candidate.id in self._candidates:
            return False
        self._candidates[candidate.id] = candidate
        key = (*self._key(candidate), *age(candidate))
        place = bisect_left(self._keys, key)
        self._key_of[candidate.id] = key
        self._keys.insert(place, key)
        self._order.insert(place, candidate)
        return True

    def criticize(self, candidate_id: CandidateId, critique: Critique) -> Candidate:
        """Know a candidate better; the critique that came first stays."""
        known = self._candidates[candidate_id]
        if known.critique is None:
            known = replace(known, critique=critique)
            self._candidates[candidate_id] = known
            self._order[bisect_left(self._keys, self._key_of[candidate_id])] = known
        return known

    def is_find(self, candidate: Candidate) -> bool:
        """Whether it passes every case, and better than what was there before."""
        if not candidate.outcome.all_passed:
            return False
        initial = self._initial
        return initial is None or self._key(candidate) < self._key(initial)

    def ranking(self) -> tuple[Candidate, ...]:
        """Best first: share of cases passed, then time, then outcome reward."""
        return tuple(self._order)

    def best(self) -> Candidate | None:
        return self._order[0] if self._order else None


def age(candidate: Candidate) -> Age:
    """Earlier is smaller; ids count up, so the shorter one is the earlier."""
    return (candidate.round, len(candidate.id), candidate.id)
