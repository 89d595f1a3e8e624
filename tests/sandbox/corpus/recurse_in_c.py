# EXPECT: CRASH|ERROR; C stack
import ctypes
CB = ctypes.CFUNCTYPE(ctypes.c_int)
def solve(x):
    import sys
    sys.setrecursionlimit(10**9)
    def f(): return g()
    g = CB(f)
    return g()
