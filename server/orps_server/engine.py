"""From a request to executed candidates; what the editor and the command line share.

A `Workbench` is a target with its collected tests and a sandbox that runs code
against them; a `Job` adds whoever proposes. Both live inside one `async with`:
leaving it, in whatever way, leaves nothing running.
"""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import anyio

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.flakiness import REPEATS, FlakyCase
from orps_sandbox.limits import MIB, Limits
from orps_sandbox.outcome import Tier
from orps_sandbox.program import Collection, Program, Project
from orps_search.candidate import Candidate, CandidateId
from orps_search.config import Budget
from orps_search.distinguish import Comparison, compare
from orps_search.events import SearchEvent, SearchResult
from orps_search.execution import execute_candidate, program_with
from orps_search.finalists import Costs, finalists, measured_costs
from orps_search.journal.codec import JournalFault
from orps_search.journal.past import served_codes
from orps_search.journal.seam import Journal
from orps_search.problem import Problem
from orps_search.proposer import Proposal
from orps_search.run import run_search
from orps_search.source.splice import Misplacement
from orps_search.strength import (
    DEFAULT_MUTANTS,
    DEFAULT_SECONDS,
    Strength,
    measure_strength,
)
from orps_search.verdicts import flaky_words
from orps_server.endpoint import configured_endpoint
from orps_server.errors import RequestFault
from orps_server.isolation import isolation_of
from orps_server.parsing_thread import in_parsing_thread
from orps_server.preparation import (
    GenerateRequest,
    Preparation,
    prepare,
    with_pieces,
)
from orps_server.proposers import (
    Proposers,
    open_proposers,
    redactor_of,
    require_policy,
)
from orps_server.resumption import Resumption, same_problem
from orps_server.settings import Settings
from orps_server.store.rows import Header

Publish = Callable[[SearchEvent], Awaitable[None]]

BASELINE_CASE_SECONDS = 1.0
BASELINE_SECONDS = 3.0
"""How long a look at the tests before a search may take, in all."""

__all__ = ["GenerateRequest", "Job", "Workbench", "open_job", "open_workbench"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """A problem whose tests were collected, and the sandbox that runs them."""

    preparation: Preparation
    problem: Problem
    collection: Collection
    executor: Executor

    @property
    def project(self) -> Project:
        return self.preparation.project

    @property
    def notes(self) -> tuple[str, ...]:
        """What people should know about the tests and the interpreter."""
        return (
            *self.preparation.notes,
            *_flaky_notes(self.problem.flaky),
            *_tier_notes(self.executor),
        )

    async def verify(self, code: str, *, name: str = "given") -> Candidate:
        """Execute a body, function, class or module that someone wrote."""
        candidate = await execute_candidate(
            self.problem,
            Proposal(reasoning="", code=code),
            self.executor,
            id=CandidateId(name),
        )
        if isinstance(candidate, Misplacement):
            raise RequestFault(
                f"The code does not fit {self.problem.target.qualname}: "
                f"{candidate.reason}.",
                kind="badRequest",
                hint="Give the whole function, or only its body.",
            )
        return candidate

    async def compare(
        self, ranking: Sequence[Candidate], *, seed: int = 0
    ) -> Comparison:
        """Tell those apart that pass every test; raises `SandboxError`."""
        return await compare(self.problem, ranking, self.executor, seed=seed)

    async def costs(self, ranking: Sequence[Candidate], *, seconds: float) -> Costs:
        """Measure the finalists, for so long at most; raises `SandboxError`."""
        chosen = finalists(ranking)
        return await measured_costs(
            self.problem, chosen, self.executor, seconds=seconds
        )

    async def strength(
        self,
        winner: Candidate,
        *,
        n_mutants: int = DEFAULT_MUTANTS,
        max_seconds: float = DEFAULT_SECONDS,
    ) -> Strength:
        """Change a candidate that passes every test; raises `SandboxError`."""
        return await measure_strength(
            self.problem,
            winner,
            program_with(self.problem, winner.code),
            self.executor,
            n_mutants=n_mutants,
            max_seconds=max_seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A workbench and whoever writes and judges candidates for it."""

    workbench: Workbench
    proposers: Proposers
    request: GenerateRequest
    clean: Callable[[str], str]
    """Takes secrets out of a text that is kept."""

    @property
    def problem(self) -> Problem:
        return self.workbench.problem

    @property
    def project(self) -> Project:
        return self.workbench.project

    @property
    def notes(self) -> tuple[str, ...]:
        return self.workbench.notes

    @property
    def flaky(self) -> tuple[FlakyCase, ...]:
        """Tests that decide nothing."""
        return self.problem.flaky

    @property
    def policy(self) -> str:
        """The name of the policy that decides."""
        return self.proposers.config.policy

    @property
    def budget(self) -> Budget:
        return self.proposers.budget

    @property
    def proposer(self) -> str:
        """The programmer's name: the model's, or `offline`."""
        return self.proposers.programmer.name

    def header(self, search_id: str) -> Header:
        """Where a search of this job belongs."""
        return Header(
            search_id=search_id,
            root=str(self.project.root),
            file=str(self.workbench.preparation.source.path),
            qualname=self.problem.target.qualname,
            tests=self.request.tests,
        )

    async def require_unsolved(self) -> None:
        """Raise `RequestFault` when every test passes with the stub as it is.

        Such tests would take any body, so nothing that passes them says anything. What
        does not end within a moment is not passed.
        """
        problem = self.problem
        if not problem.target.is_stub:
            return
        stub = Program(
            files={problem.module_path: self.project.overlay[problem.module_path]},
            selection=problem.selection,
            case_ids=problem.case_ids,
            case_seconds=BASELINE_CASE_SECONDS,
        )
        with anyio.move_on_after(BASELINE_SECONDS):
            outcome = await self.workbench.executor.run(stub)
            if outcome.all_passed:
                raise RequestFault(
                    f"Every test passes with `{problem.target.qualname}` as it is, so "
                    "none says what it should do.",
                    kind="alreadyPasses",
                    hint="Write a test that fails, then generate again.",
                )

    async def search(
        self,
        publish: Publish,
        *,
        journal: Journal | None = None,
        resumed: Resumption | None = None,
    ) -> SearchResult:
        """Search until a stop reason; raises `ModelError` and `SandboxError`.

        Of a search that goes on, `RequestFault` says that it does not fit any more.
        """
        proposers = self.proposers
        problem = self.problem
        if resumed is not None:
            problem = same_problem(problem, resumed.state)
            proposers.skip(served_codes(resumed.state))
        try:
            return await run_search(
                problem,
                programmer=proposers.programmer,
                critic=proposers.critic,
                tester=proposers.tester,
                judge=proposers.judge,
                executor=self.workbench.executor,
                config=resumed.config if resumed else proposers.config,
                budget=resumed.budget if resumed else proposers.budget,
                publish=publish,
                initial=present_body(problem),
                journal=journal,
                past=resumed.state if resumed else None,
                advice=resumed.advice if resumed else None,
            )
        except JournalFault as error:
            raise RequestFault(
                f"The search cannot go on: {error}.",
                kind="stale",
                hint="Generate again.",
            ) from error

    async def verify(self, code: str) -> Candidate:
        return await self.workbench.verify(code)


@asynccontextmanager
async def open_workbench(
    request: GenerateRequest, settings: Settings
) -> AsyncGenerator[Workbench]:
    """Find, heal and collect; raises `RequestFault` or `SandboxError`."""
    preparation = await in_parsing_thread(prepare, request, settings, dict(os.environ))
    isolation = isolation_of(settings, preparation.project.root)
    async with open_executor(
        preparation.project,
        limits=limits_of(settings),
        slots=settings.sandbox.workers,
        tier=isolation.tier,
        unconfined=isolation.unconfined,
    ) as executor:
        collection = await executor.collect(preparation.selection, repeats=REPEATS)
        require_cases(collection, preparation)
        yield Workbench(
            preparation=preparation,
            problem=preparation.problem(collection.steady_ids, collection.flaky),
            collection=collection,
            executor=executor,
        )


@asynccontextmanager
async def open_job(
    request: GenerateRequest,
    settings: Settings,
    environment: Mapping[str, str] = os.environ,
) -> AsyncGenerator[Job]:
    """Open a workbench with proposers; raises `ModelError` too."""
    require_policy(settings)
    async with open_workbench(request, settings) as opened:
        require_shown(opened.preparation, settings)
        workbench = await _with_pieces(opened, settings)
        async with open_proposers(
            workbench.problem,
            settings,
            environment,
            screener=workbench.executor,
        ) as proposers:
            yield Job(
                workbench=workbench,
                proposers=proposers,
                request=request,
                clean=redactor_of(workbench.problem, settings, environment),
            )


async def _with_pieces(workbench: Workbench, settings: Settings) -> Workbench:
    if configured_endpoint(settings.llm) is None:
        return workbench
    preparation = await with_pieces(workbench.preparation, settings)
    found = workbench.problem
    problem = preparation.problem(found.case_ids, found.flaky)
    return replace(workbench, preparation=preparation, problem=problem)


def limits_of(settings: Settings) -> Limits:
    return Limits(
        wall_seconds=settings.sandbox.wall_seconds,
        case_seconds=settings.tests.timeout_seconds,
        cpu_seconds=settings.sandbox.cpu_seconds,
        memory_bytes=settings.sandbox.memory_mb * MIB,
    )


def _flaky_notes(flaky: Sequence[FlakyCase]) -> tuple[str, ...]:
    return tuple(f"{flaky_words(case)}, so it decides nothing" for case in flaky)


def _tier_notes(executor: Executor) -> tuple[str, ...]:
    """Say it when nothing but limits holds although more was tried."""
    confinement = executor.confinement
    if confinement.tier is not Tier.C or not confinement.shortfalls:
        return ()
    reasons = "; ".join(confinement.shortfalls)
    note = f"Only limits hold here, so candidates can read your disk: {reasons}."
    return (note,)


def present_body(problem: Problem) -> Proposal | None:
    """The body that is there already, as the first candidate; stubs have none."""
    if problem.target.is_stub:
        return None
    return Proposal(reasoning="This is the present body.", code=problem.target.source)


def require_shown(preparation: Preparation, settings: Settings) -> None:
    """Without its target a prompt is nothing; the offline proposer sends none."""
    if preparation.may_be_shown or configured_endpoint(settings.llm) is None:
        return
    raise RequestFault(
        f"{preparation.source.path} is kept from models by orps.context.exclude.",
        kind="excluded",
        hint="Change the patterns, or search with the offline proposer.",
    )


def require_cases(collection: Collection, preparation: Preparation) -> None:
    """A test that does not collect is a fault: ranking without it would mislead."""
    if collection.problems:
        first = collection.problems[0]
        remedy = (
            "Raise orps.sandbox.wallSeconds, or name tests that import less with --tests."
            if first.is_timeout
            else f"Make `{preparation.project.interpreter} -m pytest --collect-only` "
            f"work in {preparation.project.root}, or name other tests with --tests."
        )
        more = len(collection.problems) - 1
        others = f" (and {more} more)" if more else ""
        raise RequestFault(
            f"pytest cannot collect {first.where or 'the tests'}{others}: "
            f"{essence(first.message)}",
            kind="sandboxTimeout" if first.is_timeout else "testsDoNotCollect",
            hint=remedy,
        )
    if collection.flaky and not collection.steady_ids:
        raise RequestFault(
            f"Every test is flaky: {flaky_words(collection.flaky[0])}.",
            kind="noTests",
            hint="Make a test repeatable, or name other tests with --tests.",
        )
    if not collection.case_ids:
        names = ", ".join(
            (*preparation.selection.node_ids, *preparation.selection.doctests)
        )
        raise RequestFault(
            f"pytest finds no tests in {names}.",
            kind="noTests",
            hint="Name the tests with --tests.",
        )


def essence(message: str) -> str:
    """The line of pytest's report that names the error; its whole report is long."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    errors = [line.removeprefix("E ").strip() for line in lines if line[:2] == "E "]
    return (errors or lines or ["it says nothing"])[-1]
