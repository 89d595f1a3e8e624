"""Landlock: which files a process may reach, decided by itself, for good.

Documentation/userspace-api/landlock.rst of the Linux kernel is the source of every
number here.  What a kernel does not know yet is left out of the request.
"""

from __future__ import annotations

import os
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orps_sandbox.worker.syscalls import syscall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_MAKE_CHAR = 1 << 6
_MAKE_BLOCK = 1 << 11
_TRUNCATE = 1 << 14
_IOCTL_DEVICE = 1 << 15

_KNOWN_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights over files each version knows; from 5 on, sixteen."""
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE

READ = _EXECUTE | _READ_FILE | _READ_DIR
WRITE = 0xFFFF & ~(_MAKE_CHAR | _MAKE_BLOCK | _IOCTL_DEVICE)
WRITE_UNREAD = WRITE & ~(_READ_FILE | _EXECUTE)
DEVICE = _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEVICE

_BIND_AND_CONNECT = 0b11
_SIGNALS_AND_ABSTRACT_SOCKETS = 0b11
_NETWORK_VERSION = 4
_SCOPE_VERSION = 6


def keep_signals_inside(abi: int) -> None:
    """For a process that is restricted already: others of its kind are out of reach."""
    if abi < _SCOPE_VERSION:
        return
    attributes = struct.pack("=QQQ", 0, 0, _SIGNALS_AND_ABSTRACT_SOCKETS)
    descriptor = syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    syscall(_RESTRICT_SELF, descriptor, 0)
    os.close(descriptor)


def version() -> int:
    """The kernel's Landlock ABI; 0 where it has none."""
    try:
        return syscall(_CREATE_RULESET, 0, 0, _VERSION)
    except OSError:
        return 0


@dataclass(frozen=True)
class Rule:
    """`rights` on a path and all below it; the path is held by an open descriptor.

    Opened once by the warm worker: each child then only names the descriptor.
    """

    descriptor: int
    rights: int


def rules(paths: Iterable[str], rights: int) -> Iterator[Rule]:
    """Open each path; what is not there, or closed to the user, is left out."""
    for path in paths:
        with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
            yield Rule(descriptor, rights if is_folder else rights & _FILE_RIGHTS)


class Ruleset:
    """Nothing is allowed but what a rule has named; `enforce` cannot be undone."""

    def __init__(self, abi: int) -> None:
        self._handled = (1 << _KNOWN_RIGHTS.get(abi, 16)) - 1
        attributes = struct.pack("=Q", self._handled)
        if abi >= _NETWORK_VERSION:
            attributes += struct.pack("=Q", _BIND_AND_CONNECT)
        if abi >= _SCOPE_VERSION:
            attributes += struct.pack("=Q", _SIGNALS_AND_ABSTRACT_SOCKETS)
        self._descriptor = syscall(_CREATE_RULESET, attributes, len(attributes), 0)

    def add(self, rule: Rule) -> None:
        """Allow what a rule says.

        Raises:
            OSError: the kernel refused it.
        """
        packed = struct.pack("=Qi", rule.rights & self._handled, rule.descriptor)
        syscall(_ADD_RULE, self._descriptor, _PATH_BENEATH, packed, 0)

    def enforce(self) -> None:
        """Needs `no_new_privs` or the right to administer."""
        syscall(_RESTRICT_SELF, self._descriptor, 0)
        os.close(self._descriptor)
