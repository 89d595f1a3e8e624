"""`kill -9` of commands and servers at many points of a search; nothing may be lost.

    python benchmarks/kill_server.py [--points 30] [--part 1/6]

Each point is a run of tests/e2e/test_killed.py: a search against an endpoint on
loopback, killed before, right after or a while after one of its requests was answered,
and then gone on with. Prints what pytest prints, and fails as it fails. A part is every
sixth of the points, from the first on; all parts together are all points.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=30)
    parser.add_argument("--part", default="1/1", metavar="K/N")
    asked = parser.parse_args()
    root = Path(__file__).parents[1]
    arguments = ["-m", "pytest", "-q", "-rA", "--no-header", "tests/e2e/test_killed.py"]
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=os.environ
        | {"ORPS_KILL_POINTS": str(asked.points), "ORPS_KILL_PART": asked.part},
        check=False,
    )
    print(
        f"part {asked.part} of {asked.points} points for the command line "
        f"and {asked.points - 1} for the server"
    )
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main())
