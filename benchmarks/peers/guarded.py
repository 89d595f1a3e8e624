"""Runs a hostile corpus with the peers' executors, inside namespaces of our own.

They have no isolation, and the corpus kills, writes and forks without bounds: a tier A
worker's namespaces, with a temporary file system and without privileges, stand around
all of it, so that nothing of this machine is in reach.

    python guarded.py CORPUS PEER_PYTHON
"""

import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from orps_sandbox.worker import descendants, namespaces, syscalls
from orps_server.canary import Canary, set_up
from orps_server.corpus import expectation_of
from peers.client import NAMES, Host, HostLost

SECONDS = 25.0
HONEST = "def solve(x):\n    return 2 * x\n"
GIB = 1024**3
_UP = 0x1
_SET_FLAGS = 0x8914


def rows(corpus: Path, python: Path) -> Iterator[dict[str, object]]:
    programs = {path.name: path.read_text("utf-8") for path in corpus.glob("*.py")}
    for name in NAMES:
        with set_up() as canary:
            for program, text in sorted(programs.items()):
                expected = expectation_of(text)
                if expected:
                    host = Host(python, name, prepare=confine)
                    row = judged(host, canary, text)
                    yield {"executor": name, "program": program, **row} | {
                        "expected": expected
                    }


def judged(host: Host, canary: Canary, text: str) -> dict[str, object]:
    """One program and an honest one after it, in a host that has no other work."""
    canary.settle()
    timer = threading.Timer(SECONDS, host.process.kill)
    timer.start()
    passed, harness = False, "lives"
    try:
        passed = host.run(text).passed
        if not host.run(HONEST).passed:
            harness = "poisoned"
    except HostLost:
        harness = "hung" if timer.finished.is_set() else "dead"
    timer.cancel()
    effects = [each for each in canary.side_effects("") if "survives" not in each]
    left = [pid for pid in descendants.living() if pid != host.process.pid]
    kill_the_rest(host)
    return {
        "passed": passed,
        "harness": harness,
        "side_effects": effects,
        "processes_left": len(left),
    }


def kill_the_rest(host: Host) -> None:
    host.close()
    while descendants.living():
        for pid in descendants.living():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def confine() -> None:
    """Runs in the host's process: bounds, and no privileges at all."""
    for limit, bound in (
        (resource.RLIMIT_AS, 3 * GIB),
        (resource.RLIMIT_FSIZE, GIB // 16),
        (resource.RLIMIT_NPROC, 300),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (bound, bound))
    syscalls.drop_bounding_set()
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)


def bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))


def main() -> None:
    corpus, python = (Path(each).absolute() for each in sys.argv[1:])
    texts = {path.name: path.read_bytes() for path in corpus.glob("*.py")}
    namespaces.enter("/tmp")
    first = os.fork()
    if first:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
    descendants.signal_at_parents_death(signal.SIGKILL)
    namespaces.mount_processes()
    syscalls.mount("tmpfs", "/tmp", "tmpfs", 0, "size=256m,nr_inodes=400000")
    bring_loopback_up()
    inside = Path("/tmp/corpus")
    inside.mkdir()
    for name, data in texts.items():
        (inside / name).write_bytes(data)
    for row in rows(inside, python):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
