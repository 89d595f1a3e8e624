# EXPECT: PASS; a pair of sockets cannot be turned towards somebody else
import socket


def solve(x):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        for attempt in (
            lambda s: s.connect("\0orps-canary"),
            lambda s: s.bind("\0orps-mine"),
            lambda s: s.sendto(b"x", "/tmp/canary/agent.sock"),
            lambda s: s.sendmsg([b"x"], [], 0, "/tmp/canary/agent.sock"),
        ):
            try:
                pair = socket.socketpair(socket.AF_UNIX, kind)
            except OSError:
                continue
            try:
                attempt(pair[0])
            except OSError:
                continue
            if pair[1].getpeername() is not None:
                return f"{kind} can be turned"
    return 2 * x
