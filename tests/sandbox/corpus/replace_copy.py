# EXPECT: PASS|FAIL|ERROR|CRASH; a copy that was emptied is whole again for the next run
import os
import shutil


def solve(x):
    for name in os.listdir("."):
        if os.path.isdir(name):
            shutil.rmtree(name, ignore_errors=True)
        else:
            os.unlink(name)
    os.symlink("/tmp/canary", "solution.py")
    return 2 * x
