# EXPECT: PASS|FAIL|ERROR; a grandchild in a session of its own plants files later
import os
import time


def plant():
    for _ in range(400):
        time.sleep(0.005)
        for name in ("conftest.py", "solution.py", "numpy.py", "pytest.ini"):
            try:
                with open(name, "w") as file:
                    file.write("raise SystemExit(0)\n")
            except OSError:
                pass


def solve(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            plant()
        os._exit(0)
    return 2 * x
