# EXPECT: PASS; becoming a reaper hides no process
import ctypes
import os
import time


def solve(x):
    if os.fork() == 0:
        os.setsid()
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        if os.fork() == 0:
            if os.fork() == 0:
                time.sleep(600)
            os._exit(0)
        time.sleep(600)
    return 2 * x
