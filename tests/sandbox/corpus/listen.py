# EXPECT: PASS; nothing listens
import socket


def solve(x):
    try:
        socket.create_server(("127.0.0.1", 0))
    except OSError:
        return 2 * x
    return "listens"
