"""What an execution showed, in the words that all who tell people share."""

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.outcome import CaseResult, CaseStatus, ExecutionOutcome, Judge

_NOT_RUN = "not run: "
"""How messages begin that only say that nothing was seen."""


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def passes(outcome: ExecutionOutcome) -> str:
    return f"passes {outcome.n_passed} of {counted(outcome.n_total, 'test')}"


def judge_words(outcome: ExecutionOutcome) -> str:
    """What to know of a pass that the candidate could have forged; else nothing."""
    if outcome.judge is Judge.SPLIT or not outcome.n_passed:
        return ""
    return f"judge: {outcome.judge.value}"


def flaky_words(case: FlakyCase) -> str:
    return f"{case.id} is flaky: it passed {case.n_passed} of {case.n_runs} times"


def failures(outcome: ExecutionOutcome) -> tuple[CaseResult, ...]:
    """The cases that count against it; those that were not run come last."""
    harmless = (CaseStatus.PASSED, CaseStatus.SKIPPED)
    failed = [case for case in outcome.cases if case.status not in harmless]
    return tuple(sorted(failed, key=lambda case: case.message.startswith(_NOT_RUN)))


def complaint(case: CaseResult) -> str:
    """The line of pytest's message that says what is wrong.

    pytest marks the lines of an error with `E`; the first one names it, and the others
    explain it. A message without such lines ends with what counts.
    """
    lines = [line.strip() for line in case.message.splitlines() if line.strip()]
    marked = [line.removeprefix("E ").strip() for line in lines if line[:2] == "E "]
    if marked:
        return marked[0]
    return lines[-1] if lines else ""
