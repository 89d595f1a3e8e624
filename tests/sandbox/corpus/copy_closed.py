# EXPECT: PASS|FAIL|ERROR; new files in a folder that nobody may list
import os


def solve(x):
    os.makedirs("sub", exist_ok=True)
    for name in ("conftest.py", "sub/conftest.py", "sub/solution.py"):
        try:
            with open(name, "w") as file:
                file.write("raise SystemExit(0)\n")
        except OSError:
            pass
    for folder in ("sub", "."):
        try:
            os.chmod(folder, 0)
        except OSError:
            pass
    return 2 * x
