# EXPECT: PASS|ERROR|FAIL; v6, raw, netlink, packet, vsock sockets
import socket
def solve(x):
    for fam, typ, proto in ((10,1,0),(10,2,0),(16,3,0),(17,3,3),(40,1,0),(2,3,1),(38,5,0),(2,1,0)):
        try:
            s = socket.socket(fam, typ, proto)
            print('made', fam)
            if fam == 2:
                s.settimeout(1); s.connect(('127.0.0.1', 45455)); print('LEAK: connected')
        except OSError: pass
    return x * 2
