"""Candidates that pass every test and still disagree, in a real sandbox."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.program import CaseSelection, Project
from orps_search.candidate import Candidate, CandidateId
from orps_search.distinguish import Comparison, compare
from orps_search.execution import execute_candidate, program_with
from orps_search.problem import Problem
from orps_search.proposer import Proposal
from orps_search.source.find import find_target
from orps_search.source.target import Target
from orps_search.strength import Strength, measure_strength
from support.sandbox_projects import LIMITS

pytestmark = pytest.mark.slow

STUB = "def median(numbers):\n    ...\n"
TESTS = """\
from m import median


def test_odd():
    assert median([3, 1, 2]) == 2


def test_even():
    assert median([4, 1, 2, 3]) == 2.5
"""
RAISES = """\
def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
"""
RAISES_TOO = """\
def median(numbers):
    n = len(numbers)
    s = sorted(numbers)
    return s[n // 2] if n % 2 else (s[n // 2 - 1] + s[n // 2]) / 2
"""
RETURNS_NONE = """\
def median(numbers):
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else sum(ordered[middle - 1:middle + 1]) / 2
"""


class Bench:
    """A problem in a real sandbox."""

    def __init__(self, root: Path, stub: str = STUB, tests: str = TESTS) -> None:
        (root / "m.py").write_text(stub)
        (root / "test_m.py").write_text(tests)
        self.root = root
        target = find_target(stub, "median")
        assert isinstance(target, Target)
        self.problem = Problem(
            target=target,
            module_path="m.py",
            module_text=stub,
            runnable_text=stub,
            context="",
            test_sources={"test_m.py": tests},
            selection=CaseSelection(node_ids=("test_m.py",)),
            case_ids=("test_m.py::test_odd", "test_m.py::test_even"),
        )

    def executor(self):
        project = Project(root=self.root, interpreter=Path(sys.executable))
        return open_executor(project, limits=LIMITS, slots=1)

    async def candidates(
        self, executor: Executor, codes: Sequence[str]
    ) -> list[Candidate]:
        found: list[Candidate] = []
        for idx, code in enumerate(codes):
            candidate = await execute_candidate(
                self.problem,
                Proposal(reasoning="", code=code),
                executor,
                id=CandidateId(f"c{idx}"),
            )
            assert isinstance(candidate, Candidate)
            assert candidate.outcome.all_passed
            found.append(candidate)
        return found

    async def compared(self, *codes: str) -> Comparison:
        async with self.executor() as executor:
            ranking = await self.candidates(executor, codes)
            return await compare(self.problem, ranking, executor)

    async def strength(self, code: str, *, max_seconds: float) -> Strength:
        async with self.executor() as executor:
            (winner,) = await self.candidates(executor, [code])
            return await measure_strength(
                self.problem,
                winner,
                program_with(self.problem, code),
                executor,
                n_mutants=16,
                max_seconds=max_seconds,
            )


async def test_a_short_question_parts_those_that_disagree(tmp_path: Path) -> None:
    found = await Bench(tmp_path).compared(RETURNS_NONE, RAISES, RAISES_TOO)
    assert [group.ids for group in found.groups] == [("c1", "c2"), ("c0",)]
    assert found.question is not None
    assert found.question.call == "median([])"
    words = [option.answer.words for option in found.question.options]
    assert words == ["raises IndexError", "returns None"]
    assert found.question.text({0: "#1", 1: "#2"}) == (
        "median([]): #1 raises IndexError, #2 returns None"
    )


async def test_those_that_agree_are_one_group(tmp_path: Path) -> None:
    found = await Bench(tmp_path).compared(RAISES, RAISES_TOO)
    assert not found.disagree
    assert found.question is None
    assert found.n_calls > 20


async def test_what_the_tests_leave_open(tmp_path: Path) -> None:
    found = await Bench(tmp_path).strength(RETURNS_NONE, max_seconds=60)
    assert found.complete
    assert found.n_changes == found.n_noticed + len(found.gaps)
    assert found.n_noticed > 0
    assert found.n_changes + found.n_alike == 16
    assert any(gap.line in (2, 3) for gap in found.gaps), found.gaps
    for gap in found.gaps:
        assert gap.was != gap.now
        assert gap.before != gap.after
    assert f"catch {found.n_noticed} of {found.n_changes} changes" in found.text()


async def test_time_that_runs_out_is_said(tmp_path: Path) -> None:
    found = await Bench(tmp_path).strength(RAISES, max_seconds=0.0)
    assert not found.complete
    assert found.text() == "no change of it could be told from it"
