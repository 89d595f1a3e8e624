"""Ends a process quickly: it can do nothing any more long before it is gone.

To take a large process and its mounts down takes the kernel milliseconds, for which a
verdict need not wait.  A task that has begun to exit never runs a line of its own
again.
"""

from __future__ import annotations

import os
import sys
import time

_EXITING = 0x4
"""PF_EXITING of the kernel's `include/linux/sched.h`."""
_FLAGS, _FAULTS = 6, 7
"""Places in `/proc/PID/stat` (proc_pid_stat(5)), counted from the state's."""
_LOOK_SECONDS = 0.0002
_READ_BYTES = 16 * 1024


def halts(pid: int, *, seconds: float) -> bool:
    """Whether, after a kill, all of its threads have begun to exit in time."""
    if sys.platform != "linux":
        return False
    deadline = time.monotonic() + seconds
    while _runs(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def usage_of(pid: int) -> dict[str, float | None]:
    """What a living process has used, as far as the kernel tells."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - names
        spent = [_read(f"/proc/{pid}/task/{thread}/schedstat") for thread in threads]
        nanoseconds = sum(int(text.split()[0]) for text in spent)
        peak = _read(f"/proc/{pid}/status").partition(b"VmHWM:")[2].split()[0]
        faults = _fields(f"/proc/{pid}/stat")[_FAULTS]
    except (OSError, LookupError, ValueError):
        return {}
    return {
        "cpu_seconds": nanoseconds / 1e9,
        "peak_memory_bytes": int(peak) * 1024,
        "page_faults": int(faults),
    }


def _runs(pid: int) -> bool:
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - names
    except OSError:
        return False
    return any(not _exits(f"/proc/{pid}/task/{thread}/stat") for thread in threads)


def _exits(path: str) -> bool:
    try:
        return bool(int(_fields(path)[_FLAGS]) & _EXITING)
    except (OSError, LookupError, ValueError):
        return True


def _fields(path: str) -> list[bytes]:
    """What follows the name of the program, which may hold anything."""
    return _read(path).rpartition(b")")[2].split()


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, _READ_BYTES)
    finally:
        os.close(descriptor)
