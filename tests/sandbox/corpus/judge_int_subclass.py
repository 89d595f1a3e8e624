# EXPECT: FAIL|ERROR|CRASH; a subclass of int is no int to the judge
class Number(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def solve(x):
    return Number(x)
