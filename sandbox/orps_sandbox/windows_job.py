"""A Windows Job object around one worker: limits, and nothing that outlives it.

It isolates nobody from files or the network; `windows_token` keeps a worker from
writing.  Together they are no tier, and candidates are refused there as long as there is
no `fork`.  Written after Microsoft's reference of winnt.h; not run on a real machine yet.
"""

import ctypes
import sys

from orps_sandbox.limits import Limits

LIMIT_PROCESS_TIME = 0x2
LIMIT_ACTIVE_PROCESS = 0x8
LIMIT_JOB_MEMORY = 0x200
LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x400
LIMIT_KILL_ON_JOB_CLOSE = 0x2000
"""Nothing allows a breakaway, so everything that is started stays inside."""
_EXTENDED_LIMIT_INFORMATION = 9
_SET_QUOTA_AND_TERMINATE = 0x100 | 0x1
_TICKS_A_SECOND = 10_000_000
"""Of the hundred nanoseconds in which Windows counts time."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class IoCounters(ctypes.Structure):
    """IO_COUNTERS."""

    _fields_ = tuple(
        (name, ctypes.c_uint64)
        for name in (
            "ReadOperationCount",
            "WriteOperationCount",
            "OtherOperationCount",
            "ReadTransferCount",
            "WriteTransferCount",
            "OtherTransferCount",
        )
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", IoCounters),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def extended_limits(limits: Limits) -> ExtendedLimits:
    """What the job is told."""
    asked = ExtendedLimits()
    basic = asked.BasicLimitInformation
    basic.LimitFlags = (
        LIMIT_PROCESS_TIME
        | LIMIT_ACTIVE_PROCESS
        | LIMIT_JOB_MEMORY
        | LIMIT_DIE_ON_UNHANDLED_EXCEPTION
        | LIMIT_KILL_ON_JOB_CLOSE
    )
    basic.PerProcessUserTimeLimit = round(limits.cpu_seconds * _TICKS_A_SECOND)
    basic.ActiveProcessLimit = limits.processes
    asked.JobMemoryLimit = limits.memory_bytes
    return asked


class Job:
    """One job; closing its only handle kills all that is inside."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def holding(cls, pid: int, limits: Limits) -> "Job":
        """Put a process into a new job.

        Raises:
            OSError: Windows refused, or this is not Windows.
        """
        if sys.platform != "win32":
            raise OSError("Job objects are Windows's own")
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        for name in ("CreateJobObjectW", "OpenProcess"):
            getattr(kernel, name).restype = ctypes.c_void_p
        handle = kernel.CreateJobObjectW(None, None)
        if not handle:
            raise ctypes.WinError(ctypes.get_last_error())
        job = cls(handle)
        asked = extended_limits(limits)
        process = kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, pid)
        done = (
            process
            and kernel.SetInformationJobObject(
                ctypes.c_void_p(handle),
                _EXTENDED_LIMIT_INFORMATION,
                ctypes.byref(asked),
                ctypes.sizeof(asked),
            )
            and kernel.AssignProcessToJobObject(
                ctypes.c_void_p(handle), ctypes.c_void_p(process)
            )
        )
        error = ctypes.get_last_error()
        if process:
            kernel.CloseHandle(ctypes.c_void_p(process))
        if not done:
            job.close()
            raise ctypes.WinError(error)
        return job

    def close(self) -> None:
        if sys.platform == "win32":
            ctypes.WinDLL("kernel32").CloseHandle(ctypes.c_void_p(self._handle))
