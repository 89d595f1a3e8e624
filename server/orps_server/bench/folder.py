"""A problem as a project on disk, and a workbench on it."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio

from orps_server.bench.task import MODULE, TESTS, Task
from orps_server.engine import GenerateRequest, Workbench, open_workbench
from orps_server.settings import Settings


@asynccontextmanager
async def open_task(task: Task, settings: Settings) -> AsyncGenerator[Workbench]:
    """What a person with this stub and these tests would get.

    Raises `RequestFault` where the tests do not collect, and `SandboxError`.
    """
    with tempfile.TemporaryDirectory(prefix="orps-bench-") as scratch:
        folder = await anyio.Path(scratch).resolve()
        await (folder / MODULE).write_text(task.module, encoding="utf-8")
        await (folder / TESTS).write_text(task.tests, encoding="utf-8")
        # Marks the root, whatever lies above the folder for temporary files.
        await (folder / "pyproject.toml").write_text("", encoding="utf-8")
        request = GenerateRequest(
            file=Path(folder / MODULE),
            qualname=task.qualname,
            tests=(str(folder / TESTS),),
        )
        async with open_workbench(request, settings) as workbench:
            yield workbench


def scoring_task(task: Task, tests: str) -> Task:
    """The same stub with other tests: those that score."""
    return replace(task, tests=tests)
