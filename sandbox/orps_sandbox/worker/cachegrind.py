"""Counts a candidate's instructions with valgrind's cachegrind, where that is installed.

The candidate's process is then not a fork but an interpreter of its own inside of
valgrind: a hundred times slower, and the same count on every run.  What valgrind says at
the end goes to a descriptor that the program inside cannot reach.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, NoReturn

from orps_sandbox.worker import relocate

if TYPE_CHECKING:
    from collections.abc import Iterable

_PATH = "/usr/local/bin:/usr/bin:/bin"
"""Where a confined run may execute; not the user's own PATH."""
_TOTAL = re.compile(r"I +refs: +([\d,]+)")
_MISPREDICTED = re.compile(r"Mispredicts: +([\d,]+)")
ADDRESS_SPACE_BYTES = 4 << 30
"""What valgrind maps beside the program."""
VALGRIND = shutil.which("valgrind", path=_PATH) or ""
"""Its path; empty where it is not installed."""


def execute(
    valgrind: str,
    *,
    link: int,
    log: int,
    root: str,
    real_root: str,
    hidden: Iterable[str],
) -> NoReturn:
    """Become an interpreter inside of valgrind that serves as the candidate's process."""
    for descriptor in (link, log):
        os.set_inheritable(descriptor, True)
    given = {
        "link": link,
        "log": log,
        "root": root,
        "real_root": real_root,
        "hidden": list(hidden),
    }
    os.execv(  # noqa: S606 - no shell is what is wanted
        valgrind,
        [
            valgrind,
            # No options from files: one of them could lie in the project.
            "--command-line-only=yes",
            "--tool=cachegrind",
            "--cache-sim=no",
            "--branch-sim=yes",
            "--cachegrind-out-file=/dev/null",
            f"--log-fd={log}",
            "--vgdb=no",
            sys.executable,
            "-B",
            os.path.join(os.path.dirname(__file__), "__main__.py"),  # noqa: PTH118, PTH120 - a string
            json.dumps(given),
        ],
    )


def serve(text: str) -> NoReturn:
    """The same process, now inside."""
    from orps_sandbox.worker.split import candidate  # noqa: PLC0415 - only needed here

    given = json.loads(text)
    # Valgrind has a descriptor of its own for the same pipe, out of reach.
    os.close(given["log"])
    root = given["root"]
    relocate.install(
        relocate.Relocation(real_root=given["real_root"], copy_root=root),
        copy_root=root,
    )
    sys.argv = ["pytest"]
    candidate.serve(given["link"], root=root, hidden=frozenset(given["hidden"]))


def counts(said: str) -> tuple[int, int] | None:
    """Instructions and mispredicted branches, of valgrind's last words."""
    total, missed = _TOTAL.search(said), _MISPREDICTED.search(said)
    if total is None or missed is None:
        return None
    return _number(total[1]), _number(missed[1])


def _number(text: str) -> int:
    return int(text.replace(",", ""))
