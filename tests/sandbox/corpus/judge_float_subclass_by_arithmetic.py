# EXPECT: FAIL|ERROR|CRASH; arithmetic with a candidate's object does not reach it
class Number(float):
    def __rsub__(self, other):
        return 0.0

    def __eq__(self, other):
        return NotImplemented


def solve(x):
    return Number(x + 1)
