# EXPECT: PASS|ERROR|FAIL; O_TMPFILE, linkat
import os
def solve(x):
    for d in ('/tmp', '/tmp/canary', '/var/tmp', '/dev/shm'):
        try:
            fd = os.open(d, os.O_TMPFILE | os.O_WRONLY)
            os.write(fd, b'x'); os.link('/proc/self/fd/%d' % fd, d + '/planted', follow_symlinks=True)
        except OSError: pass
    return x * 2
