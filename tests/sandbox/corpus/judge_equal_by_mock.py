# EXPECT: FAIL; mock.ANY
from unittest.mock import ANY
def solve(x): return ANY
