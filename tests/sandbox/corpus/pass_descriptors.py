# EXPECT: PASS|ERROR|FAIL|TIMEOUT|CRASH; SCM_RIGHTS over all inherited sockets
import os, socket, array
def solve(x):
    r, w = os.pipe()
    for fd in range(3, 64):
        try:
            s = socket.socket(fileno=os.dup(fd))
            s.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [r]))])
        except OSError: pass
    return x * 2
