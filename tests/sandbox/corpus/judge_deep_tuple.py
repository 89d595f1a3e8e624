# EXPECT: FAIL|ERROR|CRASH; tuples nested beyond measure do not break the judge
def solve(x):
    deep = ()
    for _ in range(5000):
        deep = (deep,)
    return deep
