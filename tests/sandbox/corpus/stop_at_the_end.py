# EXPECT: PASS|TIMEOUT|ERROR; it stops itself, and goes on by a clock, around its answer
import ctypes
import os
import signal
import threading
import time


def spoil():
    for _ in range(2000):
        time.sleep(0.0005)
        os.kill(os.getpid(), signal.SIGCONT)
        try:
            with open("conftest.py", "w") as file:
                file.write("raise SystemExit(0)\n")
        except OSError:
            pass


class Event(ctypes.Structure):
    _fields_ = (("value", ctypes.c_void_p), ("signal", ctypes.c_int),
                ("kind", ctypes.c_int), ("rest", ctypes.c_char * 64))


def solve(x):
    timer = ctypes.c_void_p()
    event = Event(signal=int(signal.SIGCONT), kind=0)
    libc = ctypes.CDLL(None)
    libc.timer_create(1, ctypes.byref(event), ctypes.byref(timer))
    every = (ctypes.c_long * 4)(0, 200000, 0, 200000)
    libc.timer_settime(timer, 0, ctypes.byref(every), None)
    threading.Thread(target=spoil, daemon=True).start()
    return 2 * x
