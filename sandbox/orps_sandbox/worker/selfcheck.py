"""Finds out whether a confinement holds, by trying what it has to prevent.

Versions and settings of a host say what should work.  A child that reads a forbidden
file says what does not.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from orps_sandbox.worker.syscalls import unshare

if TYPE_CHECKING:
    from collections.abc import Callable

    from orps_sandbox.worker.confinement import Confinement

_SCRATCH_BYTES = 1 << 20
_NEW_USER = 0x10000000
_MAX_MESSAGE_BYTES = 4096


def failure_of(confinement: Confinement, outside: str) -> str:
    """Run a child that tries everything; what went wrong, or nothing.

    `outside` is a folder that a run may neither read nor write.
    """
    with (
        confinement.scratch_of_one_run(max_bytes=_SCRATCH_BYTES),
        confinement.shared_memory(max_bytes=_SCRATCH_BYTES),
    ):
        return _answer_of_child(confinement, outside)


def _answer_of_child(confinement: Confinement, outside: str) -> str:
    canary = Path(outside, "canary")
    canary.write_text("secret", encoding="ascii")
    reader, writer = os.pipe()
    worker = os.getpid()
    pid = os.fork()
    if pid == 0:
        _answer(confinement, canary, worker, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as answers:
        answer = answers.read(_MAX_MESSAGE_BYTES).decode("utf-8", "replace")
    os.waitpid(pid, 0)
    return "" if answer == "holds" else answer or "a confined process dies at once"


def _answer(confinement: Confinement, canary: Path, worker: int, writer: int) -> None:
    try:
        confinement.apply()
        answer = _first_failure(confinement, canary, worker) or "holds"
    except BaseException:  # noqa: BLE001 - it is told, and the process ends here
        answer = traceback.format_exc(limit=-1).strip().splitlines()[-1]
    try:
        os.write(writer, answer.encode("utf-8", "replace"))
    finally:
        os._exit(0)


def _first_failure(confinement: Confinement, canary: Path, worker: int) -> str:
    forbidden: list[tuple[str, Callable[[], object]]] = [
        ("read a file outside", canary.read_bytes),
        ("write a file outside", lambda: canary.write_bytes(b"")),
        ("create a file outside", lambda: canary.with_name("new").touch()),
        ("signal the worker", lambda: os.kill(worker, signal.SIGCONT)),
        ("open a socket", socket.socket),
    ]
    if sys.platform == "linux":
        forbidden.append(("make a namespace", lambda: unshare(_NEW_USER)))
    for what, attempt in forbidden:
        if not _is_denied(attempt):
            return f"a confined process can still {what}"
    for folder in (confinement.copy_root, confinement.scratch):
        file = Path(folder, "orps-self-check")
        file.write_text("mine", encoding="ascii")
        file.unlink()
    socket.socketpair()[0].close()
    return ""


def _is_denied(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False
