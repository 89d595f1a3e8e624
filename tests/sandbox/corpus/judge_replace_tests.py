# EXPECT: FAIL|ERROR|CRASH; tests that are replaced on the disk stay what they were
import os

EASY = "def test_solve(): pass\n"


def solve(x):
    for act in (
        lambda: open("test_solution.py", "w").write(EASY),
        lambda: os.unlink("test_solution.py"),
        lambda: os.rename("test_solution.py", "away.py"),
    ):
        try:
            act()
        except OSError:
            pass
    return None
