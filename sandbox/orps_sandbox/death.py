"""Why a child died before its pytest session came to an end; pure."""

import signal
from typing import NamedTuple

from orps_sandbox.limits import Limits
from orps_sandbox.outcome import CaseStatus
from orps_sandbox.reports import Attempt, Stop


class Cause(NamedTuple):
    status: CaseStatus
    """The verdict on the case that was running."""
    reason: str
    """In words that follow "the case" or "importing the tests"."""


_DEADLY = (CaseStatus.TIMEOUT, CaseStatus.MEMORY, CaseStatus.CRASH)


def cause_of_death(attempt: Attempt, limits: Limits) -> Cause:
    return _cause_from_outside(attempt.stop, limits) or _own_cause(attempt, limits)


def _cause_from_outside(stop: Stop, limits: Limits) -> Cause | None:
    """Name the limit for which the worker killed it, if that is what happened."""
    timeout, crash = CaseStatus.TIMEOUT, CaseStatus.CRASH
    cause: Cause | None = None
    match stop:
        case Stop.WALL:
            cause = Cause(timeout, f"did not end within {limits.wall_seconds:g} s")
        case Stop.CASE:
            cause = Cause(timeout, f"took longer than {limits.case_seconds:g} s")
        case Stop.OUTPUT:
            cause = Cause(crash, f"wrote more than {limits.output_bytes} bytes")
        case Stop.PROCESSES:
            cause = Cause(crash, f"started more than {limits.processes} processes")
        case Stop.GARBLED:
            cause = Cause(crash, "wrote into the channel of the test reports")
        case Stop.WORKER_LOST:
            cause = Cause(crash, "broke the process that was watching it")
        case Stop.NONE | Stop.ABANDONED | Stop.UNFIT:
            pass
    return cause


def _own_cause(attempt: Attempt, limits: Limits) -> Cause:
    if attempt.running_status in _DEADLY:
        return Cause(attempt.running_status, attempt.running_message)
    if attempt.exit_status is not None:
        return Cause(CaseStatus.CRASH, "ended the test session")
    if attempt.lost and attempt.signal is None and attempt.status is None:
        reason = f"broke the protocol of the judge ({attempt.lost})"
        return Cause(CaseStatus.CRASH, reason)
    if attempt.signal is None:
        return Cause(CaseStatus.CRASH, "ended the interpreter")
    if attempt.signal == getattr(signal, "SIGXCPU", None):
        reason = f"used more than {limits.cpu_seconds:g} s of CPU time"
        return Cause(CaseStatus.TIMEOUT, reason)
    return Cause(CaseStatus.CRASH, f"was killed by {_name(attempt.signal)}")


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
