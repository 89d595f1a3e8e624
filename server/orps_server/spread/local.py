"""Works on this machine, some at a time."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import anyio

from orps_server.spread.work import Work, this_node

WORKERS = 2

R = TypeVar("R")


async def run_locally(
    works: Sequence[Work[R]], done: Callable[[int, R, str], None], *, workers: int
) -> None:
    """Tell of each work as it ends; raises the first error, and leaves nothing."""
    slots = anyio.CapacityLimiter(workers)
    node = this_node()

    async def run(number: int, work: Work[R]) -> None:
        async with slots:
            done(number, await work.perform(), node)

    async with anyio.create_task_group() as group:
        for number, work in enumerate(works):
            group.start_soon(run, number, work)
