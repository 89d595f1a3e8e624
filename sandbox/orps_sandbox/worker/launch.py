"""Starts one child, by fork where there is one, and answers for it until it ends."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orps_sandbox.worker import child, descendants
from orps_sandbox.worker.usage import as_frame

if TYPE_CHECKING:
    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.request import RunRequest


@dataclass(frozen=True)
class Exit:
    """How a child ended: a status, or the number of the signal that killed it."""

    status: int | None
    signal: int | None
    usage: dict[str, float | None]


class Child:
    """A forked child and the reading ends of its two pipes."""

    def __init__(self, pid: int, *, result: int, output: int) -> None:
        self.result = result
        self.output = output
        self.end = _pidfd(pid)
        """Becomes readable when the child can be collected; -1 on other systems."""
        self._pid = pid

    def poll(self) -> Exit | None:
        pid, status, usage = os.wait4(self._pid, os.WNOHANG)
        if not pid:
            return None
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        return Exit(status=code, signal=killed, usage=as_frame(usage))

    def kill(self) -> None:
        # The group too, for systems on which descendants cannot be listed.
        for kill in (os.kill, os.killpg):
            with suppress(OSError):
                kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        os.close(self.result)
        os.close(self.output)
        if self.end >= 0:
            os.close(self.end)


def fork_child(request: RunRequest, confinement: Confinement, *, nonce: str) -> Child:
    result, result_writer = os.pipe()
    output, output_writer = os.pipe()
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _settle(parent, output_writer)
        child.run(request, confinement, result=result_writer, nonce=nonce)
    os.close(result_writer)
    os.close(output_writer)
    for descriptor in (result, output):
        os.set_blocking(descriptor, False)
    return Child(pid, result=result, output=output)


def _pidfd(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1


def _settle(parent: int, output: int) -> None:
    """Leave the worker's session and standard streams; die when it dies."""
    os.setsid()
    descendants.signal_at_parents_death(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
