"""How a worker is started on Windows, against functions with its types that stand in."""
# Methods have the names of the functions for which they stand.
# ruff: noqa: N802

import ctypes
import itertools
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from orps_sandbox import windows_start
from orps_sandbox.limits import MIB, Limits
from orps_sandbox.windows_api import PROTOTYPES, Windows, load
from orps_sandbox.windows_start import ProcessInformation, StartupInfo, command, start
from orps_sandbox.windows_token import MandatoryLabel, Sid, low_sid

WORKER = ["C:\\Program Files\\Python\\python.exe", "-B", "C:\\site\\__main__.py"]
LIMITS = Limits(cpu_seconds=2.5, processes=7, memory_bytes=3 * MIB)
PID = 4711
OWN_PROCESS = 2**64 - 1
CRASHED = 0xC000_0005
ORDER = [
    "GetCurrentProcess",
    "OpenProcessToken",
    "CreateRestrictedToken",
    "SetTokenInformation",
    *["GetStdHandle", "SetHandleInformation"] * 3,
    "CreateProcessAsUserW",
    "job",
    "ResumeThread",
    "WaitForSingleObject",
    "GetExitCodeProcess",
    "close job",
    *["CloseHandle"] * 4,
]
"""Handles of the thread, the process and the two tokens are closed last."""


class StandIn:
    """Keeps books of handles and of the one process; fails at the call of a number."""

    def __init__(self, failing: int | None = None) -> None:
        self._failing = failing
        self._new = itertools.count(0x7FFF_0000_1000, 4)
        self.made: list[str] = []
        self.wrong: list[Exception] = []
        """What `ctypes` cannot pass on: what was wrong with a call."""
        self.arguments: dict[str, tuple[int | None, ...]] = {}
        self.handles: set[int] = set()
        self.inheritable: set[int] = set()
        self.process = "none"
        self.process_handle = 0
        self.command_line = ""
        self.label = (0, b"")
        self.startup = StartupInfo()
        # Converted to C and back, by the types that the real ones are called with.
        self._kept = {
            name: ctypes.CFUNCTYPE(*types)(partial(self._called, name))
            for prototypes in PROTOTYPES.values()
            for name, types in prototypes.items()
        }
        self.calls = Windows(self._kept, lambda: 5)

    def job_holding(self, pid: int, limits: Limits) -> "StandIn":
        if self._fails("job"):
            raise OSError("job failed")
        assert (pid, limits, self.process) == (PID, LIMITS, "suspended")
        return self

    def close(self) -> None:
        self.process = "ended"
        if self._fails("close job"):
            raise OSError("close job failed")

    def _fails(self, name: str) -> bool:
        self.made.append(name)
        return len(self.made) - 1 == self._failing

    def _called(self, name: str, *arguments: int | None) -> int:
        try:
            return self._answer(name, *arguments)
        except (AssertionError, KeyError) as error:
            self.wrong.append(error)
            return 0

    def _answer(self, name: str, *arguments: int | None) -> int:
        fails = self._fails(name)
        self.arguments[name] = arguments
        if name == "CloseHandle":
            self.handles.remove(arguments[0] or 0)
        if fails:
            return {
                "GetStdHandle": -1,
                "ResumeThread": 2**32 - 1,
                "WaitForSingleObject": 2**32 - 1,
            }.get(name, 0)
        behavior: Callable[..., int | None] | None = getattr(self, f"_{name}", None)
        result = None if behavior is None else behavior(*arguments)
        return 1 if result is None else result

    def _opened(self) -> int:
        handle = next(self._new)
        self.handles.add(handle)
        return handle

    def _GetCurrentProcess(self) -> int:
        return OWN_PROCESS

    def _OpenProcessToken(self, _process: int, _access: int, out: int) -> None:
        ctypes.c_void_p.from_address(out).value = self._opened()

    def _CreateRestrictedToken(self, *arguments: int) -> None:
        assert arguments[0] in self.handles
        ctypes.c_void_p.from_address(arguments[-1]).value = self._opened()

    def _SetTokenInformation(
        self, _token: int, _what: int, label: int, _n: int
    ) -> None:
        read = MandatoryLabel.from_address(label)
        self.label = (read.Attributes, ctypes.string_at(read.Sid, ctypes.sizeof(Sid)))

    def _GetStdHandle(self, which: int) -> int:
        return 2**32 - which

    def _SetHandleInformation(self, handle: int, mask: int, flags: int) -> None:
        assert (mask, flags) == (1, 1)
        self.inheritable.add(handle)

    def _CreateProcessAsUserW(self, *arguments: int) -> None:
        token, _program, text, *_, startup, out = arguments
        assert token in self.handles
        self.command_line = ctypes.wstring_at(text)
        self.startup = StartupInfo.from_buffer_copy(StartupInfo.from_address(startup))
        self.process, self.process_handle = "suspended", self._opened()
        info = ProcessInformation.from_address(out)
        info.hProcess, info.hThread = self.process_handle, self._opened()
        info.dwProcessId = PID

    def _ResumeThread(self, thread: int) -> int:
        assert thread in self.handles - {self.process_handle}
        self.process = "running"
        return 1

    def _TerminateProcess(self, process: int, _status: int) -> None:
        assert process == self.process_handle
        self.process = "ended"

    def _WaitForSingleObject(self, _process: int, _milliseconds: int) -> int:
        return 0

    def _GetExitCodeProcess(self, _process: int, out: int) -> None:
        ctypes.c_uint32.from_address(out).value = CRASHED


def test_structures_have_the_layout_of_64_bit_windows():
    assert ctypes.sizeof(Sid) == 12
    assert ctypes.sizeof(MandatoryLabel) == 16
    assert MandatoryLabel.Attributes.offset == 8
    assert ctypes.sizeof(StartupInfo) == 104
    assert StartupInfo.dwX.offset == 32
    assert StartupInfo.dwFlags.offset == 60
    assert StartupInfo.cbReserved2.offset == 66
    assert StartupInfo.lpReserved2.offset == 72
    assert StartupInfo.hStdInput.offset == 80
    assert StartupInfo.hStdError.offset == 96
    assert ctypes.sizeof(ProcessInformation) == 24
    assert ProcessInformation.dwProcessId.offset == 16


def test_the_identifier_of_low_integrity():
    assert bytes(low_sid()) == bytes([1, 1, 0, 0, 0, 0, 0, 16, 0, 16, 0, 0])


def test_a_worker_starts_under_a_lesser_token_and_in_its_job():
    windows = StandIn()
    status = start(WORKER, LIMITS, calls=windows.calls, job_holding=windows.job_holding)
    assert not windows.wrong
    assert windows.made == ORDER
    assert (windows.handles, windows.process) == (set(), "ended")
    assert status == CRASHED - 2**32, "a number that `sys.exit` takes"
    told = windows.arguments
    assert told["OpenProcessToken"][:2] == (OWN_PROCESS, 0x1 | 0x2 | 0x8 | 0x80)
    assert told["CreateRestrictedToken"][1:-1] == (0x1 | 0x4, *(0, None) * 3)
    assert (told["SetTokenInformation"][1], told["SetTokenInformation"][3]) == (25, 28)
    assert windows.label == (0x20, bytes(low_sid()))
    assert windows.command_line == (
        '"C:\\Program Files\\Python\\python.exe" -B C:\\site\\__main__.py'
    )
    assert told["CreateProcessAsUserW"][5:9] == (1, 0x4, None, None)
    startup = windows.startup
    assert (startup.cb, startup.dwFlags) == (104, 0x100)
    handles = (startup.hStdInput, startup.hStdOutput, startup.hStdError)
    assert handles == (10, 11, 12)
    assert windows.inheritable == {10, 11, 12}
    assert told["WaitForSingleObject"] == (windows.process_handle, 0xFFFF_FFFF)


@pytest.mark.parametrize(
    "failing", range(1, len(ORDER)), ids=lambda n: f"{n}-{ORDER[n]}"
)
def test_whatever_fails_leaves_no_handle_and_no_worker(failing: int):
    windows = StandIn(failing)
    with pytest.raises(OSError, match=f"^{ORDER[failing]} failed"):
        start(WORKER, LIMITS, calls=windows.calls, job_holding=windows.job_holding)
    assert not windows.wrong
    assert windows.handles == set()
    assert windows.process in {"none", "ended"}
    resumed = "ResumeThread" in windows.made[:failing]
    assert ("TerminateProcess" in windows.made) == (
        "CreateProcessAsUserW" in windows.made[:failing] and not resumed
    )


def test_a_failure_names_the_function_and_the_number_of_its_error():
    with pytest.raises(OSError, match=r"^OpenProcessToken failed with .* error 5$"):
        start(WORKER, LIMITS, calls=StandIn(1).calls)


def test_a_program_without_standard_handles_starts_nothing():
    """As one that has no console and no pipes: null, which is not an invalid one."""

    def null(_which: int) -> None: ...

    windows = Windows({"GetStdHandle": null}, lambda: 0)
    with pytest.raises(OSError, match="GetStdHandle failed"):
        windows("GetStdHandle", 0)


def test_the_command_is_read_as_it_was_built(monkeypatch: pytest.MonkeyPatch):
    (python, flag, program, *told) = command(WORKER, LIMITS)
    assert (python, flag, program) == (sys.executable, "-I", windows_start.__file__)
    seen: list[tuple[list[str], Limits]] = []

    def starting(worker: list[str], limits: Limits, *, calls: object) -> int:
        seen.append((worker, limits))
        return 3

    monkeypatch.setattr(windows_start, "load", object)
    monkeypatch.setattr(windows_start, "start", starting)
    assert windows_start.main(told) == 3
    assert seen == [(WORKER, LIMITS)]


def test_the_program_runs_by_itself_and_says_why_it_starts_nothing(tmp_path: Path):
    """Here, where there are no such tokens; from any folder, in a bare environment."""
    mark = tmp_path / "mark"
    worker = [sys.executable, "-c", f"open({str(mark)!r}, 'w')"]
    done = subprocess.run(
        command(worker, LIMITS),
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "a worker cannot be confined: restricted tokens are Windows's own\n"
    )
    assert not mark.exists()
    with pytest.raises(OSError, match="Windows's own"):
        load()
