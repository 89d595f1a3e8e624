"""Jobs that find what a test tells them to, when it tells them to."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    ExecutionProfile,
    Judge,
    Termination,
    Tier,
)
from orps_search.candidate import Candidate, CandidateId, Critique, StaticMetrics
from orps_search.config import Budget
from orps_search.events import (
    CandidateExecuted,
    Finished,
    Progressed,
    SearchEvent,
    SearchResult,
    SearchUsage,
    StopReason,
)
from orps_search.journal.seam import Journal
from orps_search.proposer import Usage
from orps_search.reward import answer_key
from orps_server.engine import GenerateRequest
from orps_server.resumption import Resumption
from orps_server.settings import Settings
from orps_server.store.rows import Header

USAGE = SearchUsage(
    calls=Usage(requests=2, input_tokens=100, output_tokens=50),
    executions=2,
    seconds=0.5,
)


def candidate(
    name: str,
    code: str,
    *,
    verdicts: str = "...",
    critique: str = "",
    seconds: float = 0.012,
    judge: Judge = Judge.SPLIT,
) -> Candidate:
    """`verdicts` has one letter per case: a dot passes, `F` fails, `T` times out."""
    statuses = {
        ".": CaseStatus.PASSED,
        "F": CaseStatus.FAILED,
        "T": CaseStatus.TIMEOUT,
    }
    cases = tuple(
        CaseResult(
            id=f"tests/test_it.py::test_{idx}",
            status=statuses[verdict],
            message="" if verdict == "." else "assert 1 == 2",
        )
        for idx, verdict in enumerate(verdicts)
    )
    return Candidate(
        id=CandidateId(name),
        parent=None,
        round=0,
        reasoning=f"the reasoning of {name}",
        code=code,
        outcome=ExecutionOutcome(
            cases=cases,
            termination=Termination.COMPLETED,
            profile=ExecutionProfile(cpu_seconds=seconds, peak_memory_bytes=1 << 20),
            tier=Tier.C,
            judge=judge,
        ),
        static_metrics=StaticMetrics(),
        outcome_reward=1.0,
        critique=Critique(text=critique, process_reward=4) if critique else None,
    )


@dataclass
class FakeJob:
    """Executes nothing; says of its candidates what they say of themselves."""

    candidates: Sequence[Candidate] = ()
    """Found one after the other."""
    error: BaseException | None = None
    """Raised after the last candidate."""
    hold: bool = False
    """Do not end before `released` is set."""
    n_max: int = 8
    failure: str | None = None
    notes: tuple[str, ...] = ()
    flaky: tuple[FlakyCase, ...] = ()
    proposer: str = "fake"
    clean: Callable[[str], str] = str
    released: anyio.Event = field(default_factory=anyio.Event)
    requests: list[GenerateRequest] = field(default_factory=list[GenerateRequest])
    settings: list[Settings] = field(default_factory=list[Settings])
    n_open: int = 0
    verdicts: dict[str, str] = field(default_factory=dict[str, str])
    """What a second execution of a candidate's code shows, if not the same again."""
    executed_again: list[str] = field(default_factory=list[str])

    @asynccontextmanager
    async def open(
        self, request: GenerateRequest, settings: Settings
    ) -> AsyncGenerator["FakeJob"]:
        self.requests.append(request)
        self.settings.append(settings)
        self.n_open += 1
        try:
            yield self
        finally:
            self.n_open -= 1

    @asynccontextmanager
    async def bench(
        self, request: GenerateRequest, settings: Settings
    ) -> AsyncGenerator["FakeJob"]:
        self.requests.append(request)
        self.n_open += 1
        try:
            yield self
        finally:
            self.n_open -= 1

    async def verify(self, code: str) -> Candidate:
        self.executed_again.append(code)
        (known,) = (each for each in self.candidates if each.code == code)
        verdicts = self.verdicts.get(code)
        if verdicts is None:
            return known
        return candidate("given", code, verdicts=verdicts)

    @property
    def budget(self) -> Budget:
        return Budget(max_requests=self.n_max)

    def header(self, search_id: str) -> Header:
        request = self.requests[-1]
        return Header(
            search_id=search_id,
            root=str(request.file.parent),
            file=str(request.file),
            qualname=request.qualname,
        )

    async def require_unsolved(self) -> None:
        pass

    async def search(
        self,
        publish: Callable[[SearchEvent], Awaitable[None]],
        *,
        journal: Journal | None = None,
        resumed: Resumption | None = None,
    ) -> SearchResult:
        ranking: tuple[Candidate, ...] = ()
        for idx, found in enumerate(self.candidates):
            ranking = tuple(sorted((*ranking, found), key=answer_key))
            await publish(CandidateExecuted(candidate=found))
            await publish(
                Progressed(
                    n_done=idx + 1, n_max=self.n_max, ranking=ranking, usage=USAGE
                )
            )
        if self.hold:
            await self.released.wait()
        if self.error:
            raise self.error
        result = SearchResult(
            ranking=ranking,
            stop_reason=StopReason.MODEL if self.failure else StopReason.ACCEPTED,
            usage=USAGE,
            failure=self.failure,
        )
        await publish(Finished(result=result))
        return result
