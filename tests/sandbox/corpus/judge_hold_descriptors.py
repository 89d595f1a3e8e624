# EXPECT: PASS|FAIL|ERROR|CRASH|TIMEOUT; children that keep the link open do not outlive the run
import os
import time


def solve(x):
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
        os._exit(0)
    return 2 * x
