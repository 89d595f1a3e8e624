"""Has calls made to a candidate, in as many children as it takes."""

import time
from collections.abc import Awaitable, Callable

from orps_sandbox import request
from orps_sandbox.ledger import MAX_TIMEOUTS
from orps_sandbox.limits import Limits
from orps_sandbox.observation import Observation, Observations
from orps_sandbox.program import Program
from orps_sandbox.reports import Attempt


async def observed(
    attempt: Callable[..., Awaitable[Attempt]],
    program: Program,
    calls: tuple[str, ...],
    *,
    module_path: str,
    limits: Limits,
) -> tuple[Observation, ...]:
    """One observation for each call; `attempt` runs one child of the executor."""
    observations = Observations(len(calls), limits)
    deadline = time.monotonic() + limits.wall_seconds
    while not observations.finished:
        wall_seconds = deadline - time.monotonic()
        if wall_seconds <= 0:
            observations.run_out_of_time()
            break
        observations.note(
            await attempt(
                limits,
                case_ids=(),
                files=program.files,
                wall_seconds=wall_seconds,
                max_timeouts=MAX_TIMEOUTS,
                observe=request.calls_of(module_path, calls, observations.remaining),
            )
        )
    return observations.result()
