"""A server in a process of its own, as an editor would start it."""

import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.abc
import psutil

from support.lsp_client import Json, LspClient

EXIT_SECONDS = 10


class ServerProcess:
    """The running process and the client that is connected to it."""

    def __init__(self, process: anyio.abc.Process, client: LspClient) -> None:
        self.process = process
        self.client = client

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    async def hang_up(self) -> int:
        """Close the server's input; returns its exit status."""
        assert self.process.stdin is not None
        await self.process.stdin.aclose()
        with anyio.fail_after(EXIT_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def server_process(
    capabilities: Json,
    folder: Path,
    *,
    arguments: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
) -> AsyncGenerator[ServerProcess]:
    """Start `orps-lsp` in `folder`; it is killed on the way out if it is still there."""
    process = await anyio.open_process(
        [sys.executable, "-P", "-m", "orps_server", *arguments],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
    )
    client = LspClient(capabilities)
    server = ServerProcess(process, client)
    send, receive = anyio.create_memory_object_stream[bytes](1000)

    class Pipe:
        def send(self, data: bytes) -> None:
            send.send_nowait(data)

    client.wire = Pipe()
    async with anyio.create_task_group() as tasks, send, receive:
        tasks.start_soon(_write, process, receive)
        tasks.start_soon(_read, process, client)
        tasks.start_soon(_log, process)
        try:
            yield server
        finally:
            if process.returncode is None:
                process.kill()
            with anyio.CancelScope(shield=True):
                await process.wait()
            tasks.cancel_scope.cancel()
    await process.aclose()


async def _write(
    process: anyio.abc.Process, messages: anyio.abc.ObjectReceiveStream[bytes]
) -> None:
    assert process.stdin is not None
    async for message in messages:
        try:
            await process.stdin.send(message)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            return


async def _read(process: anyio.abc.Process, client: LspClient) -> None:
    assert process.stdout is not None
    async for data in process.stdout:
        client.feed(data)


async def _log(process: anyio.abc.Process) -> None:
    """Show the server's stderr with the test that failed."""
    assert process.stderr is not None
    async for data in process.stderr:
        sys.stderr.write(data.decode(errors="replace"))
