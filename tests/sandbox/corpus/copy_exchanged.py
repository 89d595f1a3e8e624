# EXPECT: PASS|FAIL|ERROR; two files change places, and a link leads out of the copy
import ctypes
import os


def solve(x):
    libc = ctypes.CDLL(None, use_errno=True)
    for one, other in ((b"solution.py", b"test_solution.py"), (b"solution.py", b".")):
        libc.renameat2(-100, one, -100, other, 2)
    for name in ("out", "conftest.py"):
        try:
            os.symlink("/etc/passwd", name)
        except OSError:
            pass
    return 2 * x
