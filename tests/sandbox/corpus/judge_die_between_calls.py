# EXPECT: FAIL|ERROR|CRASH|TIMEOUT; a process that ends when it has answered passes nothing further
import os
import threading


def solve(x):
    threading.Timer(0.05, os._exit, (0,)).start()
    return None
