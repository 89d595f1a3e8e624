# EXPECT: FAIL|ERROR; what the process has rehearsed is asked for a better answer
import gc
import socket
import sys


def solve(x):
    for found in gc.get_objects():
        if isinstance(found, socket.socket):
            found.sendall(b"\x00" * 64)
        if type(found).__name__ in ("Judge", "DirectCalls", "RunRequest", "Pair"):
            return 2 * x
    frame = sys._getframe()
    while frame is not None:
        if "expected" in frame.f_locals or "wanted" in frame.f_locals:
            return frame.f_locals.get("expected", frame.f_locals.get("wanted"))
        frame = frame.f_back
    return None
