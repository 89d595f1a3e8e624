# EXPECT: PASS|FAIL|ERROR|CRASH|TIMEOUT; tgkill, rt_sigqueueinfo, pidfd
import ctypes, os
libc = ctypes.CDLL(None)
def solve(x):
    pp = os.getppid()
    libc.syscall(234, pp, pp, 9)
    libc.syscall(200, pp, 9)
    libc.syscall(129, pp, 9, 0)
    fd = libc.syscall(434, pp, 0)
    libc.syscall(424, fd, 9, 0, 0)
    return x * 2
