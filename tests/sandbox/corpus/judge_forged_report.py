# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; reports of passed cases from the candidate's process reach nobody
import json
import os
import struct

CASES = ["3-6", "10-20", "0-0", "-7--14"]


def frame(message):
    body = json.dumps(message).encode()
    return struct.pack(">I", len(body)) + body


for case in CASES:
    report = {"kind": "case", "id": f"test_solution.py::test_solve[{case}]"}
    for descriptor in range(1, 64):
        try:
            os.write(descriptor, frame({**report, "status": "passed", "is_split": True}))
        except OSError:
            pass
os._exit(0)
