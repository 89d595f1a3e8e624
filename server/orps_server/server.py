"""Serves LSP on standard input and output."""

import gc
import os
import signal
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import anyio
import anyio.to_thread

from orps_sandbox.scratch import sweep
from orps_server.doorman import Kept
from orps_server.engine import GenerateRequest, open_job, open_workbench
from orps_server.handlers import register
from orps_server.language_server import OrpsLanguageServer, Startup
from orps_server.session import Job, OpenJob
from orps_server.session_keys import SessionKeys
from orps_server.settings import Settings
from orps_server.settings_layers import layered_settings
from orps_server.stdio import Output, claim_stdout, read_stdin
from orps_server.store.store import SearchStore
from orps_server.workspace import project_root

_SIGNALLED = 128


def serve(
    settings: Settings,
    *,
    complaints: tuple[str, ...] = (),
    check_parent_process: bool = True,
    keys: SessionKeys | None = None,
    kept: Kept | None = None,
) -> int:
    """Serve one editor until it leaves; returns the exit status."""
    keys = keys or SessionKeys()
    startup = Startup(
        open_store=lambda warn: SearchStore(warn=warn),
        open_job=_with_keys(keys),
        open_bench=open_workbench,
        open_examiner=open_workbench,
        keys=keys,
        layers=file_layers,
        settings=settings,
        complaints=complaints,
        check_parent_process=check_parent_process,
    )
    server = build_server(startup)
    kept = kept or Kept(data=b"")
    server.protocol.greeted = kept.greeted
    anyio.run(_serve, server, kept.data)
    # All that is left goes with the process: looking through it for cycles on the way
    # out would cost more than half of the time that an editor waits for us to leave.
    gc.freeze()
    return server.exit_status


def _with_keys(keys: SessionKeys) -> OpenJob:
    def opened(
        request: GenerateRequest, settings: Settings
    ) -> AbstractAsyncContextManager[Job]:
        return open_job(request, settings, keys.environment)

    return opened


def build_server(startup: Startup) -> OrpsLanguageServer:
    server = OrpsLanguageServer(startup)
    register(server)
    return server


def file_layers(file: Path) -> tuple[Settings, tuple[str, ...]]:
    return layered_settings(project_root(file), os.environ)


async def _serve(server: OrpsLanguageServer, first: bytes) -> None:
    output = Output(claim_stdout(), on_lost=lambda: server.stop(1))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_leave_on_signal, server, tasks.cancel_scope)
        tasks.start_soon(_sweep)
        await server.run(read_stdin(first), output)
        tasks.cancel_scope.cancel()


async def _sweep() -> None:
    """Remove what a server that was killed has left, even if no search follows."""
    folder = Path(tempfile.gettempdir())
    await anyio.to_thread.run_sync(sweep, folder, abandon_on_cancel=True)


async def _leave_on_signal(
    server: OrpsLanguageServer, scope: anyio.CancelScope
) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for signum in signals:
            server.stop(_SIGNALLED + signum)
            scope.cancel()
            return
