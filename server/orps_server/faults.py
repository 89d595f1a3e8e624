"""One shape for what goes wrong around a search, whichever layer noticed it."""

import errno
from typing import cast, get_args

from orps_sandbox.errors import SandboxError, StartTimeout
from orps_search.errors import ModelError
from orps_search.events import SearchResult, StopReason
from orps_search.journal.codec import JournalFault
from orps_server.errors import FaultKind, RequestFault

WORLD_FAULTS = (RequestFault, SandboxError, ModelError, JournalFault)
"""What `fault_of` understands; anything else is our own bug."""


def fault_of(
    error: RequestFault | SandboxError | ModelError | JournalFault,
) -> RequestFault:
    """Turn a lower layer's error into what is told to people."""
    match error:
        case RequestFault():
            return error
        case ModelError():
            return RequestFault(str(error), kind=_model_kind(error.kind))
        case StartTimeout():
            return RequestFault(str(error), kind="sandboxTimeout")
        case SandboxError():
            return RequestFault(str(error), kind="sandboxUnavailable")
        case JournalFault():
            return RequestFault(
                f"The search cannot be read: {error}.", kind="badRequest"
            )


def fault_in(error: BaseException) -> RequestFault | None:
    """Find the fault that an error is, or that a group of errors consists of.

    A group with anything else in it is our own bug and yields `None`.
    """
    faults = [
        fault_of(each) if isinstance(each, WORLD_FAULTS) else exhaustion(each)
        for each in raised(error)
    ]
    return None if None in faults else faults[0]


def model_fault(result: SearchResult) -> RequestFault | None:
    """The model failed after some candidates had been executed."""
    if result.failure is None:
        return None
    kind = _model_kind(result.failure_kind or "badEndpoint")
    return RequestFault(result.failure, kind=kind)


def budget_fault(result: SearchResult) -> RequestFault | None:
    """A bound ended the search before anything passed every test."""
    spent = _SPENT.get(result.stop_reason)
    if spent is None or any(each.outcome.all_passed for each in result.ranking):
        return None
    return RequestFault(
        f"The search stopped before a candidate passed every test: {spent}.",
        kind="budget",
        hint="Resume it, which allows the same again, or raise the bound in orps.budget.",
    )


_SPENT = {
    StopReason.REQUESTS: "its budget of requests is spent",
    StopReason.TOKENS: "its budget of tokens bears no further reply",
    StopReason.COST: "its budget of money bears no further request",
    StopReason.SECONDS: "its time is over",
}


def exhaustion(error: BaseException) -> RequestFault | None:
    """The fault of a host that has no more threads, processes or descriptors to give."""
    is_thread = isinstance(error, RuntimeError) and "start new thread" in str(error)
    number = error.errno if isinstance(error, OSError) else None
    if not is_thread and number not in (errno.EAGAIN, errno.EMFILE, errno.ENFILE):
        return None
    return RequestFault(
        f"This machine gives orps-lsp no more of what it needs: {error}.",
        kind="sandboxUnavailable",
        hint="Close other programs, or raise the limits on processes and open files "
        "(ulimit -u, ulimit -n, a container's pids limit).",
    )


def raised(error: BaseException) -> tuple[BaseException, ...]:
    """What was raised before task groups wrapped it."""
    if not isinstance(error, BaseExceptionGroup):
        return (error,)
    group = cast("BaseExceptionGroup[BaseException]", error)
    return tuple(leaf for inner in group.exceptions for leaf in raised(inner))


def _model_kind(kind: str) -> FaultKind:
    assert kind in get_args(FaultKind), f"unknown kind of model error: {kind}"
    return cast("FaultKind", kind)
