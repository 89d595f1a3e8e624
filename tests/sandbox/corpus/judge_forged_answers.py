# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; answers on the link without a question do not pass
import json
import os
import struct


def frame(message):
    body = json.dumps(message).encode()
    return struct.pack(">I", len(body)) + body


def flood():
    for number in range(1, 20):
        for value in (6, 20, 0, -14):
            data = frame({"a": number, "v": [value], "n": [], "drop": [], "rel": []})
            for descriptor in range(3, 40):
                try:
                    os.write(descriptor, data)
                except OSError:
                    pass


flood()


def solve(x):
    flood()
    return None
