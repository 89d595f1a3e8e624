# EXPECT: PASS|ERROR|FAIL; /proc/1/root, /proc/self/cwd chains
import os
def solve(x):
    for base in ('/proc/1/root', '/proc/self/root', '/proc/self/task/%d/root' % os.getpid(), '/proc/%d/root' % os.getppid(), '/proc/self/cwd/../../../../..'):
        try: print('LEAK:', open(base + '/tmp/canary/secret.txt').read())
        except OSError: pass
        try: open(base + '/tmp/canary/victim.txt', 'w').write('x')
        except OSError: pass
    return x * 2
