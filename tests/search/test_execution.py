"""From code to an executed candidate."""

from dataclasses import replace

import pytest

from orps_sandbox.outcome import CaseStatus
from orps_search.candidate import Candidate, CandidateId
from orps_search.execution import case_seconds_after, execute_candidate, normal_form
from orps_search.proposer import Proposal
from orps_search.source.splice import Misplacement
from support.searching import HALF_RIGHT, RIGHT, STUB, FakeExecutor, outcome, problem

DEEP = " + ".join(["x"] * 900)
"""Parses, and is too deep for whatever walks a syntax tree recursively."""


async def execute(code: str, executor: FakeExecutor) -> Candidate | Misplacement:
    return await execute_candidate(
        problem(),
        Proposal(reasoning="Twice.", code=code),
        executor,
        id=CandidateId("c1"),
        parent=CandidateId("c0"),
        round=1,
    )


async def test_a_candidate_is_run_in_its_module() -> None:
    executor = FakeExecutor()
    candidate = await execute(HALF_RIGHT, executor)
    assert isinstance(candidate, Candidate)
    assert (candidate.id, candidate.parent, candidate.round) == ("c1", "c0", 1)
    assert candidate.outcome.n_passed == 2
    assert candidate.static_metrics.cyclomatic == 2
    assert 0 < candidate.outcome_reward < 2
    (program,) = executor.asked
    assert list(program.files) == ["m.py"]
    assert program.case_ids == problem().case_ids


async def test_only_the_body_is_code_too() -> None:
    candidate = await execute("return x * 2", FakeExecutor())
    assert isinstance(candidate, Candidate)
    assert candidate.outcome.all_passed
    assert candidate.code.startswith("def double(x):")


async def test_other_definitions_that_do_not_parse_do_not_matter() -> None:
    healed = replace(problem(), runnable_text="# def other(:\n\n\n" + STUB)
    executor = FakeExecutor()
    proposal = Proposal(reasoning="", code=RIGHT)
    candidate = await execute_candidate(
        healed, proposal, executor, id=CandidateId("c1")
    )
    assert isinstance(candidate, Candidate)
    assert executor.asked[0].files["m.py"].startswith("# def other(:\n")


async def test_what_has_no_place_is_not_run() -> None:
    executor = FakeExecutor()
    assert isinstance(await execute("def double(:", executor), Misplacement)
    assert executor.asked == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (RIGHT, RIGHT.replace("x * 2", "(x*2)  # twice"), True),
        (RIGHT, RIGHT.replace(":\n", ':\n    """Twice."""\n'), True),
        (RIGHT, "def double(x):\n    return 2 * x\n", False),
        ("def (", " def (", True),
        (f"x = {DEEP}", f"x = {DEEP}", True),
    ],
)
def test_normal_form(one: str, other: str, same: bool) -> None:
    assert (normal_form(one) == normal_form(other)) is same


@pytest.mark.parametrize(
    ("seconds", "status", "patience", "expected"),
    [
        (0.3, CaseStatus.PASSED, 10, 3.0),
        (0.3, CaseStatus.FAILED, 10, 3.0),
        (0.001, CaseStatus.PASSED, 10, 1.0),
        (5.0, CaseStatus.TIMEOUT, 10, None),
        (None, CaseStatus.PASSED, 10, None),
        (0.3, CaseStatus.PASSED, None, None),
    ],
)
def test_the_body_that_is_there_says_how_long_a_case_takes(
    seconds: float | None,
    status: CaseStatus,
    patience: float | None,
    expected: float | None,
) -> None:
    ran = outcome(True)
    case = replace(ran.cases[0], status=status, wall_seconds=seconds)
    assert case_seconds_after(replace(ran, cases=(case,)), patience) == expected
