# EXPECT: FAIL|ERROR|TIMEOUT|PASS|CRASH; forked child answers too
import os
def solve(x):
    try: os.fork()
    except OSError: pass
    return x * 2
