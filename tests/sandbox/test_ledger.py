"""Accounting: whatever is reported, every expected case has exactly one result."""

import signal

from hypothesis import given, settings
from hypothesis import strategies as st

from orps_sandbox.ledger import MAX_TIMEOUTS, Ledger
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    Termination,
    Tier,
)
from orps_sandbox.program import CollectionProblem
from orps_sandbox.reports import Attempt, Stop, Usage

LIMITS = Limits()


def result(case: str, status: CaseStatus = CaseStatus.PASSED) -> CaseResult:
    return CaseResult(id=case, status=status, wall_seconds=1.0, cpu_seconds=0.5)


def ended(*results: CaseResult) -> Attempt:
    return Attempt(
        results=list(results),
        begun=Usage(),
        exit_status=0,
        born=Usage(cpu_seconds=1),
        canaries=(),
    )


def died(running: str, *results: CaseResult, stop: Stop = Stop.NONE) -> Attempt:
    return Attempt(
        results=list(results),
        begun=Usage(),
        running=running,
        stop=stop,
        signal=None,
        canaries=(),
    )


def settle(cases: str, *attempts: Attempt) -> ExecutionOutcome:
    """Note attempts until the ledger wants no more of them."""
    ledger = Ledger(cases, LIMITS, tier=Tier.C)
    for attempt in attempts:
        assert not ledger.finished
        ledger.note(attempt)
    assert ledger.finished
    return ledger.outcome(output_bytes=100)


def words(outcome: ExecutionOutcome) -> list[str]:
    return [case.status.value for case in outcome.cases]


def test_order_is_that_of_the_program():
    outcome = settle("abc", ended(result("c"), result("a"), result("b")))
    assert [case.id for case in outcome.cases] == ["a", "b", "c"]
    assert outcome.profile.wall_seconds == 3.0
    assert outcome.profile.cpu_seconds == 1.5


def test_rest_is_run_again_after_a_death():
    outcome = settle("abc", died("b", result("a")), ended(result("c")))
    assert words(outcome) == ["passed", "crash", "passed"]
    assert outcome.termination is Termination.CRASHED


def test_what_pytest_leaves_out_did_not_pass():
    outcome = settle("ab", ended(result("a"), result("z")))
    assert words(outcome) == ["passed", "error"]


def test_report_that_is_not_a_pass_wins():
    failed = result("a", CaseStatus.FAILED)
    assert words(settle("a", ended(failed, result("a")))) == ["failed"]
    assert words(settle("a", ended(result("a"), failed))) == ["failed"]


def test_hanging_cases_are_given_up():
    attempts = [died(case, stop=Stop.CASE) for case in "abcdef"[:MAX_TIMEOUTS]]
    outcome = settle("abcdef", *attempts)
    assert words(outcome) == ["timeout"] * 6
    assert "not run" in outcome.cases[MAX_TIMEOUTS].message


def test_limits_of_the_whole_run_end_it():
    outcome = settle("abc", died("b", result("a"), stop=Stop.OUTPUT))
    assert words(outcome) == ["passed", "crash", "crash"]
    assert outcome.termination is Termination.OUTPUT_LIMIT
    outcome = settle("abc", died("a", stop=Stop.WALL))
    assert words(outcome) == ["timeout"] * 3
    assert outcome.termination is Termination.TIMED_OUT


def test_death_before_any_case_is_of_the_whole():
    outcome = settle("ab", Attempt(signal=signal.SIGSEGV))
    assert words(outcome) == ["crash"] * 2
    assert outcome.detail == "importing the tests was killed by SIGSEGV"
    assert outcome.profile.wall_seconds is None


def test_lost_worker_is_blamed_on_the_first_case_that_was_left():
    lost = Attempt(stop=Stop.WORKER_LOST, born=Usage())
    outcome = settle("ab", lost, ended(result("b")))
    assert words(outcome) == ["crash", "passed"]


def test_collection_problem_goes_to_the_cases_of_its_file():
    cases = ["x.py::a", "y.py::b"]
    attempt = ended(result("y.py::b"))
    attempt.problems.append(CollectionProblem(where="x.py", message="no module"))
    ledger = Ledger(cases, LIMITS, tier=Tier.C)
    ledger.note(attempt)
    outcome = ledger.outcome(output_bytes=0)
    assert [case.message for case in outcome.cases] == ["no module", ""]


_CASES = "abcdefgh"
_ATTEMPTS = st.builds(
    Attempt,
    results=st.lists(
        st.builds(result, st.sampled_from(_CASES), st.sampled_from(CaseStatus))
    ),
    running=st.none() | st.sampled_from(_CASES),
    running_status=st.none() | st.sampled_from(CaseStatus),
    begun=st.none() | st.just(Usage()),
    exit_status=st.none() | st.integers(0, 5),
    stop=st.sampled_from(Stop),
    signal=st.none() | st.integers(1, 70),
)


@settings(deadline=None)
@given(attempts=st.lists(_ATTEMPTS, min_size=len(_CASES), max_size=len(_CASES)))
def test_any_attempts_settle_every_case_in_bounded_steps(attempts: list[Attempt]):
    ledger = Ledger(_CASES, LIMITS, tier=Tier.C)
    reported = {case for attempt in attempts for case in passes(attempt)}
    for attempt in attempts:
        if not ledger.finished:
            before = len(ledger.remaining)
            ledger.note(attempt)
            assert ledger.finished or len(ledger.remaining) < before
    assert ledger.finished
    outcome = ledger.outcome(output_bytes=10)
    assert [case.id for case in outcome.cases] == list(_CASES)
    assert {c.id for c in outcome.cases if c.status is CaseStatus.PASSED} <= reported


def passes(attempt: Attempt) -> set[str]:
    return {r.id for r in attempt.results if r.status is CaseStatus.PASSED}
