"""Starts one child, by fork where there is one, and answers for it until it ends."""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from orps_sandbox.worker import child, descendants
from orps_sandbox.worker.forkserver import Exit
from orps_sandbox.worker.usage import as_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.forkserver import Served
    from orps_sandbox.worker.nursery import Nursery
    from orps_sandbox.worker.request import RunRequest


class Child:
    """A child and the reading ends of its two pipes.

    Our own, or `served`: forked by a server, which tells of its end.
    """

    def __init__(
        self,
        pid: int,
        *,
        result: int,
        output: int,
        candidate: Served | None = None,
        served: Served | None = None,
        log: int | None = None,
    ) -> None:
        self.result = result
        self.output = output
        self.candidate = candidate
        self.log = log
        """Where valgrind says what it has counted of the candidate, if it counts."""
        self._served = served
        self._pidfd = -1 if served else _pidfd(pid)
        self.end = served.server.control.fileno() if served else self._pidfd
        """Becomes readable when the child can be collected; -1 on other systems."""
        self.pid = pid

    def poll(self) -> Exit | None:
        if self._served is not None:
            return self._end_as_served(self._served)
        try:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        except ChildProcessError:
            # Collected with all that a run had left.
            return Exit(status=None, signal=int(signal.SIGKILL), usage={})
        if not pid:
            return None
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        return Exit(status=code, signal=killed, usage=as_frame(usage))

    def _end_as_served(self, served: Served) -> Exit | None:
        try:
            return served.wait(seconds=0)
        except OSError:
            # The child dies with its server.
            return Exit(status=None, signal=int(signal.SIGKILL), usage={})

    def wait_as_served(self, *, seconds: float) -> None:
        """Let those who have forked it and its candidate tell of their ends."""
        with suppress(OSError):
            for process in (self._served, self.candidate):
                if process is not None:
                    process.wait(seconds=seconds)

    def wait(self) -> None:
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def kill(self) -> None:
        # The group too, for systems on which descendants cannot be listed.
        for kill in (os.kill, os.killpg):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)
        if self.candidate is not None:
            self.candidate.kill()

    def stop(self) -> None:
        """Have it do nothing any more, which is quicker than to end it."""
        with suppress(OSError):
            os.kill(self.pid, signal.SIGSTOP)

    def close(self) -> None:
        os.close(self.result)
        os.close(self.output)
        if self._pidfd >= 0:
            os.close(self._pidfd)
        if self.log is not None:
            os.close(self.log)


def fork_into(live: Callable[[int], NoReturn]) -> Child:
    """Fork a child that gets the writing end for its reports, and nothing else."""
    result, result_writer = os.pipe()
    output, output_writer = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _settle(parent, output_writer)
        live(result_writer)
    os.close(result_writer)
    os.close(output_writer)
    for descriptor in (result, output):
        os.set_blocking(descriptor, False)
    return Child(pid, result=result, output=output)


def start(
    request: RunRequest,
    confinement: Confinement,
    nursery: Nursery,
    *,
    nonce: str,
) -> Child:
    """Start the process that runs the tests and, if they are split, the candidate's.

    Raises:
        OSError: the nursery is gone.
    """
    result, result_writer = os.pipe()
    output, output_writer = os.pipe()
    log = log_writer = None
    passed = [result_writer, output_writer]
    if request.splitting is not None:
        own, of_candidate = (end.detach() for end in socket.socketpair())
        passed.append(own)
        if request.counting:
            log, log_writer = os.pipe()
        nursery.order(request, link=of_candidate, output=output_writer, log=log_writer)
        os.close(of_candidate)
        if log_writer is not None:
            os.close(log_writer)
    pid = _fork(request, confinement, passed, nonce)
    for descriptor in passed:
        os.close(descriptor)
    for descriptor in (result, output):
        os.set_blocking(descriptor, False)
    candidate = nursery.server.born() if request.splitting is not None else None
    return Child(pid, result=result, output=output, candidate=candidate, log=log)


def _fork(
    request: RunRequest, confinement: Confinement, passed: list[int], nonce: str
) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        result, output, *links = passed
        _settle(parent, output)
        link = links[0] if links else None
        child.run(request, confinement, result=result, link=link, nonce=nonce)
    return pid


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
