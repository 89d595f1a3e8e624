"""Performs works where they are to be performed."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from orps_server.spread.local import WORKERS, run_locally
from orps_server.spread.work import Place, Work

R = TypeVar("R")


async def run_works(
    works: Sequence[Work[R]], place: Place, done: Callable[[int, R, str], None]
) -> None:
    """Tell of each work as it ends: its number, its result, the node that did it.

    Raises what a work or the cluster raises.
    """
    if place.address is None:
        await run_locally(works, done, workers=place.workers or WORKERS)
        return
    # Only who has a cluster has installed what this needs.
    from orps_server.spread.on_ray import run_on_ray  # noqa: PLC0415

    await run_on_ray(works, done, address=place.address, workers=place.workers)
