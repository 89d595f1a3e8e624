# EXPECT: PASS|ERROR|FAIL; SysV and POSIX shm persists
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def solve(x):
    libc.shmget(0x1234, 4096, 0o1666); libc.msgget(0x1234, 0o1666); libc.semget(0x1234, 1, 0o1666)
    try: open('/dev/shm/orps-left', 'w').write('x')
    except OSError: pass
    return x * 2
