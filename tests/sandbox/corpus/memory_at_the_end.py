# EXPECT: PASS|FAIL|ERROR|MEMORY; so much memory that to end it takes long
import mmap
import threading

kept = []


def spoil():
    while True:
        try:
            with open("conftest.py", "w") as file:
                file.write("raise SystemExit(0)\n")
        except OSError:
            pass


def solve(x):
    if not kept:
        view = mmap.mmap(-1, 192 << 20)
        for start in range(0, 192 << 20, 4096):
            view[start] = 1
        kept.append(view)
        threading.Thread(target=spoil, daemon=True).start()
    return 2 * x
