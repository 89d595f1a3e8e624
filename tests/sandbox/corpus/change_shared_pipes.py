# EXPECT: PASS|ERROR|FAIL|TIMEOUT; shared fds made non-blocking
import os, fcntl
def solve(x):
    for fd in range(0, 64):
        try: fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
        except OSError: pass
    for fd in range(0, 64):
        try: fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, 4096)
        except OSError: pass
    return x * 2
