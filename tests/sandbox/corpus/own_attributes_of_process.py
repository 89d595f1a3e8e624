# EXPECT: PASS|ERROR|FAIL|TIMEOUT|CRASH; prctl tricks
import ctypes
libc = ctypes.CDLL(None)
def solve(x):
    for op, a in ((1, 0), (4, 1), (38, 0), (36, 1), (22, 1), (15, b'init'), (59, 0), (53, 1)):
        libc.prctl(op, a, 0, 0, 0)
    return x * 2
