"""Searches in virtual time: many calls in flight, and nobody waits; pure.

A call takes as long as the world says, executions take no time, and whoever may start
next starts when one of the workers is free. Policies that wait for their rounds wait
here as they would before a clock.
"""

import heapq
from collections import Counter, deque
from dataclasses import dataclass, replace

from orps_search.candidate import Candidate, CandidateId
from orps_search.policy import Contest, Policy, Review, Work
from orps_search.proposer import Expansion
from support.simulated_world import World, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What one search came to."""

    solved: bool
    visible: bool
    n_calls: int
    seconds: float
    """Until the search ended."""
    seconds_to_pass: float | None
    """Until a candidate passed every visible test."""
    solved_calls: int
    """After how many of its calls the best candidate was right."""


class _Search:
    def __init__(self, world: World, policy: Policy) -> None:
        self.world = world
        self.policy = policy
        self.n_drafts = 0
        self.n_repairs: Counter[str] = Counter()
        self.written: dict[CandidateId, Written] = {}
        self.ids: dict[str, CandidateId] = {}
        self.candidates: dict[CandidateId, Candidate] = {}

    def answer(self, expansion: Expansion) -> Written:
        """Drawn when the call begins: later calls must not change earlier ones."""
        if expansion.parent is None:
            self.n_drafts += 1
            return self.world.draft(self.n_drafts)
        parent = self.written[expansion.parent.id]
        self.n_repairs[parent.form] += 1
        return self.world.repair(parent, self.n_repairs[parent.form] - 1)

    def tell(self, work: Work, written: Written | None) -> None:
        match work:
            case Review(candidate=candidate):
                critique = self.world.critique(self.written[candidate.id], candidate)
                self.policy.tell_critique(candidate.id, critique)
            case Contest():
                raise AssertionError("nobody has asked for contests")
            case Expansion(id=id_, parent=parent, round=round_):
                assert written is not None
                name = self.ids.setdefault(written.form, CandidateId(f"c{id_}"))
                if name not in self.candidates:
                    self.written[name] = written
                    self.candidates[name] = replace(
                        self.world.executed(written),
                        id=name,
                        parent=parent.id if parent else None,
                        round=round_,
                    )
                self.policy.tell(id_, self.candidates[name])

    def is_right(self) -> bool:
        best = self.policy.best()
        return best is not None and self.written[best.id].is_right


def simulate(world: World, policy: Policy, *, budget: int, workers: int) -> Simulated:
    """Play until the policy stops or the budget is spent and all calls have ended."""
    search = _Search(world, policy)
    waiting: deque[Work] = deque(policy.ask())
    running: list[tuple[float, int, Work, Written | None]] = []
    now, n_calls, solved_calls, first = 0.0, 0, 0, None
    while True:
        while waiting and len(running) < workers and n_calls < budget:
            work = waiting.popleft()
            n_calls += 1
            written = search.answer(work) if isinstance(work, Expansion) else None
            ends = now + world.seconds(n_calls)
            heapq.heappush(running, (ends, n_calls, work, written))
        if not running:
            break
        now, _, work, written = heapq.heappop(running)
        search.tell(work, written)
        solved_calls += search.is_right()
        best = policy.best()
        if first is None and best is not None and best.outcome.all_passed:
            first = now
        if policy.stop_reason is not None:
            break
        waiting.extend(policy.ask())
    best = policy.best()
    return Simulated(
        solved=search.is_right(),
        visible=best is not None and best.outcome.all_passed,
        n_calls=n_calls,
        seconds=now,
        seconds_to_pass=first,
        solved_calls=solved_calls,
    )
