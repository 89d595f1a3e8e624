# EXPECT: PASS|FAIL|ERROR; a thread goes on writing while the verdict is given
import threading


def spoil():
    while True:
        for name in ("solution.py", "conftest.py", "test_solution.py", "six.py"):
            try:
                with open(name, "w") as file:
                    file.write("def solve(x):\n    return 7\n")
            except OSError:
                pass


def solve(x):
    if threading.active_count() < 4:
        threading.Thread(target=spoil, daemon=True).start()
    return 2 * x
