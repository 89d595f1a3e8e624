"""One case's verdict from what pytest reports of its phases."""

from __future__ import annotations

import doctest
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from orps_sandbox.worker.usage import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    import pytest

PASSED, FAILED, ERROR = "passed", "failed", "error"
TIMEOUT, MEMORY, CRASH, SKIPPED = "timeout", "memory", "crash", "skipped"

_SEVERITY = (PASSED, SKIPPED, ERROR, FAILED, CRASH, MEMORY, TIMEOUT)


class CaseTimeout(BaseException):
    """Raised inside a case at its limit; no `except Exception` may swallow it."""

    # So that a failure text shows it without the name of our module.
    __module__ = "builtins"


class Verdict:
    """Grows while pytest runs the phases of one case; the worst phase decides."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        self.status = ERROR
        self.message = "pytest did not run this case"
        self.wall_seconds: float | None = None
        self.cpu_seconds: float | None = None
        self.alarm_rang = False
        self.lines: set[int] | None = None
        """Executed so far, where that is traced."""
        self._phases: set[str] = set()
        self._wall_start = 0.0
        self._cpu_start = 0.0

    def start_call(self) -> None:
        self._cpu_start = cpu_seconds()
        self._wall_start = perf_counter()

    def end_call(self) -> None:
        self.wall_seconds = perf_counter() - self._wall_start
        self.cpu_seconds = cpu_seconds() - self._cpu_start

    def add(self, phase: str, status: str, message: str) -> None:
        first = not self._phases
        self._phases.add(phase)
        worse = _SEVERITY.index(status) > _SEVERITY.index(self.status)
        if first or worse:
            self.status, self.message = status, message

    def settle(self, *, case_seconds: float) -> None:
        """Decide: a case that never reached its call, or came late, did not pass."""
        if self.alarm_rang and self.status != PASSED:
            self.status = TIMEOUT
            self.message = f"took longer than {case_seconds:g} s\n{self.message}"
        elif self.alarm_rang:
            self.status = TIMEOUT
            self.message = f"took longer than {case_seconds:g} s"
        elif self.status == PASSED and "call" not in self._phases:
            self.status, self.message = ERROR, "pytest did not run this case"


def status_of_failure(phase: str, error: BaseException | None) -> str:
    """Name a failed phase after what was raised."""
    for cause in _raised(error):
        if isinstance(cause, MemoryError):
            return MEMORY
        if isinstance(cause, SystemExit):
            return CRASH
    return FAILED if phase == "call" else ERROR


def skipped_by_candidate(
    error: BaseException | None, *, files: frozenset[str], case: object
) -> bool:
    """Tell whether the skip was raised below the test, in a file of the candidate.

    Only the tests may take a case out of the count.
    """
    code = getattr(case, "__code__", None)
    return any(
        frame.tb_frame.f_code is not code and _path(frame) in files
        for raised in _raised(error)
        for frame in _frames(raised.__traceback__)
    )


def skip_reason(report: pytest.TestReport) -> str:
    longrepr = report.longrepr
    if isinstance(longrepr, tuple):
        return str(longrepr[2])
    return "expected to fail" if hasattr(report, "wasxfail") else ""


def _raised(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, and the errors that doctest has wrapped in it."""
    if error is None:
        return
    yield error
    failures = getattr(error, "failures", [error])
    for failure in failures:
        if isinstance(failure, doctest.UnexpectedException):
            yield failure.exc_info[1]


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _path(frame: TracebackType) -> str:
    return str(Path(frame.tb_frame.f_code.co_filename))
