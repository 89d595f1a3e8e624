# EXPECT: FAIL|ERROR|CRASH; instances of library classes are not built for a candidate
import gc


def solve(x):
    for found in gc.get_objects():
        if type(found).__name__ == "Graph":
            found.pack = lambda *values: (
                [["r", -999]],
                [[-999, "o", ["subprocess:Popen", "", None]]],
            )
    return x
