# EXPECT: FAIL|ERROR|CRASH; other processes' views of the tests are closed
import os
import re


def solve(x):
    for name in os.listdir("/proc"):
        for place in ("root", "cwd"):
            folder = f"/proc/{name}/{place}"
            for path in (folder + os.getcwd(), folder):
                try:
                    with open(path + "/test_solution.py") as file:
                        pairs = re.findall(r"\((-?\d+), (-?\d+)\)", file.read())
                        return int(dict(pairs)[str(x)])
                except (OSError, KeyError):
                    continue
    return None
