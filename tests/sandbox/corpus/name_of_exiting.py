# EXPECT: PASS|FAIL|ERROR; its name reads like the record of a process that has ended
import ctypes
import os
import threading


def spoil():
    ctypes.CDLL(None).prctl(15, b") Z 1 1 1 0 -1 4", 0, 0, 0)
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    while True:
        try:
            with open("solution.py", "w") as file:
                file.write("raise SystemExit(0)\n")
        except OSError:
            pass


def solve(x):
    ctypes.CDLL(None).prctl(15, b") Z 1 1 1 0 -1 4", 0, 0, 0)
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    if threading.active_count() < 3:
        threading.Thread(target=spoil, daemon=True).start()
        if os.fork() == 0:
            spoil()
    return 2 * x
