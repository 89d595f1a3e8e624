# EXPECT: FAIL|ERROR|CRASH|TIMEOUT|OUTPUT; a flood of forwarded output is cut off
def solve(x):
    while True:
        print("x" * 100_000)
