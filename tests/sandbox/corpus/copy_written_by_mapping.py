# EXPECT: PASS|FAIL|ERROR; a child goes on writing by a mapping, with no call at all
import mmap
import os


def solve(x):
    if os.fork() == 0:
        os.setsid()
        with open("solution.py", "r+b") as file:
            view = mmap.mmap(file.fileno(), 0)
        while True:
            view[:8] = b"#" * 8
    return 2 * x
