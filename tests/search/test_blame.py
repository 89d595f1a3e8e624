"""Lines that failing cases execute and passing ones do not come first."""

from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    ExecutionProfile,
    Judge,
    Termination,
    Tier,
)
from orps_search.blame import spectrum, suspicions


def traced(*cases: tuple[bool, set[int] | None]) -> ExecutionOutcome:
    return ExecutionOutcome(
        cases=tuple(
            CaseResult(
                id=str(number),
                status=CaseStatus.PASSED if passed else CaseStatus.FAILED,
                lines=None if lines is None else frozenset(lines),
            )
            for number, (passed, lines) in enumerate(cases)
        ),
        termination=Termination.COMPLETED,
        profile=ExecutionProfile(),
        tier=Tier.C,
        judge=Judge.IN_PROCESS,
    )


def test_the_line_that_only_failing_cases_run_is_worst():
    outcome = traced(
        (True, {1, 2}), (True, {1, 2}), (False, {1, 3}), (False, {1, 3, 4})
    )
    found = suspicions(outcome)
    assert found[3] == 1.0
    assert 0 < found[1] < found[3]
    assert 0 < found[4] < found[3]
    assert 2 not in found
    (first, *_) = spectrum(outcome)
    assert (first.line, first.n_failing, first.n_passing) == (1, 2, 2)


def test_what_was_not_traced_tells_nothing():
    assert spectrum(traced((False, None), (True, {1}))) == ()
    assert spectrum(traced()) == ()
