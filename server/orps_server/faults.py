"""One shape for what goes wrong around a search, whichever layer noticed it."""

from typing import cast, get_args

from orps_sandbox.errors import SandboxError
from orps_search.errors import ModelError
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
        fault_of(each) if isinstance(each, WORLD_FAULTS) else None
        for each in raised(error)
    ]
    return None if None in faults else faults[0]


def raised(error: BaseException) -> tuple[BaseException, ...]:
    """What was raised before task groups wrapped it."""
    if not isinstance(error, BaseExceptionGroup):
        return (error,)
    group = cast("BaseExceptionGroup[BaseException]", error)
    return tuple(leaf for inner in group.exceptions for leaf in raised(inner))


def _model_kind(kind: str) -> FaultKind:
    assert kind in get_args(FaultKind), f"unknown kind of model error: {kind}"
    return cast("FaultKind", kind)
