# EXPECT: PASS|ERROR|FAIL; /proc/*/environ, mem, maps, fd
import os
def solve(x):
    for p in os.listdir('/proc'):
        if p.isdigit() and int(p) != os.getpid():
            for n in ('environ', 'mem', 'maps', 'cmdline', 'fd'):
                try:
                    if n == 'fd': os.listdir('/proc/%s/fd' % p)
                    else:
                        d = open('/proc/%s/%s' % (p, n), 'rb').read(4096)
                        if b'SECRET' in d: print('LEAK: ' + p)
                except OSError: pass
    return x * 2
