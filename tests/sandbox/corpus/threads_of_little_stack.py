# EXPECT: PASS|FAIL|ERROR|MEMORY|CRASH|TIMEOUT; thousands of threads at the end
import threading
import time


def solve(x):
    threading.stack_size(32 * 1024)
    for _ in range(3000):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            break
    return 2 * x
