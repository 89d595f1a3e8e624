"""The whole language server in the test's own loop, with a job that the test holds."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio

from orps_server.configuration import Layers
from orps_server.engine import open_workbench
from orps_server.freshness import IDLE_SECONDS
from orps_server.language_server import Startup
from orps_server.server import build_server
from orps_server.settings import LLMSettings, SearchSettings, Settings
from support.lsp_client import Json, LspClient
from support.lsp_jobs import FakeJob


class _ToServer:
    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    def send(self, data: bytes) -> None:
        self._reader.feed_data(data)


class _ToClient:
    def __init__(self, client: LspClient) -> None:
        self._client = client

    def write(self, data: bytes) -> None:
        self._client.feed(data)

    def close(self) -> None:
        pass


AGREED = Settings(
    llm=LLMSettings(consent="always"),
    search=SearchSettings(examine_seconds=0, profile_seconds=0),
)
"""Most tests are about what comes after a host was agreed to, and before the second
look at what was found."""


@asynccontextmanager
async def connected(
    capabilities: Json,
    root: Path,
    job: FakeJob,
    *,
    prepare: Callable[[LspClient], None] = lambda client: None,
    complaints: tuple[str, ...] = (),
    idle_seconds: float = IDLE_SECONDS,
    settings: Settings = AGREED,
    client: LspClient | None = None,
    layers: Layers | None = None,
    **initialize: Any,
) -> AsyncGenerator[LspClient]:
    """An initialized server; leaves by `shutdown` and `exit`."""
    startup = Startup(
        open_job=job.open,
        open_bench=job.bench,
        open_examiner=open_workbench,
        layers=layers or (lambda file: (settings, ())),
        complaints=complaints,
        idle_seconds=idle_seconds,
    )
    server = build_server(startup)
    client = client or LspClient(capabilities)
    reader = asyncio.StreamReader()
    client.wire = _ToServer(reader)
    prepare(client)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.run, reader, _ToClient(client))
        await client.initialize(root, **initialize)
        yield client
        await client.leave()
    assert job.n_open == 0, "a job outlived its server"
