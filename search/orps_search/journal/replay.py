"""Any policy played over what a journal holds, without a call and without a run.

Drafts are answered by the recorded drafts in their order, each once; a rewrite of some
code by the recorded rewrites of that very code, each once; a review by the recorded
critique of that code. Where nothing is recorded the policy is told that nothing came of
it. So two policies see the same samples, as far as they ask for the same things.
"""

from collections import deque
from dataclasses import dataclass, replace

from orps_search.candidate import INITIAL_ID, Candidate, CandidateId
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.execution import normal_form
from orps_search.journal.entries import Told
from orps_search.journal.fold import SearchState
from orps_search.policies import POLICIES
from orps_search.policy import Contest, Policy, Review, Work, tell_winner
from orps_search.proposer import Expansion


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a policy made of the recorded samples."""

    policy: str
    n_calls: int
    """Recorded ones that it used: drafts, rewrites and critiques."""
    n_unrecorded: int
    """What it asked for beyond them, and got nothing for."""
    calls_to_first_passing: int | None
    """`None` if nothing passed every case."""
    ranking: tuple[Candidate, ...]
    stop_reason: StopReason | None
    """`None` if it would have asked for more than there is."""


def replay(state: SearchState, config: SearchConfig) -> Replay:
    """Deterministic: one piece of work after the other, in the order it was asked."""
    return _Game(state, config).play()


class _Game:
    def __init__(self, state: SearchState, config: SearchConfig) -> None:
        self._name = config.policy
        self._policy: Policy = POLICIES[config.policy].make(config)
        self._samples = _samples(state)
        self._critiques = {
            normal_form(each.code): each.critique
            for each in state.candidates.values()
            if each.critique is not None
        }
        self._initial = state.candidates.get(INITIAL_ID)
        self._known: dict[str, Candidate] = {}
        self._n_calls = 0
        self._n_unrecorded = 0
        self._first_passing: int | None = None

    def play(self) -> Replay:
        policy = self._policy
        if self._initial is not None:
            initial = replace(self._initial, critique=None)
            self._known[normal_form(initial.code)] = initial
            policy.begin(initial)
        works = deque(policy.ask())
        while works and policy.stop_reason is None:
            self._perform(works.popleft())
            if policy.stop_reason is None:
                works += policy.ask()
        return Replay(
            policy=self._name,
            n_calls=self._n_calls,
            n_unrecorded=self._n_unrecorded,
            calls_to_first_passing=self._first_passing,
            ranking=policy.ranking(),
            stop_reason=policy.stop_reason,
        )

    def _perform(self, work: Work) -> None:
        match work:
            case Review(candidate=candidate):
                critique = self._critiques.get(normal_form(candidate.code))
                self._count(is_recorded=critique is not None)
                self._policy.tell_critique(candidate.id, critique)
            case Contest():
                # It depends on two candidates as they stood then.
                self._count(is_recorded=False)
                tell_winner(self._policy, work.name, None)
            case Expansion():
                self._policy.tell(work.id, self._expanded(work))

    def _expanded(self, expansion: Expansion) -> Candidate | None:
        parent = expansion.parent
        samples = self._samples.get(
            None if parent is None else normal_form(parent.code)
        )
        self._count(is_recorded=bool(samples))
        sample = samples.popleft() if samples else None
        if sample is None:
            return None
        if sample.outcome.all_passed and self._first_passing is None:
            self._first_passing = self._n_calls
        candidate = replace(
            sample,
            id=CandidateId(f"c{expansion.id}"),
            parent=parent.id if parent else None,
            round=expansion.round,
            critique=None,
        )
        return self._known.setdefault(normal_form(sample.code), candidate)

    def _count(self, *, is_recorded: bool) -> None:
        self._n_calls += is_recorded
        self._n_unrecorded += not is_recorded


def _samples(state: SearchState) -> dict[str | None, deque[Candidate | None]]:
    """What came of each recorded expansion, by the normal form of its parent."""
    told = {
        CandidateId(f"c{move.expansion}"): move.candidate
        for move in state.moves
        if isinstance(move, Told)
    }
    samples: dict[str | None, deque[Candidate | None]] = {}
    for name, expansion in state.expansions.items():
        if name not in told:
            continue
        parent = expansion.parent
        key = None if parent is None else normal_form(state.candidates[parent].code)
        reached = told[name]
        found = None if reached is None else state.candidates[reached]
        samples.setdefault(key, deque()).append(found)
    return samples
