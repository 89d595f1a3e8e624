# EXPECT: PASS|ERROR|FAIL; io_uring open
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def solve(x):
    buf = ctypes.create_string_buffer(256)
    fd = libc.syscall(425, 8, buf)
    if fd >= 0: print('LEAK: io_uring')
    return x * 2
