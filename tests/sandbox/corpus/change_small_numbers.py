# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; poke small ints
import ctypes
def solve(x):
    a = id(6) + 24
    ctypes.c_int32.from_address(a).value = -1
    ctypes.c_int32.from_address(id(20) + 24).value = -1
    return -1
