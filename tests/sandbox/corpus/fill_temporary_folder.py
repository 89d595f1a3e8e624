# EXPECT: PASS|FAIL|ERROR|TIMEOUT|CRASH; what fills the temporary folder is gone at the next run
import os
import tempfile


def solve(x):
    folder = tempfile.mkdtemp()
    for number in range(8):
        with open(os.path.join(folder, str(number)), "wb") as file:
            file.write(bytes(32 << 20))
    return 2 * x
