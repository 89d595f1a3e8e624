"""Starts a worker under a restricted token and in a job: `PYTHON -I windows_start.py`.

A program of its own between the server and the worker, since `subprocess` cannot start
anything under another token: the worker has its standard handles and environment, and
it ends with the worker's exit status.  Where this program is killed, its handle of the
job goes, and so does all that is inside.  Not run on a real machine yet.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    # After the standard library, which nothing that is installed there may shadow.
    sys.path.append(str(Path(__file__).resolve().parents[1]))

import ctypes
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Protocol

from orps_sandbox.limits import Limits
from orps_sandbox.windows_api import Calls, load
from orps_sandbox.windows_job import Job
from orps_sandbox.windows_token import restricted_token

CREATE_SUSPENDED = 0x4
STARTF_USESTDHANDLES = 0x100
HANDLE_FLAG_INHERIT = 0x1
INFINITE = 0xFFFF_FFFF
_STANDARD_HANDLES = {
    "hStdInput": 0x1_0000_0000 - 10,
    "hStdOutput": 0x1_0000_0000 - 11,
    "hStdError": 0x1_0000_0000 - 12,
}
"""STD_INPUT_HANDLE and its like, as the unsigned numbers that they are passed as."""


class StartupInfo(ctypes.Structure):
    """STARTUPINFOW."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("lpReserved", ctypes.c_void_p),
        ("lpDesktop", ctypes.c_void_p),
        ("lpTitle", ctypes.c_void_p),
        ("dwX", ctypes.c_uint32),
        ("dwY", ctypes.c_uint32),
        ("dwXSize", ctypes.c_uint32),
        ("dwYSize", ctypes.c_uint32),
        ("dwXCountChars", ctypes.c_uint32),
        ("dwYCountChars", ctypes.c_uint32),
        ("dwFillAttribute", ctypes.c_uint32),
        ("dwFlags", ctypes.c_uint32),
        ("wShowWindow", ctypes.c_uint16),
        ("cbReserved2", ctypes.c_uint16),
        ("lpReserved2", ctypes.c_void_p),
        ("hStdInput", ctypes.c_void_p),
        ("hStdOutput", ctypes.c_void_p),
        ("hStdError", ctypes.c_void_p),
    )


class ProcessInformation(ctypes.Structure):
    """PROCESS_INFORMATION."""

    _fields_ = (
        ("hProcess", ctypes.c_void_p),
        ("hThread", ctypes.c_void_p),
        ("dwProcessId", ctypes.c_uint32),
        ("dwThreadId", ctypes.c_uint32),
    )


class Closing(Protocol):
    def close(self) -> None: ...


def command(worker: Sequence[str], limits: Limits) -> list[str]:
    """What executes this program for a worker; `main` reads it."""
    told = (limits.cpu_seconds, limits.processes, limits.memory_bytes)
    return [sys.executable, "-I", __file__, *map(str, told), *worker]


def start(
    worker: Sequence[str],
    limits: Limits,
    *,
    calls: Calls,
    job_holding: Callable[[int, Limits], Closing] = Job.holding,
) -> int:
    """Start the worker confined, wait for its end and return its exit status.

    It executes nothing before it is in its job: it is created suspended.

    Raises:
        OSError: Windows refused; then no worker is left.
    """
    started = ProcessInformation()
    status = ctypes.c_uint32()
    with ExitStack() as open_things:
        token = open_things.enter_context(restricted_token(calls))
        calls(
            "CreateProcessAsUserW",
            *(token, None),
            ctypes.create_unicode_buffer(subprocess.list2cmdline(worker)),
            *(None, None, True, CREATE_SUSPENDED, None, None),
            *(ctypes.byref(_own_handles(calls)), ctypes.byref(started)),
        )
        open_things.callback(calls, "CloseHandle", started.hProcess)
        open_things.callback(calls, "CloseHandle", started.hThread)
        with ExitStack() as undoing:
            undoing.callback(calls, "TerminateProcess", started.hProcess, 1)
            job = job_holding(started.dwProcessId, limits)
            open_things.callback(job.close)
            calls("ResumeThread", started.hThread)
            undoing.pop_all()
        calls("WaitForSingleObject", started.hProcess, INFINITE)
        calls("GetExitCodeProcess", started.hProcess, ctypes.byref(status))
    # Signed, as `sys.exit` takes it: statuses of crashes are above 0xC0000000.
    return ctypes.c_int32(status.value).value


def _own_handles(calls: Calls) -> StartupInfo:
    """Have the worker inherit what this program reads from and writes to."""
    startup = StartupInfo(cb=ctypes.sizeof(StartupInfo), dwFlags=STARTF_USESTDHANDLES)
    for field, which in _STANDARD_HANDLES.items():
        handle = calls("GetStdHandle", which)
        calls("SetHandleInformation", handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)
        setattr(startup, field, handle)
    return startup


def main(arguments: Sequence[str]) -> int:
    cpu_seconds, processes, memory_bytes, *worker = arguments
    limits = Limits(
        cpu_seconds=float(cpu_seconds),
        processes=int(processes),
        memory_bytes=int(memory_bytes),
    )
    try:
        return start(worker, limits, calls=load())
    except OSError as error:
        # Into the worker's log, whose last words the server shows.
        sys.stderr.write(f"a worker cannot be confined: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
