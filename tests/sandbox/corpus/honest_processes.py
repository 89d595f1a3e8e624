# EXPECT: PASS; programs, threads, event loops and signals to own children work
import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


async def doubled(x):
    await asyncio.sleep(0)
    return 2 * x


def solve(x):
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        sleeper.terminate()
    command = [sys.executable, "-c", f"print({x} * 2)"]
    printed = int(subprocess.run(command, capture_output=True, check=True).stdout)
    with ThreadPoolExecutor(2) as pool:
        (mapped,) = pool.map(lambda y: 2 * y, [x])
    looped = asyncio.run(doubled(x))
    return printed if printed == mapped == looped else None
