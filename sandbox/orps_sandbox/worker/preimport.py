"""Imports once, in the warm worker, what every run would import again.

Only what is installed beside the interpreter: the project's own modules and its tests
belong to each run, where the candidate is in place.  A child tries each import first.
One that hangs, crashes or starts a thread is left to the runs; a process with threads
could not be forked safely.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS = 20
_IMPORTED = 77
"""Not 0, with which a module may end the interpreter."""
_INSTALLED = {"site-packages", "dist-packages"}


def preimport(names: Iterable[str]) -> tuple[str, ...]:
    """Import what can be; the names of what was."""
    done: list[str] = []
    for name in names:
        if _is_installed(name) and _imports_quietly(name):
            _import(name)
            done.append(name)
    return tuple(done)


def _is_installed(name: str) -> bool:
    top = name.partition(".")[0]
    try:
        # Of the outermost package alone: finding an inner one would import it.
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return False
    if spec is None or spec.origin is None:
        return False
    return not _INSTALLED.isdisjoint(Path(spec.origin).parts)


def _imports_quietly(name: str) -> bool:
    """Import it in a child, which must end well, in time, and with one thread."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_SECONDS)
            _import(name)
            status = _IMPORTED if _n_threads() == 1 else 1
        finally:
            os._exit(status)
    ended = os.waitpid(pid, 0)[1]
    return os.WIFEXITED(ended) and os.WEXITSTATUS(ended) == _IMPORTED


def _import(name: str) -> None:
    path = list(sys.path)
    importlib.import_module(name)
    sys.path[:] = path


def _n_threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only their number
    except OSError:
        return 1
