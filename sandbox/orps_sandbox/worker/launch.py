"""Starts one child, by fork where there is one, and answers for it until it ends."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from orps_sandbox.worker import child, descendants
from orps_sandbox.worker.usage import as_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.nursery import Nursery
    from orps_sandbox.worker.request import RunRequest


@dataclass(frozen=True)
class Exit:
    """How a child ended: a status, or the number of the signal that killed it."""

    status: int | None
    signal: int | None
    usage: dict[str, float | None]


class Child:
    """A forked child and the reading ends of its two pipes."""

    def __init__(
        self,
        pid: int,
        *,
        result: int,
        output: int,
        candidate: CandidateProcess | None = None,
    ) -> None:
        self.result = result
        self.output = output
        self.candidate = candidate
        self.end = _pidfd(pid)
        """Becomes readable when the child can be collected; -1 on other systems."""
        self.pid = pid

    def poll(self) -> Exit | None:
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

    def close(self) -> None:
        os.close(self.result)
        os.close(self.output)
        if self.end >= 0:
            os.close(self.end)
        if self.candidate is not None and self.candidate.log is not None:
            os.close(self.candidate.log)


class CandidateProcess:
    """The process of a split run's candidate, of which the nursery tells the end."""

    def __init__(self, pid: int, nursery: Nursery, *, log: int | None) -> None:
        self.pid = pid
        self.log = log
        """Where valgrind says what it has counted, if it counts."""
        self._nursery = nursery
        self._ended: Exit | None = None

    def kill(self) -> None:
        for kill in (os.kill, os.killpg):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)

    def wait(self, *, seconds: float) -> Exit | None:
        """How it ended; `None` if it has not.

        Raises:
            OSError: the nursery is gone, and this worker is of no more use.
        """
        deadline = time.monotonic() + seconds
        while self._ended is None:
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self._nursery.control], [], [], left)[0]:
                return None
            word = self._nursery.next_word()
            if word.get("ended") == self.pid:
                self._ended = Exit(word["status"], word["signal"], word["usage"])
        return self._ended


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
    request: RunRequest, confinement: Confinement, nursery: Nursery, *, nonce: str
) -> Child:
    """Start the process that runs the tests and, if they are split, the candidate's."""
    result, result_writer = os.pipe()
    output, output_writer = os.pipe()
    links: list[int] = []
    candidate = None
    if request.splitting is not None:
        links = [end.detach() for end in socket.socketpair()]
        log = log_writer = None
        if request.counting:
            log, log_writer = os.pipe()
        pid = nursery.start(
            request, link=links[1], output=output_writer, log=log_writer
        )
        candidate = CandidateProcess(pid, nursery, log=log)
        os.close(links.pop())
        if log_writer is not None:
            os.close(log_writer)
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        link = links[0] if links else None
        _settle(parent, output_writer)
        child.run(request, confinement, result=result_writer, link=link, nonce=nonce)
    for descriptor in (result_writer, output_writer, *links):
        os.close(descriptor)
    for descriptor in (result, output):
        os.set_blocking(descriptor, False)
    return Child(pid, result=result, output=output, candidate=candidate)


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
