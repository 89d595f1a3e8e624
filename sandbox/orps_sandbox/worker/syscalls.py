"""Raw system calls, for what the standard library does not wrap; Linux only."""

from __future__ import annotations

import ctypes
import os
import platform
import sys

KNOWN_MACHINES = ("x86_64", "aarch64")
"""Whose system call numbers we know; both little-endian, which the filter relies on."""

PR_SET_NO_NEW_PRIVS = 38
_PR_CAPBSET_DROP = 24
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_MAX_CAPABILITY = 63

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)
    # Without a type of result, ctypes would cut a long to an int.
    _libc.syscall.restype = ctypes.c_long


def machine() -> str:
    return platform.machine()


def syscall(number: int, *arguments: int | bytes | ctypes.c_char_p | None) -> int:
    """Make one call; numbers are passed as longs, so that none is cut to an int.

    Raises:
        OSError: what the kernel answered.
    """
    passed = [
        ctypes.c_long(argument) if isinstance(argument, int) else argument
        for argument in arguments
    ]
    result = _libc.syscall(ctypes.c_long(number), *passed)
    if result < 0:
        raise _last_error()
    return int(result)


def prctl(option: int, argument: int = 0) -> None:
    zero = ctypes.c_ulong(0)
    passed = ctypes.c_ulong(argument)
    if _libc.prctl(option, passed, zero, zero, zero) != 0:
        raise _last_error()


def keep_addresses() -> None:
    """Have what this process executes loaded at the same addresses each time.

    So a count of instructions is the same again: the order of a set of objects follows
    their addresses.
    """
    no_randomization = 0x0040000
    _libc.personality(ctypes.c_ulong(no_randomization))


def drop_bounding_set() -> None:
    """Keep executed files from giving privileges back, to root above all."""
    for capability in range(_MAX_CAPABILITY + 1):
        try:
            prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            # Past the last capability of this kernel, or nothing there to give up.
            break


def drop_capabilities() -> None:
    """Give up every privilege that this process has."""
    clear = ctypes.c_ulong(_PR_CAP_AMBIENT_CLEAR_ALL)
    zero = ctypes.c_ulong(0)
    _libc.prctl(_PR_CAP_AMBIENT, clear, zero, zero, zero)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(_CAPSET[machine()], ctypes.addressof(header), ctypes.addressof(nothing))


def mount(
    source: str, target: str, kind: str, flags: int = 0, options: str = ""
) -> None:
    """Mount by the C library's call."""
    result = _libc.mount(
        source.encode(),
        os.fsencode(target),
        kind.encode(),
        ctypes.c_ulong(flags),
        options.encode(),
    )
    if result != 0:
        raise _last_error(target)


def unmount(target: str) -> None:
    """Take the uppermost mount off a folder, whoever still uses it."""
    detach = 2
    if _libc.umount2(os.fsencode(target), detach) != 0:
        raise _last_error(target)


def unshare(flags: int) -> None:
    if _libc.unshare(flags) != 0:
        raise _last_error()


def _last_error(path: str | None = None) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), path)
