"""What came of one target; plain values, so that it can be sent."""

from dataclasses import dataclass
from typing import Literal

from orps_sandbox.outcome import Judge
from orps_server.batch.pages import Pages
from orps_server.document import Result, document
from orps_server.errors import FaultKind, RequestFault

State = Literal["solved", "partial", "nothing", "fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a target was not searched, as it is told to people."""

    message: str
    kind: FaultKind
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    state: State
    code: str
    """The best candidate; empty if there is none."""
    passed: int
    total: int
    proposer: str
    seconds: float
    document: dict[str, object] | None
    """The result document of the search."""
    reason: Reason | None
    is_split: bool = False
    """Whether no test ran in one process with the best candidate."""
    pages: Pages | None = None
    """The journal, where it is not on this machine yet."""


def found_of(result: Result) -> Found:
    best = result.best
    return Found(
        state=_state(result),
        code=best.code if best else "",
        passed=best.outcome.n_passed if best else 0,
        total=best.outcome.n_total if best else len(result.problem.case_ids),
        proposer=result.proposer,
        seconds=result.usage.seconds,
        document=document(result),
        reason=None,
        is_split=best is not None and best.outcome.judge is Judge.SPLIT,
    )


def fault_found(fault: RequestFault) -> Found:
    return Found(
        state="fault",
        code="",
        passed=0,
        total=0,
        proposer="",
        seconds=0.0,
        document=None,
        reason=Reason(message=str(fault), kind=fault.kind, hint=fault.hint),
    )


def _state(result: Result) -> State:
    best = result.best
    if best is None or best.outcome.n_passed == 0:
        return "nothing"
    return "solved" if best.outcome.all_passed else "partial"
