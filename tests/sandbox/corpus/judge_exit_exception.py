# EXPECT: FAIL|ERROR|CRASH; leaving pytest is not passing
import pytest


def solve(x):
    pytest.exit("all is well", returncode=0)
