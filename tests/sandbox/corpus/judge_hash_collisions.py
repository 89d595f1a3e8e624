# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; a set whose elements hash alike costs time and no verdict
def solve(x):
    return {n * (2**61 - 1) for n in range(3000)}
