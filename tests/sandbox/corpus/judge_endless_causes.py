# EXPECT: ERROR|FAIL; cyclic and long cause chain
def solve(x):
    a = ValueError('a'); b = ValueError('b')
    a.__cause__ = b; b.__cause__ = a; a.__context__ = b
    e = a
    for i in range(20000):
        n = ValueError(str(i)); n.__context__ = e; e = n
    raise e
