"""Now and then, a run without a candidate: a worker that tells lies is replaced.

In tiers A and B no candidate can reach the worker. Where only limits hold, one could
have changed what all later runs are forked from.
"""

from collections.abc import Awaitable, Mapping
from typing import Protocol

from orps_sandbox.canaries import drawn
from orps_sandbox.errors import WorkerLost
from orps_sandbox.outcome import CaseStatus
from orps_sandbox.reports import Attempt
from orps_sandbox.slot import Slot


class Run(Protocol):
    def __call__(
        self,
        *,
        case_ids: tuple[str, ...],
        files: Mapping[str, str],
        wall_seconds: float,
        max_timeouts: int,
        canaries: tuple[str, ...],
    ) -> Awaitable[Attempt]: ...


async def require_honest(slot: Slot, run: Run, *, wall_seconds: float) -> None:
    """Before a run that is judged beside its candidate; mostly does nothing.

    Raises:
        WorkerLost: a worker that was just started reports what cannot be.
    """
    if not slot.is_control_due:
        return
    for _ in range(2):
        attempt = await run(
            case_ids=(),
            files={},
            wall_seconds=wall_seconds,
            max_timeouts=1,
            canaries=drawn(),
        )
        if is_honest(attempt):
            slot.note_control()
            return
        await slot.stop()
    raise WorkerLost(
        "tests that cannot pass were reported as passed without any candidate: a plugin "
        "or a conftest.py of the project changes verdicts"
    )


def is_honest(attempt: Attempt) -> bool:
    """Whether nothing that cannot pass was reported as passed."""
    return all(r.status is not CaseStatus.PASSED for r in attempt.results)
