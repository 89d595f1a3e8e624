"""Makes candidates that pass every test disagree, by executing them on more calls."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orps_sandbox.observation import Observation
from orps_search.candidate import Candidate, CandidateId
from orps_search.distinguish.edges import edges, simpler
from orps_search.distinguish.groups import Group, grouped
from orps_search.distinguish.question import Question, question
from orps_search.execution import OBSERVED_SECONDS, Runner, program_with
from orps_search.inputs import calls_to_observe
from orps_search.problem import Problem
from orps_search.selection.outputs import normal_output

_MAX_CANDIDATES = 12
_MAX_CALLS = 96
_MAX_SIMPLIFIED = 60
_MAX_ROUNDS = 4

Seen = dict[CandidateId, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    groups: tuple[Group, ...]
    """By behavior on all calls, the likeliest first."""
    question: Question | None
    """What would tell the likeliest apart; `None` where nothing did."""
    n_calls: int
    """How many calls each candidate was observed on at most."""

    @property
    def disagree(self) -> bool:
        return len(self.groups) > 1


async def compare(
    problem: Problem,
    ranking: Sequence[Candidate],
    runner: Runner,
    *,
    seed: int = 0,
    further_calls: Iterable[str] = (),
) -> Comparison:
    """Group the candidates that pass every test; raises `SandboxError`.

    Calls are the tests' own, others of their kind, and the edges of both. A call on
    which groups differ is then made simpler as long as they still do.
    """
    passing = [each for each in ranking if each.outcome.all_passed][:_MAX_CANDIDATES]
    calls = _calls(problem, seed, further_calls)
    watch = _Watch(problem, runner)
    seen = await watch.observe(passing, calls)
    groups = grouped(passing, {key: _behavior(row) for key, row in seen.items()})
    asked = question(groups, calls, seen) if len(groups) > 1 else None
    if asked is not None:
        asked = await _simplified(asked, groups, watch)
    return Comparison(groups=groups, question=asked, n_calls=len(calls))


async def _simplified(
    asked: Question, groups: Sequence[Group], watch: "_Watch"
) -> Question:
    """A shorter call that still parts what this one parts."""
    representatives = [group.representative for group in groups]
    for _ in range(_MAX_ROUNDS):
        calls = (asked.call, *simpler((asked.call,))[:_MAX_SIMPLIFIED])
        shorter = question(groups, calls, await watch.observe(representatives, calls))
        if shorter is None or shorter.call == asked.call:
            break
        asked = shorter
    return asked


def _calls(problem: Problem, seed: int, further: Iterable[str]) -> tuple[str, ...]:
    made = calls_to_observe(problem, seed=seed, limit=_MAX_CALLS // 2)
    # Edges of the tests' own calls come first among the generated ones.
    found = dict.fromkeys((*further, *made, *edges(made)))
    return tuple(found)[:_MAX_CALLS]


def _behavior(row: Iterable[Observation]) -> tuple[str, ...]:
    return tuple(map(normal_output, row))


class _Watch:
    """Observes candidates of one problem."""

    def __init__(self, problem: Problem, runner: Runner) -> None:
        self._problem = problem
        self._runner = runner

    async def observe(
        self, candidates: Sequence[Candidate], calls: tuple[str, ...]
    ) -> Mapping[CandidateId, tuple[Observation, ...]]:
        seen: Seen = {}
        for candidate in candidates:
            program = program_with(
                self._problem, candidate.code, case_seconds=OBSERVED_SECONDS
            )
            seen[candidate.id] = await self._runner.observe(
                program, calls, module_path=self._problem.module_path
            )
        return seen
