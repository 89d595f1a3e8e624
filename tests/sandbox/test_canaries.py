"""Tests that cannot pass, among those that run in one process with a candidate."""

from pathlib import Path

import pytest

from orps_sandbox.canaries import tampering
from orps_sandbox.control import is_honest
from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import CaseResult, CaseStatus, Judge
from orps_sandbox.reports import Attempt
from orps_sandbox.slot import Slot
from support.sandbox_projects import CASES, HONEST, LIMITS, run, run_once, write_stub

PASSED, FAILED, SKIPPED = CaseStatus.PASSED, CaseStatus.FAILED, CaseStatus.SKIPPED

# `monkeypatch` makes every case run beside the candidate.
BESIDE = CASES.replace(
    "def test_solve(x, doubled):",
    "def test_solve(x, doubled, monkeypatch):\n        monkeypatch.setattr('os.getlogin', None)",
)
FORGING = {
    "a report that says passed": """
        import _pytest.reports
        _pytest.reports.TestReport.passed = property(lambda self: True)
        _pytest.reports.TestReport.failed = property(lambda self: False)
    """,
    "a test that is not called": """
        import _pytest.python
        _pytest.python.Function.runtest = lambda self: None
    """,
    "calls that raise nothing": """
        import _pytest.runner
        plain = _pytest.runner.CallInfo.from_call.__func__
        def from_call(cls, func, when, **kwargs):
            return plain(cls, lambda: None, when, **kwargs)
        _pytest.runner.CallInfo.from_call = classmethod(from_call)
    """,
}


def attempt(
    *statuses: tuple[str, CaseStatus], canaries: tuple[str, ...] | None = ("x", "y")
) -> Attempt:
    results = [CaseResult(id=name, status=status) for name, status in statuses]
    return Attempt(results=results, canaries=canaries)


def test_canaries_that_fail_speak_for_the_rest():
    whole = attempt(("x", FAILED), ("a", PASSED), ("y", CaseStatus.ERROR))
    assert tampering(whole, ["a"]) == ""
    cut = attempt(("x", FAILED), ("a", PASSED))
    assert tampering(cut, ["a", "b"]) == ""
    # What a conftest.py skips, it skips.
    assert tampering(attempt(("x", SKIPPED), ("a", PASSED)), ["a", "b"]) == ""
    assert tampering(attempt(("a", PASSED), canaries=()), ["a"]) == ""
    assert tampering(attempt(("a", FAILED), canaries=None), ["a"]) == ""


@pytest.mark.parametrize(
    "forged",
    [
        attempt(("x", PASSED), ("a", PASSED), ("y", FAILED)),
        attempt(("x", FAILED), ("a", PASSED), ("y", PASSED)),
        attempt(("x", FAILED), ("a", PASSED)),
        attempt(("a", PASSED), ("y", FAILED)),
        attempt(("a", PASSED)),
        attempt(("a", PASSED), canaries=None),
    ],
)
def test_canaries_that_pass_or_are_missing_speak_against_it(forged: Attempt):
    assert "tampered" in tampering(forged, ["a"])


def test_a_worker_is_honest_if_nothing_that_cannot_pass_does():
    assert is_honest(attempt(("x", FAILED), ("y", SKIPPED)))
    assert not is_honest(attempt(("x", FAILED), ("y", PASSED)))


@pytest.mark.parametrize("forging", FORGING.values(), ids=FORGING)
async def test_what_forges_every_verdict_forges_those(tmp_path: Path, forging: str):
    project = write_stub(tmp_path, cases=BESIDE)
    text = f"{forging}\n        def solve(x): return -1\n"
    verdict = await run_once(project, text)
    assert verdict.outcome.n_passed == 0
    for case in verdict.outcome.cases:
        assert case.judge is Judge.IN_PROCESS
        assert "tampered" in case.message


async def test_honest_runs_pass_and_the_worker_is_looked_at_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("orps_sandbox.slot.RUNS_BETWEEN_CONTROLS", 2)
    noted: list[Slot] = []

    def note_control(slot: Slot) -> None:
        noted.append(slot)

    monkeypatch.setattr(Slot, "note_control", note_control)
    project = write_stub(tmp_path, cases=BESIDE)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for _ in range(2):
            verdict = await run(executor, HONEST)
            assert verdict.words == ["passed"] * 4
            assert verdict.outcome.judge is Judge.IN_PROCESS
    assert noted
