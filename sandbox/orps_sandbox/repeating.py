"""Runs suspects of varying again, each time on a tree that is as it was."""

from collections.abc import Awaitable, Sequence
from typing import Protocol

from orps_sandbox.flakiness import FlakyCase, flaky_among
from orps_sandbox.outcome import CaseStatus
from orps_sandbox.reports import Attempt

_MAX_REPEATS = 5


class Run(Protocol):
    def __call__(self, *, case_ids: tuple[str, ...]) -> Awaitable[Attempt]: ...


async def flaky_apart(run: Run, suspects: Sequence[FlakyCase]) -> tuple[FlakyCase, ...]:
    """The last word on the suspects; `run` is on the person's own text.

    One of the quick repeats may have met what another had left behind.
    """
    case_ids = tuple(case.id for case in suspects)
    repeats: list[list[bool]] = []
    flaky: tuple[FlakyCase, ...] = ()
    while len(flaky) < len(case_ids) and len(repeats) < _MAX_REPEATS:
        attempt = await run(case_ids=case_ids)
        passed = {
            case.id for case in attempt.results if case.status is CaseStatus.PASSED
        }
        repeats.append([case in passed for case in case_ids])
        flaky = flaky_among(case_ids, repeats)
    return flaky
