# EXPECT: PASS; calls that only the kernel's numbers name are denied as well
import ctypes

_CALLS = {
    "unshare": (272, 0x10000000),
    "clone": (56, 0x10000000 | 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
    "io_uring_setup": (425, 1, 0),
    "bpf": (321, 0, 0, 0),
    "keyctl": (250, 0, -3, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 0),
    "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
    "pidfd_getfd": (438, 0, 0, 0),
    "shmget": (29, 0, 4096, 0o1600),
    "mount": (165, 0, 0, 0, 0, 0),
    "chroot": (161, b"/tmp"),
    "open_tree": (428, -100, b"/", 1),
    "personality": (135, 0x0040000),
}
_EXPECTED_ERRORS = (1, 38)


def solve(x):
    import platform

    if platform.machine() != "x86_64":
        return 2 * x
    libc = ctypes.CDLL(None, use_errno=True)
    for name, arguments in _CALLS.items():
        converted = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
        if libc.syscall(*converted) >= 0 or ctypes.get_errno() not in _EXPECTED_ERRORS:
            return f"{name} is let through"
    return 2 * x
