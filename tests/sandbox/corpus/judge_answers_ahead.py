# EXPECT: ERROR|FAIL|CRASH; all questions are answered before they are asked
import json
import os

for number in range(1, 9):
    body = json.dumps({"a": number, "v": [None], "n": [], "rel": []}).encode()
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, len(body).to_bytes(4, "big") + body)
        except OSError:
            pass


def solve(x):
    return x
