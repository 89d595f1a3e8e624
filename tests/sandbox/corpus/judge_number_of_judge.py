# EXPECT: FAIL|ERROR|CRASH; an object with a number of the judge's is refused
import gc


def solve(x):
    for found in gc.get_objects():
        if type(found).__name__ == "Graph":
            found.pack = lambda *values: ([["r", 1]], [[1, "l", [1, 2, 3]]])
    return x
