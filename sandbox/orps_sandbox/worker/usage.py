"""What this process has used, from the kernel's own account where there is one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no getrusage.
    resource = None

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


def children_cpu_seconds() -> float:
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


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
