"""Measures finalists: each again and again, in turn, so that noise hits all alike."""

import time
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto

from orps_sandbox import counting
from orps_sandbox.limits import Limits
from orps_sandbox.metrics import Measurement, measurement
from orps_sandbox.program import Program
from orps_sandbox.reports import Attempt, Frame, Usage

REPEATS = 5
"""Runs that count; one more comes first, for what only a first run pays."""


class Mode(Enum):
    """What a measuring run does."""

    NULL = auto()
    """All but executing the cases."""
    RUN = auto()
    COUNT = auto()
    """Counts the interpreter's instructions, which makes it ten times slower."""


async def profiled(
    attempt: Callable[..., Awaitable[Attempt]],
    programs: Sequence[Program],
    *,
    splits: Sequence[Frame | None],
    limits: Limits,
    repeats: int,
    seconds: float,
) -> tuple[Measurement, ...]:
    """Measure in rounds until there are enough, or the time is spent.

    `splits` says how each of them runs split, which counting instructions needs. A program of which no run came to its end has metrics without values.
    """
    deadline = time.monotonic() + seconds

    async def run(program: Program, mode: Mode) -> Attempt | None:
        within = limits.within_case(program.case_seconds)
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        return await attempt(
            program.selection,
            within,
            case_ids=() if mode is Mode.NULL else program.case_ids,
            files=program.files,
            wall_seconds=min(within.wall_seconds, left),
            max_timeouts=1,
            count_events=mode is Mode.COUNT,
        )

    runs: list[list[Attempt]] = [[] for _ in programs]
    null_runs: list[list[Attempt]] = [[] for _ in programs]
    for _ in range(repeats + 1):
        for place, program in enumerate(programs):
            for made, mode in ((null_runs, Mode.NULL), (runs, Mode.RUN)):
                done = await run(program, mode)
                made[place] += [] if done is None else [done]
    events = [await run(program, Mode.COUNT) for program in programs]
    counts = await counting.counted(
        attempt,
        programs,
        splits,
        limits=limits,
        deadline=deadline,
        has_counters=all(
            each.counters[0] is not None for made in runs for each in made
        ),
    )
    found: list[Measurement] = []
    for place, with_events in enumerate(events):
        counted = [attempt.counters for attempt in runs[place][1:]]
        found.append(
            measurement(
                _usages(runs[place]),
                _usages(null_runs[place]),
                counters=min(counted, default=(None, None), key=_first),
                counters_missing=_reason(runs[place]),
                count=counts[place],
                events=with_events.events if with_events else None,
            )
        )
    return tuple(found)


def _usages(attempts: Sequence[Attempt]) -> list[Usage]:
    """Of complete runs, without the first unless it is the only one."""
    kept = attempts[1:] or attempts
    return [attempt.used for attempt in kept if attempt.exit_status is not None]


def _first(counters: tuple[int | None, int | None]) -> float:
    return float("inf") if counters[0] is None else counters[0]


def _reason(attempts: Sequence[Attempt]) -> str:
    told = [attempt.counters_missing for attempt in attempts]
    return next(filter(None, told), "this run told of no counters")
