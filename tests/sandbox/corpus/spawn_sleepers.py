# EXPECT: PASS|FAIL|ERROR|CRASH; programs in sessions of their own outlive the answer
import os


def solve(x):
    for _ in range(5):
        try:
            os.posix_spawn("/bin/sleep", ["sleep", "60"], {}, setsid=True)
        except (OSError, ValueError):
            pass
    return 2 * x
