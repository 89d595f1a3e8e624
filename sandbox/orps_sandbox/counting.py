"""Counts finalists' instructions by cachegrind: a run without cases and one with them.

It takes seconds a run, so it is done where there is time for all, or for none: a count
says something only beside the others.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from orps_sandbox.limits import Limits
from orps_sandbox.program import Program
from orps_sandbox.reports import Attempt, Frame
from orps_sandbox.worker import cachegrind

SOURCE = "valgrind --tool=cachegrind, less a run without cases"

LEAST_SECONDS = 4.0
"""What a run takes before it executes anything; less was not seen on any machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    instructions: int | None = None
    branch_misses: int | None = None
    """Of the predictor that cachegrind simulates."""
    missing: str = ""
    """Why there are none."""


async def counted(
    attempt: Callable[..., Awaitable[Attempt]],
    programs: Sequence[Program],
    splits: Sequence[Frame | None],
    *,
    limits: Limits,
    deadline: float,
    has_counters: bool,
) -> tuple[Count, ...]:
    """One for each program; all before `deadline`, on the clock of `time.monotonic`.

    Where the processor has counters, nothing is counted here.
    """
    if has_counters:
        return (Count(),) * len(programs)
    if not cachegrind.VALGRIND:
        return (Count(missing="valgrind is not installed"),) * len(programs)
    if None in splits:
        missing = "cachegrind counts a candidate in a process of its own only"
        return (Count(missing=missing),) * len(programs)
    found: list[Count] = []
    started, n_runs = time.monotonic(), 0
    for program, split in zip(programs, splits, strict=True):
        pair: list[Attempt] = []
        for case_ids in ((), program.case_ids):
            left = deadline - time.monotonic()
            needed = _needed(time.monotonic() - started, n_runs, 2 * len(programs))
            if left <= needed:
                return (_too_long(needed),) * len(programs)
            n_runs += 1
            pair.append(
                await attempt(
                    program.selection,
                    # What takes milliseconds takes a hundred times as long.
                    replace(limits, case_seconds=left, cpu_seconds=left + 1),
                    case_ids=case_ids,
                    files={},
                    wall_seconds=left,
                    max_timeouts=1,
                    split=split,
                    count_instructions=True,
                )
            )
        found.append(_difference(*pair))
    return tuple(found)


def _needed(spent: float, n_runs: int, n_wanted: int) -> float:
    """Seconds that what is left will take, going by what has been done."""
    return (n_wanted - n_runs) * (spent / n_runs if n_runs else LEAST_SECONDS)


def _too_long(needed: float) -> Count:
    return Count(missing=f"cachegrind needs {needed:.0f} s more than there were")


def _difference(null_run: Attempt, run: Attempt) -> Count:
    if run.unsplittable:
        return Count(missing="its tests need it in their own process")
    if null_run.cachegrind is None or run.cachegrind is None:
        return Count(missing="its run inside of valgrind did not end in time")
    (nothing, missed_nothing), (all_, missed) = null_run.cachegrind, run.cachegrind
    return Count(
        instructions=max(all_ - nothing, 0),
        branch_misses=max(missed - missed_nothing, 0),
    )
