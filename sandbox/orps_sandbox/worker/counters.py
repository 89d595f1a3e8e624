"""Hardware counters of the children, opened by the worker before it meets any.

`inherit` makes the kernel add what children count to what the worker's own descriptor
reads; a second counter without it is what the worker itself has used.  The children
have neither descriptor, and the filter keeps them from opening others.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
_HARDWARE = 0
_INSTRUCTIONS, _BRANCH_MISSES = 1, 5
_SIZE = 112
_INHERIT = 1 << 1
_EXCLUDE_KERNEL = 1 << 5
_EXCLUDE_HYPERVISOR = 1 << 6
_CLOSE_ON_EXEC = 8


class Counters:
    """Instructions and branch misses of all children so far."""

    def __init__(self) -> None:
        self.missing = ""
        self._pairs: list[tuple[int, int]] = []
        try:
            for event in (_INSTRUCTIONS, _BRANCH_MISSES):
                self._pairs.append((_open(event, _INHERIT), _open(event, 0)))
        except OSError as error:
            self.missing = f"no hardware counters here: {error.strerror}"

    def read(self) -> tuple[int, int] | None:
        if self.missing:
            return None
        instructions, misses = (_value(both) - _value(own) for both, own in self._pairs)
        return instructions, misses


def _open(event: int, flags: int) -> int:
    number = _PERF_EVENT_OPEN.get(platform.machine())
    if sys.platform != "linux" or number is None:
        raise OSError(38, "this system has no perf_event_open")
    flags |= _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
    attributes = struct.pack("=IIQQQQQ", _HARDWARE, _SIZE, event, 0, 0, 0, flags)
    buffer = ctypes.create_string_buffer(attributes, _SIZE)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    found = libc.syscall(
        ctypes.c_long(number), buffer, ctypes.c_long(0), ctypes.c_long(-1),
        ctypes.c_long(-1), ctypes.c_long(_CLOSE_ON_EXEC),
    )  # fmt: skip
    if found < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return int(found)


def _value(descriptor: int) -> int:
    return int(struct.unpack("=Q", os.read(descriptor, 8))[0])
