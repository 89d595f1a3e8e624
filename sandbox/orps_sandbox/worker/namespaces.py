"""Tier A's outer wall: the worker moves into namespaces of its own, and stays warm.

A read-only view of all files but the slot's own folder, no network, and processes
that all die with the first.  Each run then gets mounts of its own inside.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from orps_sandbox.worker.syscalls import mount, syscall, unmount, unshare

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEW_MOUNTS = 0x00020000
_NEW_CGROUP = 0x02000000
_NEW_UTS = 0x04000000
_NEW_IPC = 0x08000000
_NEW_USER = 0x10000000
_NEW_PROCESSES = 0x20000000
_NEW_NETWORK = 0x40000000
_OTHERS = (
    _NEW_MOUNTS | _NEW_CGROUP | _NEW_UTS | _NEW_IPC | _NEW_PROCESSES | _NEW_NETWORK
)

_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_EXECUTION = 1, 2, 4, 8
_BIND, _RECURSIVE, _PRIVATE = 1 << 12, 1 << 14, 1 << 18

_MOUNT_SETATTR = 442
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000

_SWITCHES = (
    # Debian up to 10, and every kernel.
    ("kernel/unprivileged_userns_clone", "0", "`sudo sysctl {name}=1` allows them"),
    ("user/max_user_namespaces", "0", "`sudo sysctl {name}=15000` allows them"),
    # Ubuntu 23.10 and later; the profile is `orps_sandbox.apparmor`.
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "a profile that `orps-lsp doctor` prints allows them to this interpreter",
    ),
)

PRIVATE_MODE = 0o700
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where POSIX semaphores have to be


def enter(writable: str) -> None:
    """Make the namespaces; only `writable` and what is below can still be written.

    The caller stays where it is as far as processes go: its next child is the first
    of the new ones, and calls `mount_processes`.

    Raises:
        OSError: this host does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    try:
        unshare(_NEW_USER | _OTHERS)
    except OSError:
        if user != 0:
            raise
        # Some containers forbid user namespaces, and let root have the others.
        unshare(_OTHERS)
    else:
        _keep_identity(user, group)
    mount("none", "/", "", _RECURSIVE | _PRIVATE)
    mount(writable, writable, "", _BIND)
    _set_read_only("/", True, _AT_RECURSIVE)
    _set_read_only(writable, False, 0)


def mount_processes() -> None:
    """Show in `/proc` what is in this namespace, for whoever is its first process."""
    mount("proc", "/proc", "proc", _NO_SETUID | _NO_DEVICES | _NO_EXECUTION)


def mount_scratch(scratch: str, folders: Sequence[str], *, max_bytes: int) -> None:
    """Give one run empty folders in memory, for all of its processes."""
    mount("tmpfs", scratch, "tmpfs", _NO_SETUID | _NO_DEVICES, _bounds(max_bytes))
    for folder in folders:
        Path(scratch, folder).mkdir()


def mount_shared_memory(*, max_bytes: int) -> None:
    """The same for what processes share by name."""
    options = _bounds(max_bytes)
    with suppress(FileNotFoundError):
        mount("tmpfs", SHARED_MEMORY, "tmpfs", _NO_SETUID | _NO_DEVICES, options)


def own_mounts() -> None:
    """Let this process mount what no other sees."""
    unshare(_NEW_MOUNTS)


def unmount_scratch(scratch: str) -> None:
    """The memory is free again as soon as no process of the run is left."""
    with suppress(OSError):
        unmount(scratch)


def unmount_shared_memory() -> None:
    with suppress(OSError):
        unmount(SHARED_MEMORY)


def cover(hidden: Sequence[str]) -> None:
    """Show this process, and no other, empty files in place of these."""
    own_mounts()
    for file in hidden:
        with suppress(FileNotFoundError):
            mount("/dev/null", file, "", _BIND)


def remedy(system: Path = Path("/proc/sys")) -> str:
    """What a person can do so that `enter` works, as far as this host tells."""
    for switch, blocked, advice in _SWITCHES:
        with suppress(OSError):
            if (system / switch).read_text(encoding="ascii").strip() == blocked:
                name = switch.replace("/", ".")
                return (
                    f"{name} is {blocked}, which forbids user namespaces; "
                    f"{advice.format(name=name)}"
                )
    return (
        "allow user namespaces on this host; in a container, run it with a seccomp "
        "profile that permits unshare and mount"
    )


def _keep_identity(user: int, group: int) -> None:
    """Be the same user and group inside as outside, and no other."""
    own = Path("/proc/self")
    with suppress(FileNotFoundError):
        (own / "setgroups").write_text("deny", encoding="ascii")
    (own / "uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    (own / "gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _set_read_only(path: str, wanted: bool, flags: int) -> None:
    """Call mount_setattr(2): flags to set, to clear, propagation, user namespace."""
    to_set, to_clear = (_READ_ONLY, 0) if wanted else (0, _READ_ONLY)
    attributes = struct.pack("=QQQQ", to_set, to_clear, 0, 0)
    syscall(
        _MOUNT_SETATTR,
        _AT_FDCWD,
        os.fsencode(path),
        flags,
        attributes,
        len(attributes),
    )


def _bounds(max_bytes: int) -> str:
    """As options of a mount: room, and files of a page each to fill it."""
    return f"size={max_bytes},nr_inodes={max_bytes // 4096},mode={PRIVATE_MODE:o}"
