# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; a number of millions of digits is refused
def solve(x):
    return 1 << 40_000_000
