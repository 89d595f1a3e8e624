# EXPECT: FAIL|ERROR|CRASH; a name of the library cannot be smuggled into the judge as data
import gc


def solve(x):
    for found in gc.get_objects():
        if type(found).__name__ == "Graph":
            wire = found.wire
            found.wire = lambda value: (
                ["T", "os:system"] if value == "smuggled" else wire(value)
            )
    return "smuggled"
