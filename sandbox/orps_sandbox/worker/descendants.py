"""Finds and kills every process that a run has left, by parentage alone.

The worker is a child subreaper: a process whose parent dies becomes the worker's own
child, even after `setsid`, so nothing leaves the tree.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_KILL_SECONDS = 2.0
_READ_BYTES = 64 * 1024

if sys.platform == "linux":
    _libc = ctypes.CDLL(None)


spared: set[int] = set()
"""Processes that outlive a run: the worker's own helpers."""


def become_subreaper() -> None:
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def signal_at_parents_death(number: signal.Signals) -> None:
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def living() -> list[int]:
    """Every descendant, zombies included; empty where there is no `/proc`.

    Those that belong to the worker itself are left out, what they start is not.
    """
    found: dict[int, None] = {}
    top = os.getpid()
    pending = [top]
    while pending:
        new = [pid for pid in _children(pending.pop()) if pid not in found]
        found.update(dict.fromkeys(new))
        pending += new
        if not pending:
            # What has lost its parent meanwhile has come to us.
            pending = [pid for pid in _children(top) if pid not in found]
            found.update(dict.fromkeys(pending))
    return [pid for pid in found if pid not in spared]


def kill_all() -> None:
    """Kill and reap until none is left; a fork bomb makes this take some rounds."""
    deadline = time.monotonic() + _KILL_SECONDS
    while time.monotonic() < deadline:
        _reap()
        processes = living()
        if not processes:
            return
        # Stopped first: a process that is killed last could fork in the meantime.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in processes:
                with suppress(OSError):
                    os.kill(pid, number)
        time.sleep(0.001)


def _reap() -> None:
    with suppress(ChildProcessError):
        while True:
            pid = os.waitpid(-1, os.WNOHANG)[0]
            if not pid:
                return
            spared.discard(pid)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - a hot path
            found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    except OSError:
        # It ended while we looked.
        return found
    return found


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        parts: list[bytes] = []
        while part := os.read(descriptor, _READ_BYTES):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)
