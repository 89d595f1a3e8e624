# EXPECT: PASS; the worker's memory, its environment and its channel are closed
import os


def solve(x):
    worker = os.getppid() or 1
    for name in ("mem", "environ", "fd/1", "fd/4", "fd/5", "maps", "cwd/../pytest.ini"):
        for flags in (os.O_WRONLY, os.O_RDONLY):
            try:
                os.close(os.open(f"/proc/{worker}/{name}", flags))
            except OSError:
                continue
            return f"{name} of the worker is open"
    return 2 * x
