# EXPECT: PASS|ERROR|FAIL; names with bytes, newlines, immutable
import os
d = os.fsencode(os.path.dirname(os.path.abspath(__file__)))
def solve(x):
    for n in (b'\xff\xfe', b'a\nb', b'-rf', b'*', b'\x01' * 255):
        try: os.mkdir(d + b'/' + n); os.chmod(d + b'/' + n, 0)
        except OSError: pass
    os.mkfifo(d + b'/fifo%d' % (x + 100))
    os.symlink('/', d + b'/root%d' % (x + 100))
    return x * 2
