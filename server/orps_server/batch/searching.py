"""One target's search as work that can be done anywhere."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from orps_sandbox.outcome import Judge
from orps_search.candidate import INITIAL_ID
from orps_search.events import SearchEvent
from orps_server.batch.parcel import Parcel
from orps_server.document import Result, document
from orps_server.engine import open_job
from orps_server.errors import FaultKind, RequestFault
from orps_server.faults import WORLD_FAULTS, fault_of, model_fault
from orps_server.preparation import GenerateRequest
from orps_server.settings import Settings
from orps_server.workspace import relative_posix

State = Literal["solved", "partial", "nothing", "fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a target was not searched, as it is told to people."""

    message: str
    kind: FaultKind
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of one target; plain values, so that it can be sent."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """Finds the target, searches, and tells what was found."""

    request: GenerateRequest
    root: Path
    """The project's, on the machine that asks."""
    shown: str
    """The file as the person named it."""
    settings: Settings
    parcel: Parcel | None
    """The project, where it has to be brought along."""

    async def perform(self) -> Found:
        try:
            if self.parcel is None:
                return await self._search(self.request)
            inside = relative_posix(self.request.file, self.root)
            with self.parcel.unpacked() as root:
                return await self._search(replace(self.request, file=root / inside))
        except WORLD_FAULTS as error:
            return _fault(fault_of(error))

    async def _search(self, request: GenerateRequest) -> Found:
        async with open_job(request, self.settings) as job:
            found = await job.search(_unheard)
            failed = model_fault(found)
            if failed and all(each.id == INITIAL_ID for each in found.ranking):
                return _fault(failed)
            result = Result(
                problem=job.problem,
                file=self.shown,
                encoding=job.workbench.preparation.source.encoding,
                policy=job.policy,
                proposer=job.proposer,
                stop_reason=found.stop_reason.value,
                usage=found.usage,
                ranking=found.ranking,
            )
        best = result.best
        return Found(
            state=_state(result),
            code=best.code if best else "",
            passed=best.outcome.n_passed if best else 0,
            total=best.outcome.n_total if best else len(result.problem.case_ids),
            proposer=result.proposer,
            seconds=found.usage.seconds,
            document=document(result),
            reason=None,
            is_split=best is not None and best.outcome.judge is Judge.SPLIT,
        )


async def _unheard(event: SearchEvent) -> None:
    """Of a hundred searches, only what they found is told."""


def _state(result: Result) -> State:
    best = result.best
    if best is None or best.outcome.n_passed == 0:
        return "nothing"
    return "solved" if best.outcome.all_passed else "partial"


def _fault(fault: RequestFault) -> Found:
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
