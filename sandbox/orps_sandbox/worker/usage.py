"""What this process has used, from the kernel's own account where there is one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    resource = None
else:
    import resource

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def own_usage() -> dict[str, float | None]:
    if resource is None:
        return {"cpu_seconds": sum(os.times()[:2])}
    return as_frame(resource.getrusage(resource.RUSAGE_SELF))


def as_frame(usage: resource.struct_rusage) -> dict[str, float | None]:
    """Name the fields that the profile needs; memory in bytes."""
    return {
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_memory_bytes": usage.ru_maxrss * _MAXRSS_UNIT,
        "page_faults": usage.ru_minflt,
    }


def cpu_seconds() -> float:
    """Of this process and of the children that it has waited for.

    Not `time.process_time`: Linux rounds that clock to whole ticks (4 ms) in a
    process under RLIMIT_CPU, and leaves getrusage exact.
    """
    if resource is None:
        return sum(os.times()[:4])
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def address_space_bytes() -> int | None:
    """The largest address space that this process has had; `None` off Linux."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmPeak:"):
            return int(line.split()[1]) * 1024
    return None
