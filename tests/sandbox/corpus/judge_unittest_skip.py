# EXPECT: FAIL|ERROR|CRASH; a skip of unittest from the candidate does not count as one
import unittest


class Skip(unittest.SkipTest):
    pass


def solve(x):
    raise (unittest.SkipTest if x > 0 else Skip)("nothing")
