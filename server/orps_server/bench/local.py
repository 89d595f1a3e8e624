"""Jobs on this machine, some at a time."""

from collections.abc import Sequence

import anyio

from orps_server.bench.jobs import Done, Job, perform
from orps_server.settings import Settings


async def run_locally(
    jobs: Sequence[Job], settings: Settings, *, workers: int, done: Done
) -> None:
    """Tell of each job as it ends; raises the first error, and leaves nothing."""
    slots = anyio.CapacityLimiter(workers)

    async def run(job: Job) -> None:
        async with slots:
            done(job, await perform(job, settings))

    async with anyio.create_task_group() as group:
        for job in jobs:
            group.start_soon(run, job)
