"""Which system calls a confined run is denied, and why; the policy behind seccomp.

Files are Landlock's business.  This is what Landlock does not see: other processes,
the network, the kernel's administration, and metadata of files.
"""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from orps_sandbox.worker.seccomp import Deny, DenyIf, DenyUnless

if TYPE_CHECKING:
    from orps_sandbox.worker.seccomp import Rule

SCOPED_SIGNALS_VERSION = 6
"""From this Landlock ABI on, the kernel keeps signals inside."""

_ALL = 0xFFFFFFFF
_NUMBERS: dict[str, tuple[int | None, int | None]] = {  # on x86_64, on aarch64
    # Other processes: their memory, their descriptors, their limits.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "ioprio_set": (251, 30),
    # Memory and queues that are shared with the user's other processes.
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # The network, and local services such as an agent for keys.
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    # Mounts and namespaces, in which the rules on paths would mean something else.
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # The kernel itself; many of its holes were found behind these.
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    "syslog": (103, 116),
}

_MOUNTING = {"x86_64": (165, 272, 166, 442), "aarch64": (40, 97, 39, 442)}
"""mount, unshare, umount2, mount_setattr."""
_NEW_MOUNTS = 1 << 17
_CLONE, _CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
_NEW_NAMESPACES = (_NEW_MOUNTS, *(1 << bit for bit in range(25, 31)))
_SOCKETPAIR = {"x86_64": 53, "aarch64": 199}
_SOCKET_KIND = 0xF

# Calls that name a process in their first argument; 0 is the caller.
_OF_A_PROCESS = {
    "x86_64": (302, 203, 144, 142, 314),
    "aarch64": (261, 122, 119, 118, 274),
}
"""prlimit64, and sched_set-affinity, -scheduler, -param and -attr."""
_SETPRIORITY = {"x86_64": 141, "aarch64": 140}

_SIGNALS = {"x86_64": (62, 200, 234, 129, 297), "aarch64": (129, 130, 131, 138, 240)}
"""kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo."""
_PIDFD_SEND_SIGNAL = 424
_FCNTL = {"x86_64": 72, "aarch64": 25}
_SIGNAL_OWNERS = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX: a signal by way of a file."""

_MODES = {"x86_64": (90, 268, 452), "aarch64": (53, 452)}
"""chmod, fchmodat, fchmodat2."""
_ATTRIBUTES = {
    "x86_64": (188, 189, 197, 198, 463, 466),
    "aarch64": (5, 6, 14, 15, 463, 466),
}
"""setxattr, lsetxattr, removexattr, lremovexattr, and the two with `at`."""


def shared_denials(machine: str, *, own_mounts: bool) -> list[Rule]:
    """The rules of all runs, which the warm worker installs for itself and them.

    With mounts of its own, a run begins by making these; it denies itself the calls
    for that afterwards.
    """
    rules = [*_always(machine), *_processes(machine)]
    if own_mounts:
        rules = [rule for rule in rules if rule.number not in _MOUNTING[machine]]
        unshare = _MOUNTING[machine][1]
        rules.append(DenyUnless(unshare, errno.EPERM, 0, _ALL, _NEW_MOUNTS))
    else:
        rules += _metadata(machine)
    return rules


def own_denials(
    machine: str, *, landlock_version: int, own_mounts: bool, pid: int
) -> list[Rule]:
    """What one run is denied beyond that; its first process is `pid`."""
    rules: list[Rule] = []
    if own_mounts:
        rules += [Deny(number, errno.EPERM) for number in _MOUNTING[machine]]
    if landlock_version < SCOPED_SIGNALS_VERSION:
        rules += _signals(machine, pid)
    return rules


def _always(machine: str) -> list[Rule]:
    column = ("x86_64", "aarch64").index(machine)
    rules: list[Rule] = []
    for numbers in _NUMBERS.values():
        number = numbers[column]
        if number is not None:
            rules.append(Deny(number, errno.EPERM))
    # Its flags lie in memory, where a filter cannot look; every C library then takes
    # `clone` instead.
    rules.append(Deny(_CLONE3, errno.ENOSYS))
    # A pair of streams is what event loops need.  A datagram socket could be aimed at
    # any other socket of this machine.
    pair = _SOCKETPAIR[machine]
    rules.append(
        DenyUnless(pair, errno.EPERM, 1, _SOCKET_KIND, int(socket.SOCK_STREAM))
    )
    return rules


def _processes(machine: str) -> list[Rule]:
    rules: list[Rule] = [_no_new_namespace(machine)]
    rules += [
        DenyUnless(number, errno.EPERM, 0, _ALL, 0) for number in _OF_A_PROCESS[machine]
    ]
    rules.append(DenyUnless(_SETPRIORITY[machine], errno.EPERM, 1, _ALL, 0))
    return rules


def _no_new_namespace(machine: str) -> Rule:
    """Allow `clone` only without any of the flags that make a namespace."""
    return DenyUnless(_CLONE[machine], errno.EPERM, 0, sum(_NEW_NAMESPACES), 0)


def _signals(machine: str, pid: int) -> list[Rule]:
    """Where the kernel cannot keep signals inside, a run may only signal itself."""
    rules: list[Rule] = [
        DenyUnless(number, errno.EPERM, 0, _ALL, pid) for number in _SIGNALS[machine]
    ]
    rules.append(Deny(_PIDFD_SEND_SIGNAL, errno.EPERM))
    rules.append(DenyIf(_FCNTL[machine], errno.EPERM, 1, _SIGNAL_OWNERS))
    return rules


def _metadata(machine: str) -> list[Rule]:
    """Modes and attributes of any file of the user, which Landlock leaves alone.

    Changing a mode seems to work and does nothing: `shutil.copy` does it in passing,
    and would otherwise fail in honest code.
    """
    modes: list[Rule] = [Deny(number, 0) for number in _MODES[machine]]
    return modes + [Deny(number, errno.EOPNOTSUPP) for number in _ATTRIBUTES[machine]]
