# EXPECT: ERROR|FAIL|CRASH; a state of random numbers that nobody has asked for
import json
import os


def solve(x):
    state = [3, [1] * 624 + [1 << 70], None]
    body = json.dumps({"a": 2, "v": [1], "n": [], "rel": [], "random": state}).encode()
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, len(body).to_bytes(4, "big") + body)
        except OSError:
            pass
    return 2 * x
