# EXPECT: ERROR|FAIL; nested exception group
def solve(x):
    e = ValueError('x')
    for i in range(3000): e = BaseExceptionGroup('g', [e])
    raise e
