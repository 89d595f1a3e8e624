# EXPECT: PASS|FAIL|ERROR|TIMEOUT|CRASH; so many entries that to look takes long
import os


def solve(x):
    top = os.open(".", os.O_RDONLY)
    for name in range(300):
        try:
            os.mkdir(f"w{name}", dir_fd=top)
            os.symlink("..", f"w{name}/up", dir_fd=top)
        except OSError:
            pass
    for _ in range(300):
        try:
            os.mkdir("d", dir_fd=top)
            deeper = os.open("d", os.O_RDONLY, dir_fd=top)
        except OSError:
            break
        os.close(top)
        top = deeper
    return 2 * x
