# EXPECT: FAIL|ERROR|CRASH; a list in itself compares as what it is
def solve(x):
    loop = []
    loop.append(loop)
    return loop
