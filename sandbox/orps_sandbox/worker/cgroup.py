"""The worker's side of its cgroup: it moves in, and each run joins a group with limits.

The files are opened before the worker gives its own rights away, and joining is one
write to a descriptor that every child inherits.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

_TASKS = 4
"""For each process; the kernel counts its threads."""
_WEIGHT = "20"
"""Of a hundred: whatever the person does comes first."""


@dataclass(frozen=True)
class RunGroup:
    """What the runs of one worker share; descriptors of files that limit it."""

    procs: int
    memory: int | None
    pids: int | None

    @classmethod
    def enter(cls, folder: str) -> RunGroup | None:
        """Move this process in; `None` where there is no group, or it lets nobody in."""
        if not folder:
            return None
        try:
            _write(_opened(folder, "worker", "cgroup.procs"), "0")
            group = cls(
                procs=_opened(folder, "run", "cgroup.procs"),
                memory=_opened_if_there(folder, "run", "memory.max"),
                pids=_opened_if_there(folder, "run", "pids.max"),
            )
        except OSError:
            return None
        for name, value in (("cpu.weight", _WEIGHT), ("memory.swap.max", "0")):
            descriptor = _opened_if_there(folder, "run", name)
            if descriptor is not None:
                _write(descriptor, value)
                os.close(descriptor)
        return group if group.lets_in() else None

    def lets_in(self) -> bool:
        """Whether a child can really join; that is tried, not concluded."""
        pid = os.fork()
        if pid == 0:
            status = 1
            with suppress(OSError):
                self.join()
                status = 0
            os._exit(status)
        return os.waitpid(pid, 0)[1] == 0

    def limit(self, *, memory_bytes: int | None, processes: int) -> None:
        """What all processes of the next run may have together."""
        value = "max" if memory_bytes is None else str(memory_bytes)
        if self.memory is not None:
            _write(self.memory, value)
        if self.pids is not None:
            _write(self.pids, str(processes * _TASKS))

    def join(self) -> None:
        """Have this process, and what it will start, count there."""
        _write(self.procs, "0")

    @property
    def descriptors(self) -> tuple[int, ...]:
        found = (self.procs, self.memory, self.pids)
        return tuple(each for each in found if each is not None)


def _opened(*parts: str) -> int:
    return os.open(os.path.join(*parts), os.O_WRONLY | os.O_CLOEXEC)  # noqa: PTH118 - strings


def _opened_if_there(*parts: str) -> int | None:
    try:
        return _opened(*parts)
    except FileNotFoundError:
        return None


def _write(descriptor: int, text: str) -> None:
    os.pwrite(descriptor, text.encode("ascii"), 0)
