"""The warm fork server: imports pytest once, then forks one child for each request.

Protocol, as frames on stdin and stdout:

    executor                          worker
    open {real_root, copy_root, …} →
                                    ← ready {python_version, pytest_version}
                                    ← unusable {message} | no-pytest | no-fork; exits
    run {selection, limits, …}     →
                                    ← the child's own reports, as they come
                                    ← done {reason, status, signal, usage, output}

One run at a time.  When stdin ends, during a run or between two, the executor is
gone, and the worker kills its tree and exits.
"""

from __future__ import annotations

import importlib
import os
import platform
import signal
import sys
from typing import Any

from orps_sandbox.worker import descendants, relocate
from orps_sandbox.worker.channel import Channel

_OLDEST_PYTHON = (3, 9)


def main() -> int:
    channel = Channel()
    opening = channel.receive()
    if opening is None:
        return 0
    problem = _problem()
    if problem is not None:
        channel.send(problem)
        return 1
    descendants.become_subreaper()
    # A worker that a candidate has stopped must still notice that its server died.
    descendants.signal_at_parents_death(signal.SIGCONT)
    _serve(channel, opening)
    return 0


def _problem() -> dict[str, object] | None:
    """Say why nothing can be run in this interpreter; `None` if it can."""
    if not hasattr(os, "fork"):
        return {"kind": "no-fork"}
    version = platform.python_version()
    if sys.version_info < _OLDEST_PYTHON:
        return {"kind": "unusable", "message": f"it is Python {version}"}
    try:
        # Whether it imports, with all that it needs, is the question.
        importlib.import_module("pytest")
    except ImportError:
        return {"kind": "no-pytest"}
    return None


def _serve(channel: Channel, opening: dict[str, Any]) -> None:
    # Needs pytest, which has only now been found.
    from orps_sandbox.worker import serve  # noqa: PLC0415

    copy_root = opening["copy_root"]
    relocate.install(
        relocate.Relocation(real_root=opening["real_root"], copy_root=copy_root),
        copy_root=copy_root,
    )
    serve.warm_up(opening["scratch"])
    channel.send({"kind": "ready", **serve.versions()})
    serve.serve(channel, copy_root=copy_root)
