# EXPECT: TIMEOUT|ERROR; half an answer on every descriptor, and then silence
import os
import time


def solve(x):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, (900).to_bytes(4, "big") + b'{"a": 2, "v": [')
        except OSError:
            pass
    time.sleep(60)
