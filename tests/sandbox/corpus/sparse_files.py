# EXPECT: PASS|ERROR|FAIL|CRASH|TIMEOUT; sparse files
import os
def solve(x):
    for i in range(100):
        try:
            with open('s%d' % i, 'wb') as f: f.truncate(1 << 40)
        except OSError: pass
    return x * 2
