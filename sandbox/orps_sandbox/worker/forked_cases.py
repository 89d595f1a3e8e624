"""Runs collected cases in a fork of the session that has collected them; quickly.

A fork that hangs ends itself: by a timer of its own processor time, so that a busy
machine decides nothing, and by a patient one of the wall clock for what sleeps.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

_PASSED, _FAILED = b"P", b"F"
_exit = os._exit


def run_in_fork(
    items: Sequence[pytest.Item],
    *,
    prepare: Callable[[], None],
    cpu_seconds: float,
    wall_seconds: float,
    stops_at_failure: bool = False,
) -> str:
    """A letter for each case that ran, in their order: `P` passed, `F` did not.

    The seconds are those of one case; what is missing was not reached. `prepare` is
    called in the fork, before the first case.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            _be_quiet()
            prepare()
            for index, item in enumerate(items):
                following = items[index + 1] if index + 1 < len(items) else None
                signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
                signal.setitimer(signal.ITIMER_REAL, wall_seconds)
                reports = runtestprotocol(item, log=False, nextitem=following)
                passed = all(report.passed for report in reports)
                os.write(writing, _PASSED if passed else _FAILED)
                if not passed and stops_at_failure:
                    break
        finally:
            _exit(0)
    os.close(writing)
    word = bytearray()
    while data := os.read(reading, 4096):
        word += data
    os.close(reading)
    os.waitpid(pid, 0)
    return word.decode("ascii", "replace")


def _be_quiet() -> None:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
