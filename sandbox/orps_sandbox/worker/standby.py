"""A session that has collected the tests and stands by: each run is a fork of it.

Collecting is what most of a run's time goes into, and it is the same for all
candidates: the tests and the person's own modules, in which what the candidates change
asks another process.  So it is done once, by a process that never executes a
candidate; the forks have their modules, fixtures and tests as fresh as it left them.

What a fork would share with the others, or not have at all, cannot be kept in this
way: threads, processes, open files, shared memory.  Then each run collects by itself.
"""

from __future__ import annotations

import gc
import json
import os
import select
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker import frames, limits
from orps_sandbox.worker.forkserver import forked
from orps_sandbox.worker.request import RunRequest

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.reporter import Reporter

_exit = os._exit


@dataclass(frozen=True)
class Order:
    """What a fork is to run, and the link to the candidate's process."""

    request: RunRequest
    link: int


class Standby:
    """In the collected session's process; `forks` returns in each fork of it."""

    def __init__(
        self,
        control: socket.socket,
        confinement: Confinement,
        reporter: Reporter,
        request: RunRequest,
    ) -> None:
        self._control = control
        self._confinement = confinement
        self._reporter = reporter
        self._sample = json.dumps(request.frame).encode()
        """Of the orders that will come."""
        self._files = _open_files()
        self._shared = _shared_memory()

    def refuse(self, why: str) -> NoReturn:
        """Say that each run has to collect by itself, and end."""
        self._reporter.send("unfit", message=why)
        _exit(0)

    def forks(self, rehearse: Callable[[], None]) -> Order:
        """Serve until the worker is gone; returns in a fork, confined, to run cases.

        Each fork waits for its order, and may `rehearse` what it will do then.
        """
        obstacle = self._obstacle()
        if obstacle:
            self.refuse(obstacle)
        gc.collect()
        self._reporter.send("standing")
        kept = self._opened()
        copies = self._opened(like=os.fstat(2))
        _, (result, output, link, order) = forked(self._control, n_descriptors=4)
        for descriptor in (1, 2, *copies):
            os.dup2(output, descriptor)
        self._confinement.narrow()
        limits.close_all_but(result, link, order, *kept)
        if not select.select([order], [], [], 0)[0]:
            rehearse()
            self._read(frames.decode(self._sample))
        wanted = frames.received(order)
        if wanted is None:
            _exit(0)
        self._reporter.become(result, wanted["nonce"])
        request = self._read(wanted["request"])
        limits.apply(request)
        return Order(request, link)

    def _read(self, frame: Mapping[str, Any]) -> RunRequest:
        return RunRequest.from_frame(frame, copy_root=self._confinement.copy_root)

    def _obstacle(self) -> str:
        """What keeps a fork from being as good as a process that has collected."""
        if _n_threads() != 1:
            return "collecting starts threads"
        if _has_children():
            return "collecting starts processes"
        # pytest keeps copies of the output's descriptor to write to at a crash.
        nothing = Path(os.devnull).stat()
        harmless = self._opened(like=os.fstat(2)) | self._opened(like=nothing)
        if self._opened() - harmless:
            return "collecting leaves files open"
        if _shared_memory() - self._shared:
            return "collecting makes shared memory"
        return ""

    def _opened(self, like: os.stat_result | None = None) -> set[int]:
        """Descriptors that are new since collecting began, or those of one file."""
        new = _open_files() - self._files
        if like is None:
            return set(new)
        return {n for n in new if os.path.samestat(os.fstat(n), like)}


def _n_threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only their number
    except OSError:
        return 0


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _open_files() -> frozenset[int]:
    found: list[int] = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers
        try:
            os.fstat(int(name))
        except OSError:
            # The descriptor that listed them.
            continue
        found.append(int(name))
    return frozenset(found)


def _shared_memory() -> frozenset[str]:
    """Mappings that are written for others to see."""
    lines = Path("/proc/self/maps").read_text("utf-8", "replace").splitlines()
    return frozenset(line for line in lines if line.split()[1].startswith("rw-s"))
