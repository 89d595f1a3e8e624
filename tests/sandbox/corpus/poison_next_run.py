# EXPECT: PASS|FAIL|ERROR|CRASH; what is patched or left in memory is not there for the next run
import builtins
import os
import sys


def solve(x):
    builtins.len = builtins.range = None
    os.environ["PYTEST_ADDOPTS"] = "--collect-only"
    sys.path.insert(0, "/tmp/canary")
    return 2 * x
