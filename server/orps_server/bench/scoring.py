"""The hidden tests, run on what finished searches returned."""

from collections.abc import Sequence

from orps_server.bench.folder import open_task
from orps_server.bench.task import Task
from orps_server.settings import Settings


async def score(
    scoring: Task, codes: Sequence[str], settings: Settings
) -> dict[str, bool]:
    """Whether each program passes every test of the scoring task."""
    if not codes:
        return {}
    async with open_task(scoring, settings) as workbench:
        return {
            code: (await workbench.verify(code)).outcome.all_passed for code in codes
        }
