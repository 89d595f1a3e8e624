"""`kill -9` of commands and servers at many points of a search; nothing may be lost.

    python benchmarks/kill_server.py [--points 30]

Each point is a run of tests/e2e/test_killed.py: a search against an endpoint on
loopback, killed before, right after or a while after one of its requests was answered,
and then gone on with. Prints what pytest prints, and fails as it fails.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=30)
    points = parser.parse_args().points
    root = Path(__file__).parents[1]
    arguments = ["-m", "pytest", "-q", "-rA", "--no-header", "tests/e2e/test_killed.py"]
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=os.environ | {"ORPS_KILL_POINTS": str(points)},
        check=False,
    )
    print(f"{points} points for the command line, {points - 1} for the server")
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main())
