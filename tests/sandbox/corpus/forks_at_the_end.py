# EXPECT: PASS|FAIL|ERROR|CRASH|TIMEOUT; parents that end as fast as they have children
import os
import threading
import time


def chain():
    """Each generation is an orphan before anybody can look."""
    while True:
        time.sleep(0.002)
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
        os.setsid()
        try:
            with open("conftest.py", "w") as file:
                file.write("raise SystemExit(0)\n")
        except OSError:
            pass


def solve(x):
    if os.fork() == 0:
        chain()
    return 2 * x
