"""One worker process: spawn it, pass frames, kill all of its tree."""

import subprocess
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import anyio
import anyio.abc
import anyio.to_thread
import psutil

from orps_sandbox.errors import InterpreterUnusable, SandboxUnavailable
from orps_sandbox.launching import Launcher
from orps_sandbox.reports import Frame
from orps_sandbox.worker.frames import FrameReader, encode

WORKER = Path(__file__).parent / "worker" / "__main__.py"
REAP_SECONDS = 2.0
"""How long the end of a killed process is waited for; asyncio can lose one."""
_KILL_ROUNDS = 50


class WorkerProcess:
    """A running worker; frames go into its stdin and come out of its stdout."""

    def __init__(self, process: anyio.abc.Process, launcher: Launcher) -> None:
        self._launcher = launcher
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._reader = FrameReader()
        self._frames: deque[Frame] = deque()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def send(self, frame: Mapping[str, object]) -> None:
        """Pass one frame; that the worker is gone shows when its answer is read."""
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await self._stdin.send(encode(frame))

    async def receive(self) -> Frame | None:
        """Wait for the next frame; `None` when the worker is gone."""
        while not self._frames:
            try:
                data = await self._stdout.receive()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return None
            self._frames.extend(self._reader.feed(data))
        return self._frames.popleft()

    async def kill(self) -> None:
        """Kill the worker and all that it has started; wait, with a bound."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(_kill_tree, self.pid)
            await anyio.to_thread.run_sync(self._launcher.ended)
            with anyio.move_on_after(REAP_SECONDS):
                await self._process.wait()
            with suppress(anyio.BrokenResourceError):
                await self._stdin.aclose()
            await self._stdout.aclose()


async def spawn(
    interpreter: Path,
    *,
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
    launcher: Launcher,
) -> WorkerProcess:
    """Start a worker in its own session; what it writes to stderr goes to `log`.

    Spawned from the thread of the event loop: the worker is told by the kernel when
    the thread that started it ends.
    """
    command = launcher.command([str(interpreter), "-B", str(WORKER)])
    descriptor = await anyio.to_thread.run_sync(lambda: log.open("wb"))
    with descriptor:
        try:
            process = await anyio.open_process(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=descriptor,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
            raise InterpreterUnusable(
                f"{interpreter} cannot be started ({error.strerror}); "
                "choose the project's Python with --python"
            ) from error
        except OSError as error:
            raise SandboxUnavailable(f"no process can be started: {error}") from error
    worker = WorkerProcess(process, launcher)
    try:
        await anyio.to_thread.run_sync(launcher.started, worker.pid)
    except OSError as error:
        await worker.kill()
        raise SandboxUnavailable(f"a worker cannot be confined: {error}") from error
    return worker


def _kill_tree(pid: int) -> None:
    """Kill every descendant, then the process itself.

    The worker is stopped first, so that it starts nothing more, and killed last: as
    long as it lives, an orphan is handed to it and stays in sight.
    """
    try:
        worker = psutil.Process(pid)
        worker.suspend()
        for _ in range(_KILL_ROUNDS):
            living = _living(worker.children(recursive=True))
            if not living:
                break
            for process in living:
                with suppress(psutil.Error):
                    process.suspend()
            for process in living:
                with suppress(psutil.Error):
                    process.kill()
        worker.kill()
    except psutil.NoSuchProcess:
        return


def _living(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Leave out what is dead and waits for the stopped worker to collect it."""
    living: list[psutil.Process] = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living
