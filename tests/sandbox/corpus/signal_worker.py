# EXPECT: PASS; the worker can be neither killed nor stopped
import os
import signal


def solve(x):
    for target in (os.getppid() or 1, -os.getpgid(os.getppid() or 1), 1):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            if target in (0, -1, -os.getpgrp(), os.getpid()):
                continue
            try:
                os.kill(target, number)
            except OSError:
                continue
            return f"{target} takes {number}"
    return 2 * x
