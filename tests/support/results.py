"""Builders of problems, outcomes and results for what shows or writes them."""

from collections.abc import Mapping, Sequence

from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    ExecutionProfile,
    Judge,
    Termination,
    Tier,
)
from orps_sandbox.program import CaseSelection
from orps_search.candidate import Candidate, CandidateId, Critique, StaticMetrics
from orps_search.events import SearchUsage
from orps_search.problem import Problem
from orps_search.proposer import Usage
from orps_search.source.find import find_target
from orps_search.source.target import Target
from orps_server.document import Result

STUB = 'def double(x):\n    """Twice x."""\n    ...\n'
SOLUTION = 'def double(x):\n    """Twice x."""\n    return 2 * x\n'
CASE_IDS = ("test_m.py::test_one", "test_m.py::test_two")


def problem(
    text: str = STUB,
    qualname: str = "double",
    *,
    path: str = "m.py",
    sources: Mapping[str, str] | None = None,
) -> Problem:
    target = find_target(text, qualname)
    assert isinstance(target, Target)
    return Problem(
        target=target,
        module_path=path,
        module_text=text,
        runnable_text=text,
        context="",
        test_sources=sources or {"test_m.py": "from m import double\n"},
        selection=CaseSelection(node_ids=("test_m.py",)),
        case_ids=CASE_IDS,
    )


def outcome(
    *statuses: CaseStatus,
    message: str = "assert 3 == 4",
    seconds: float | None = 0.002,
    judge: Judge = Judge.SPLIT,
) -> ExecutionOutcome:
    return ExecutionOutcome(
        cases=tuple(
            CaseResult(
                id=case_id,
                status=status,
                message="" if status is CaseStatus.PASSED else message,
            )
            for case_id, status in zip(CASE_IDS, statuses, strict=True)
        ),
        termination=Termination.COMPLETED,
        profile=ExecutionProfile(
            wall_seconds=seconds, cpu_seconds=seconds, peak_memory_bytes=3 * 2**20
        ),
        tier=Tier.C,
        judge=judge,
    )


def candidate(
    *statuses: CaseStatus,
    code: str = SOLUTION,
    name: str = "c1",
    critique: Critique | None = None,
    judge: Judge = Judge.SPLIT,
) -> Candidate:
    return Candidate(
        id=CandidateId(name),
        parent=None,
        round=0,
        reasoning="Twice is two times.",
        code=code,
        outcome=outcome(*statuses, judge=judge),
        static_metrics=StaticMetrics(lines=3),
        outcome_reward=1.5,
        critique=critique,
    )


def result(
    ranking: Sequence[Candidate],
    problem_: Problem | None = None,
    *,
    encoding: str = "utf-8",
) -> Result:
    return Result(
        problem=problem_ or problem(),
        file="m.py",
        encoding=encoding,
        policy="orps",
        proposer="offline",
        stop_reason="accepted",
        usage=SearchUsage(calls=Usage(), executions=len(ranking), seconds=1.25),
        ranking=tuple(ranking),
    )
