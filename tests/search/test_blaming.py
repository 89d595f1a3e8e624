"""The wrong line of a failing candidate is found, and told to who repairs it."""

from dataclasses import replace
from pathlib import Path

import pytest

from orps_sandbox.outcome import ExecutionOutcome
from orps_search.blame import BlamedLine
from orps_search.candidate import Candidate, CandidateId
from orps_search.execution import execute_candidate
from orps_search.feedback import describe_blame
from orps_search.prompts import programmer_messages
from orps_search.proposer import Expansion, ExpansionId, Proposal
from orps_server.engine import GenerateRequest, open_workbench
from orps_server.settings import Settings
from support.offline import offline_problem
from support.searching import outcome, state

MODULE = """\
import m_helper

def grade(points):
    if points < 0:
        raise ValueError(points)
    name = "poor"
    if points > 50:
        name = "godo"
    return m_helper.shown(name)
"""
TESTS = """\
from m import grade

def test_poor(): assert grade(3) == "poor"
def test_edge(): assert grade(50) == "poor"
def test_good(): assert grade(70) == "good"
def test_best(): assert grade(100) == "good"
"""
BLAMED = BlamedLine(
    line=7, suspicion=1.0, n_failing=2, n_passing=0, text="x = 1", repaired_by=3
)


@pytest.mark.slow
async def test_the_line_that_only_failing_cases_execute_comes_first(tmp_path: Path):
    (tmp_path / "m.py").write_text(MODULE)
    (tmp_path / "m_helper.py").write_text("def shown(name):\n    return name\n")
    (tmp_path / "test_m.py").write_text(TESTS)
    request = GenerateRequest(file=tmp_path / "m.py", qualname="grade")
    async with open_workbench(request, Settings()) as bench:
        found = await execute_candidate(
            bench.problem,
            Proposal(reasoning="", code=bench.problem.target.source),
            bench.executor,
            id=CandidateId("c0"),
            blames=True,
        )
    assert isinstance(found, Candidate)
    first, *others = found.blame
    assert (first.line, first.text) == (8, 'name = "godo"')
    assert (first.suspicion, first.n_failing, first.n_passing) == (1.0, 2, 0)
    assert all(each.suspicion < 1 for each in others)
    assert all("raise" not in each.text for each in others)


def failing(*blame: BlamedLine) -> Candidate:
    failed: ExecutionOutcome = outcome(False, message="no")
    return replace(state("c1"), outcome=failed, blame=blame)


def test_who_repairs_is_told():
    problem = offline_problem("def f(a):\n    x = 1\n    return x\n", "f", "")
    words = describe_blame(failing(BLAMED))
    assert words == (
        "- `x = 1`: executed by 2 failing and 0 passing cases; 3 small changes of it "
        "make a failing case pass"
    )
    assert describe_blame(failing()) == ""
    for candidate, told in ((failing(BLAMED), True), (failing(), False)):
        expansion = Expansion(id=ExpansionId(1), parent=candidate, round=1, sample=0)
        prompt = str(programmer_messages(problem, expansion))
        assert ("suspicious" in prompt) == told
