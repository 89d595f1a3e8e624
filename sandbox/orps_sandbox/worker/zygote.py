"""The warm fork server: imports pytest once, then forks one child for each request.

Protocol, as frames on stdin and stdout:

    executor                          worker
    open {tier, copy_root, …}      →
                                    ← ready {python_version, pytest_version}
                                    ← unusable {message} | no-pytest | no-fork; exits
                                    ← unconfined {message}: not in this tier; exits
    run {selection, limits, …}     →
                                    ← the child's own reports, as they come
                                    ← done {reason, status, signal, usage, output}
    prepare                        →  the copy is as it was; a run like the last may come
    rest                           →  give up what waits for a run
                                    ← resting

One run at a time.  When stdin ends, during a run or between two, the executor is
gone, and the worker kills its tree and exits.
"""

from __future__ import annotations

import importlib
import os
import platform
import signal
import sys

from orps_sandbox.worker import descendants, namespaces, relocate, selfcheck
from orps_sandbox.worker.cgroup import RunGroup
from orps_sandbox.worker.channel import Channel
from orps_sandbox.worker.confinement import Confinement, obstacle, prepare
from orps_sandbox.worker.counters import Counters
from orps_sandbox.worker.opening import Opening
from orps_sandbox.worker.preimport import preimport

_OLDEST_PYTHON = (3, 9)


def main() -> int:
    channel = Channel()
    frame = channel.receive()
    if frame is None:
        return 0
    opening = Opening.from_frame(frame)
    problem = _problem() or _unconfined(obstacle(opening.tier))
    if problem is not None:
        channel.send(problem)
        return 1
    if opening.tier == "A":
        return _serve_in_namespaces(channel, opening)
    descendants.become_subreaper()
    # A worker that a candidate has stopped must still notice that its server died.
    descendants.signal_at_parents_death(signal.SIGCONT)
    return _serve(channel, opening)


def _unconfined(message: str) -> dict[str, object] | None:
    return {"kind": "unconfined", "message": message} if message else None


def _serve_in_namespaces(channel: Channel, opening: Opening) -> int:
    """Serve from a child, the first process of the namespace, and outlive it.

    When this process is killed, so is that one, and with it all that it started.
    """
    # Inside of the namespaces, its files can no longer be opened.
    group = RunGroup.enter(opening.group)
    try:
        namespaces.enter(opening.folder)
    except OSError as error:
        channel.send(_refused(error))
        return 1
    descendants.signal_at_parents_death(signal.SIGKILL)
    first = os.fork()
    if first:
        channel.release()
        return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
    descendants.signal_at_parents_death(signal.SIGKILL)
    try:
        namespaces.mount_processes()
    except OSError as error:
        channel.send(_refused(error))
        return 1
    return _serve(channel, opening, group)


def _refused(error: OSError) -> dict[str, object]:
    message = f"namespaces cannot be made here ({error}); {namespaces.remedy()}"
    return {"kind": "unconfined", "message": message}


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


def _serve(channel: Channel, opening: Opening, group: RunGroup | None = None) -> int:
    # Needs pytest, which has only now been found.
    from orps_sandbox.worker import serve  # noqa: PLC0415

    copy_root = opening.copy_root
    os.chdir(copy_root)
    relocate.install(
        relocate.Relocation(real_root=opening.real_root, copy_root=copy_root),
        copy_root=copy_root,
    )
    serve.warm_up(opening.folder)
    # Nobody can open them later, this process included.
    counters = Counters()
    # Only now is all imported that a run has to be able to read.
    try:
        confinement = prepare(opening, group)
    except OSError as error:
        channel.send({"kind": "unconfined", "message": f"{error}"})
        return 1
    preimport(opening.preimports)
    problem = _unconfined(_leak(confinement, opening))
    if problem is not None:
        channel.send(problem)
        return 1
    channel.send({"kind": "ready", "has_group": group is not None, **serve.versions()})
    serve.serve(channel, confinement, counters)
    return 0


def _leak(confinement: Confinement, opening: Opening) -> str:
    if confinement.tier == "C":
        return ""
    return selfcheck.failure_of(confinement, opening.folder)
