# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; nor do the raw bytes of its own memory
import re


def solve(x):
    pattern = re.compile(b"test_solve" + rb"\[%d-(-?\d+)\]" % x)
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            if "[heap]" not in line and " 00:00 0" not in line:
                continue
            first, last = (int(n, 16) for n in line.split()[0].split("-"))
            try:
                memory.seek(first)
                match = pattern.search(memory.read(last - first))
            except (OSError, ValueError):
                continue
            if match:
                return int(match[1])
    return None
