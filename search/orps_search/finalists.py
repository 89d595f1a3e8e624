"""What finalists cost decides among those that do the same; pure but for the measuring.

A difference counts only beyond the noise that was measured with it.  What lies within
is a tie, and then deterministic things decide: the outcome reward without times, brevity,
and who came first.  Costs never lift a candidate above one that is judged better or that
does something else on the same inputs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from orps_sandbox.metric import Metric
from orps_sandbox.metrics import Measurement, is_tie
from orps_sandbox.outcome import ExecutionProfile
from orps_sandbox.program import Program
from orps_search.candidate import Candidate, CandidateId
from orps_search.execution import program_with
from orps_search.problem import Problem
from orps_search.reward import outcome_reward
from orps_search.selection.samples import behavior_of

MAX_FINALISTS = 3
Costs = Mapping[CandidateId, Measurement]
Alike = Callable[[Candidate], object]
"""Equal for candidates of which costs may decide which comes first."""


class Profiler(Protocol):
    """Measures programs; `orps_sandbox.executor.Executor` is one."""

    async def profile(
        self, programs: Sequence[Program], *, seconds: float
    ) -> tuple[Measurement, ...]:
        """Raise `SandboxError` when the host is at fault."""
        ...


def finalists(
    ranking: Sequence[Candidate], n: int = MAX_FINALISTS
) -> tuple[Candidate, ...]:
    """The best ones that pass every case."""
    return tuple(each for each in ranking if each.outcome.all_passed)[:n]


async def measured_costs(
    problem: Problem,
    candidates: Sequence[Candidate],
    profiler: Profiler,
    *,
    seconds: float,
) -> Costs:
    """Measure them in turn, on their own cases; raises `SandboxError`."""
    programs = [program_with(problem, each.code) for each in candidates]
    found = await profiler.profile(programs, seconds=seconds)
    return {each.id: costs for each, costs in zip(candidates, found, strict=True)}


def with_costs(
    ranking: Sequence[Candidate], costs: Costs, alike: Alike = behavior_of
) -> tuple[Candidate, ...]:
    """The ranking with what was measured, and in the order that follows from it."""
    return settled(
        [replace(each, costs=costs.get(each.id, each.costs)) for each in ranking], alike
    )


def settled(
    ranking: Sequence[Candidate], alike: Alike = behavior_of
) -> tuple[Candidate, ...]:
    """Put the measured candidates of each kind in order, in the places that they have."""
    ordered = list(ranking)
    places: dict[object, list[int]] = {}
    for place, candidate in enumerate(ranking):
        if candidate.costs is not None:
            kind = (candidate.outcome.judge, alike(candidate))
            places.setdefault(kind, []).append(place)
    for of_a_kind in places.values():
        chosen = _by_costs([ranking[place] for place in of_a_kind])
        for place, candidate in zip(of_a_kind, chosen, strict=True):
            ordered[place] = candidate
    return tuple(ordered)


def _by_costs(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The quickest and its ties, then the next one and its ties, and so on.

    Whoever ties with both neighbors goes with the quicker, so that the order does not
    depend on who is compared first.
    """
    waiting = sorted(candidates, key=_seconds)
    chosen: list[Candidate] = []
    while waiting:
        head = _cpu(waiting[0])
        tied = [each for each in waiting if _are_alike(head, _cpu(each))]
        chosen += _by_quality(tied, candidates)
        waiting = [each for each in waiting if each not in tied]
    return chosen


def _are_alike(one: Metric, other: Metric) -> bool:
    """Within the noise; unknown is like unknown only."""
    return (one.value is None) == (other.value is None) and is_tie(one, other)


def _by_quality(
    tied: Sequence[Candidate], ranking: Sequence[Candidate]
) -> list[Candidate]:
    counted = all(_counts(each) is not None for each in tied)
    return sorted(
        tied,
        key=lambda each: (
            -settled_reward(each, counted=counted),
            len(each.code),
            ranking.index(each),
        ),
    )


def settled_reward(candidate: Candidate, *, counted: bool) -> float:
    """The outcome reward of what is the same on every run.

    Counts of instructions belong to it only where all that are compared have them.
    """
    counts = _counts(candidate) if counted else None
    profile = counts or ExecutionProfile()
    return outcome_reward(
        replace(candidate.outcome, profile=profile), candidate.static_metrics
    )


def _counts(candidate: Candidate) -> ExecutionProfile | None:
    costs = candidate.costs
    if costs is None or costs.instructions.value is None:
        return None
    if not costs.instructions.deterministic:
        return None
    misses = costs.branch_misses.value
    return ExecutionProfile(
        instructions=round(costs.instructions.value),
        branch_misses=None if misses is None else round(misses),
    )


def _cpu(candidate: Candidate) -> Metric:
    assert candidate.costs is not None
    return candidate.costs.cpu_seconds


def _seconds(candidate: Candidate) -> float:
    value = _cpu(candidate).value
    # What could not be measured comes after what could; it is not free.
    return float("inf") if value is None else value
