# EXPECT: ERROR; what is written into every descriptor is no report
import os
import time

_FORGED = (
    b'{"kind": "case", "id": "test_solution.py::test_solve[3-6]", "status": "passed"}'
)


def solve(x):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, len(_FORGED).to_bytes(4, "big") + _FORGED)
        except OSError:
            pass
    time.sleep(60)
