"""The process that runs the candidate: one pytest session, then gone."""

from __future__ import annotations

import importlib
import math
import os
import signal
import sys
import time
import traceback
import types
from typing import TYPE_CHECKING, NoReturn

import pytest

from orps_sandbox.worker import docstrings, limits, observing, usage
from orps_sandbox.worker.excerpt import Tail, excerpt
from orps_sandbox.worker.neutral import NeutralOptions
from orps_sandbox.worker.plugin import CasePlugin, options
from orps_sandbox.worker.reporter import Reporter
from orps_sandbox.worker.split.direct import DirectCalls
from orps_sandbox.worker.split.judge import Judge
from orps_sandbox.worker.standby import Standby

if TYPE_CHECKING:
    import socket

    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.request import Observing, RunRequest

_PATIENCE_SECONDS = 1.0
# Bound now: a candidate that patches `os._exit` cannot keep its process alive.
_exit, _sleep = os._exit, time.sleep


def run(
    request: RunRequest,
    confinement: Confinement,
    *,
    result: int,
    link: int | None,
    nonce: str,
) -> NoReturn:
    """Run pytest; leave without exit hooks, which a candidate may have filled."""
    status = 1
    try:
        confinement.apply()
        limits.close_all_but(result, *(() if link is None else (link,)))
        # A child that says nothing was never confined, and has run nothing.
        reporter = Reporter(result, nonce)
        reporter.send(
            "born",
            address_space_bytes=usage.address_space_bytes(),
            **usage.own_usage(),
        )
        _session(request, reporter, link)
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it was, the process ends here
        traceback.print_exc(file=sys.__stderr__)
    finally:
        _exit(status)


def stand_by(
    request: RunRequest,
    confinement: Confinement,
    *,
    control: socket.socket,
    result: int,
    output: int,
    nonce: str,
) -> NoReturn:
    """Collect, then fork a run for each order; ends with the worker."""
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        confinement.apply_to_standby()
        limits.close_all_but(result, control.fileno(), *confinement.descriptors)
        reporter = Reporter(result, nonce)
        standby = Standby(control, confinement, reporter, request)
        _session(request, reporter, None, standby)
    except BaseException:  # noqa: BLE001 - whatever it was, the process ends here
        traceback.print_exc(file=sys.__stderr__)
    finally:
        _exit(1)


def _session(
    request: RunRequest,
    reporter: Reporter,
    link: int | None,
    standby: Standby | None = None,
) -> None:
    os.chdir(request.copy_root)
    files = [file for file in request.selection.files if _exists(file, reporter)]
    if not files:
        # Without a file pytest would collect all that it finds.
        reporter.send("end", exit_status=pytest.ExitCode.NO_TESTS_COLLECTED)
        return
    arguments = [*options(request), *files]
    _pose_as_pytest(arguments)
    _extend_path(request)
    docstrings.restore_before_finding(request.docstrings)
    terminal = Tail()
    # pytest keeps the stream that it finds here for its report; `CasePlugin` gives
    # the tests the real one.
    sys.stdout = sys.stderr = terminal
    if standby is None:
        # A session that stands by executes the person's text alone.
        limits.apply(request)
    judge = None
    if request.splitting is not None:
        judge = _judge(request, reporter, link)
    # From here on, the candidate's code runs, unless it has a process of its own.

    def leave(exit_status: int) -> NoReturn:
        _flush()
        text = excerpt(terminal.getvalue(), copy_root=request.copy_root)
        counting = request.counting
        _end(reporter, judge, counting=counting, exit_status=exit_status, terminal=text)

    if judge is not None and standby is None and request.calls_to_judge:
        limits.use_real_output()
        calls = DirectCalls(request, judge, reporter)
        reporter.send("begin", **usage.own_usage())
        calls.begin()
        calls.judge_all()
        leave(0)
    plugin = CasePlugin(request, reporter, leave=leave, judge=judge, standby=standby)
    leave(int(pytest.main(arguments, plugins=[NeutralOptions(), plugin])))


def _end(
    reporter: Reporter, judge: Judge | None, *, counting: bool, **told: object
) -> NoReturn:
    reporter.send("end", **told)
    if judge is not None and not counting:
        # Taking a process down costs milliseconds, and the worker knows when.
        _sleep(_PATIENCE_SECONDS)
    _exit(0)


def _judge(request: RunRequest, reporter: Reporter, link: int | None) -> Judge:
    assert request.splitting is not None

    def lost(reason: str) -> NoReturn:
        """End as the candidate's process has ended; how it did, the worker knows."""
        _flush()
        reporter.send("lost", reason=reason)
        _exit(1)

    def leave() -> NoReturn:
        _flush()
        reporter.flush()
        _exit(0)

    judge = Judge(
        link,
        root=request.copy_root,
        sources=request.splitting.sources,
        hidden=frozenset(request.hidden),
        # A time that is left reads differently each time, and counts should not differ.
        case_seconds=math.inf if request.counting else request.case_seconds,
        lost=lost,
        leave=leave,
        unsplittable=lambda why: reporter.send("unsplittable", message=why),
    )
    judge.install()
    return judge


def observe(request: RunRequest, calls: Observing, reporter: Reporter) -> None:
    """Make calls instead of running tests; the worker's traces are gone already."""
    os.chdir(request.copy_root)
    sys.argv = ["pytest"]
    _extend_path(request)
    limits.use_real_output()
    limits.apply(request)
    # From here on, the candidate's code runs.
    observing.session(request, calls, reporter)
    _flush()


def _exists(file: str, reporter: Reporter) -> bool:
    """Report what is not there; pytest would refuse everything else with it."""
    exists = os.path.lexists(file)
    if not exists:
        reporter.send("problem", where=file, message="no such file or folder")
    return exists


def _pose_as_pytest(arguments: list[str]) -> None:
    leave_no_trace_of_the_worker()
    sys.argv = ["pytest", *arguments]


def leave_no_trace_of_the_worker() -> None:
    """Leave nothing of it where the project's code might look or collide."""
    for name in [n for n in sys.modules if n.partition(".")[0] == "orps_sandbox"]:
        del sys.modules[name]
    sys.modules["__main__"] = types.ModuleType("__main__")
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _extend_path(request: RunRequest) -> None:
    """Append what the project's tests may rely on without any configuration."""
    for folder in request.import_roots:
        path = os.path.normpath(os.path.join(request.copy_root, folder))  # noqa: PTH118 - "." has to vanish
        if os.path.isdir(path) and path not in sys.path:  # noqa: PTH112
            sys.path.append(path)
    importlib.invalidate_caches()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            # A test may have closed or replaced it.
            continue
