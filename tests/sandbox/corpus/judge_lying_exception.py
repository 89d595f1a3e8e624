# EXPECT: FAIL|ERROR|CRASH; exceptions of the test framework are failures like any other
import pytest


def solve(x):
    raise (pytest.skip.Exception, pytest.xfail.Exception, KeyboardInterrupt)[x % 2]("no")
