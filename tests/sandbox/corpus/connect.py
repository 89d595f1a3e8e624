# EXPECT: PASS; no stream and no datagram leaves, by any family
import socket


def solve(x):
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 45455)),
        (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 45455)),
        (socket.AF_UNIX, socket.SOCK_STREAM, "/tmp/canary/agent.sock"),
        (socket.AF_UNIX, socket.SOCK_STREAM, "\0orps-canary"),
        (16, socket.SOCK_RAW, (0, 0)),
        (40, socket.SOCK_STREAM, (2, 1)),
    ):
        try:
            with socket.socket(family, kind) as connection:
                connection.connect(address)
                connection.send(b"x")
        except OSError:
            continue
        return f"{address} answers"
    return 2 * x
