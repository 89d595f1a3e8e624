"""What runs in a peer's guard: lays the traps, runs one program, tells what it did.

    python inside.py NAME < program.py

Prints one line of JSON; a program that ends this process leaves none, which counts.
"""

import json
import sys
from pathlib import Path

from client import Host, HostLost

from orps_server.canary import set_up

SECONDS = 30
HONEST = "def solve(x):\n    return 2 * x\n"


def main() -> None:
    name, program = sys.argv[1], sys.stdin.read()
    output = Path("/tmp/output")
    with set_up() as canary, output.open("wb") as written:
        host = Host(Path(sys.executable), name, printed=written)
        canary.settle()
        got, lost = judged(host, program)
        effects = canary.side_effects(output.read_text("utf-8", "replace"))
        if lost or judged(host, HONEST) != ("PASS", False):
            effects.append("an honest program fails after it")
        host.close()
    print(json.dumps({"got": "LOST" if lost else got, "effects": effects}))


def judged(host: Host, code: str) -> tuple[str, bool]:
    """The verdict, and whether the harness was lost over it."""
    try:
        return ("PASS" if host.run(code, seconds=SECONDS).passed else "FAIL"), False
    except HostLost:
        return "FAIL", True


if __name__ == "__main__":
    main()
