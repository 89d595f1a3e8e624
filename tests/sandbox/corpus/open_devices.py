# EXPECT: PASS|ERROR|FAIL|TIMEOUT; devices
import os
def solve(x):
    for d in ('/dev/tty', '/dev/console', '/dev/kmsg', '/dev/mem', '/dev/vda', '/dev/sda', '/dev/ptmx', '/dev/fuse', '/dev/kvm', '/dev/net/tun'):
        try:
            fd = os.open(d, os.O_RDWR | os.O_NONBLOCK)
            if d in ('/dev/mem', '/dev/vda', '/dev/sda', '/dev/kvm'): print('LEAK: ' + d)
        except OSError: pass
    try:
        import fcntl; fcntl.ioctl(0, 0x5412, b'x')
    except OSError: pass
    return x * 2
