# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; the process that bears candidates cannot be stopped by one
import os
import signal


def solve(x):
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in (os.getppid(), 1, 2, 3, -1):
            try:
                os.kill(pid, number)
            except OSError:
                pass
    return None
