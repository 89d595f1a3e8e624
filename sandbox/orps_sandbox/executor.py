"""Runs candidates of one project: the sandbox's façade.

A run is one pytest session in a process of its own, forked from a warm worker in the
project's interpreter, on a private copy of the project's tree.  Whatever a candidate
does is an `ExecutionOutcome`; only a fault of the host raises.
"""

import os
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

import anyio
import anyio.to_thread

from orps_sandbox import profiling, request
from orps_sandbox.collecting import collection_of
from orps_sandbox.control import require_honest
from orps_sandbox.errors import WorkerLost
from orps_sandbox.ledger import MAX_TIMEOUTS, Ledger, merged
from orps_sandbox.limits import Limits
from orps_sandbox.metrics import Measurement
from orps_sandbox.observation import Observation
from orps_sandbox.observing import observed
from orps_sandbox.outcome import ExecutionOutcome, Judge, Tier
from orps_sandbox.pristine import PristineCopy
from orps_sandbox.program import CaseSelection, Collection, Program, Project
from orps_sandbox.repeating import flaky_apart
from orps_sandbox.reports import Attempt, Stop
from orps_sandbox.scratch import open_scratch
from orps_sandbox.screening import Screened, Variant, screened_of
from orps_sandbox.slot import Slot
from orps_sandbox.tiers import Confinement, start_confined
from orps_sandbox.tree import make_pristine

_MAX_LOSSES = 2
"""Workers that may break in a row before a child was even born."""


@asynccontextmanager
async def open_executor(
    project: Project,
    *,
    limits: Limits,
    slots: int,
    tier: Tier | None = None,
    unconfined: bool = False,
) -> AsyncGenerator["Executor"]:
    """Copy the project, start the first worker, and leave nothing at the end.

    Runs are confined as `tier` says; without it, as strongly as this host can, with
    nothing but limits only where `unconfined` allows it.

    Raises:
        InterpreterUnusable: the interpreter does not start or is too old.
        PytestMissing: it has no pytest.
        SandboxUnavailable: the copy cannot be made, or `tier` does not work here.
    """
    scratch = await anyio.to_thread.run_sync(open_scratch)
    places: list[Slot] = []
    try:
        pristine = scratch.folder / "pristine"
        await anyio.to_thread.run_sync(
            make_pristine, project.root, project.overlay, pristine
        )
        for number in range(slots):
            folder = scratch.folder / f"slot{number}"
            places.append(
                Slot(project, pristine=pristine, folder=folder, outer=os.environ)
            )
        confinement = await start_confined(
            places[0],
            interpreter=project.interpreter,
            wanted=tier,
            unconfined=unconfined,
        )
        for slot in places:
            slot.tier = confinement.tier
        yield Executor(
            project,
            pristine=pristine,
            limits=limits,
            slots=places,
            confinement=confinement,
        )
    finally:
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as group:
                for slot in places:
                    group.start_soon(slot.close)
            await anyio.to_thread.run_sync(scratch.remove)


class Executor:
    """Collects and runs; as many runs at a time as there are slots."""

    def __init__(
        self,
        project: Project,
        *,
        pristine: Path,
        limits: Limits,
        slots: Sequence[Slot],
        confinement: Confinement,
    ) -> None:
        self.confinement = confinement
        self._project = project
        self._copy = PristineCopy(pristine)
        self._limits = limits
        self._idle = deque(slots)
        # Whoever holds a token may take one slot out of `_idle`.
        self._tokens = anyio.CapacityLimiter(len(slots))
        self._docstrings: dict[str, str] = {}
        self._unsplittable: dict[CaseSelection, dict[str, str]] = {}
        """Cases that were seen to need the candidate in their own process, and why."""
        self._never_warm: set[CaseSelection] = set()
        """Cases of which each run has to collect by itself."""
        self._needed_bytes: dict[CaseSelection, int | None] = {}

    async def collect(
        self, selection: CaseSelection, *, repeats: int = 0
    ) -> Collection:
        """Have pytest collect; run the cases only to find those that are flaky.

        The address space is not limited: this is the user's own text, and what
        collecting it needs is what the limit of the runs is counted from.
        """
        async with self._slot() as slot:
            return await self._collect(slot, selection, repeats=repeats)

    async def run(self, program: Program) -> ExecutionOutcome:
        """Run every case of one candidate.

        Raises:
            WorkerLost: the worker broke twice in a row before the candidate ran.
        """
        async with self._slot(program) as slot:
            return await self._run(slot, program)

    async def judge(
        self, program: Program, calls: Mapping[str, str], *, module_path: str
    ) -> ExecutionOutcome:
        """Make calls of a module, and judge what they give, in place of the cases.

        Each call is an expression, and so is what it has to give; both are evaluated
        where no line of the candidate is. The results have the calls for ids.
        """
        async with self._slot(program) as slot:
            limits = self._limits.within_case(program.case_seconds)
            deadline = time.monotonic() + limits.wall_seconds
            ledger = self._ledger(calls, limits, Judge.SPLIT)
            return await self._judged(
                slot, program, limits, ledger, deadline, calls=(module_path, calls)
            )

    async def rest(self) -> None:
        """Give up the processes that wait for a next run, which is then slower."""
        async with self._slot() as slot:
            await slot.rest()

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]:
        """Make each call in the namespace of a module, the candidate in its place.

        One child makes all calls in their order; after one that ends it, another goes
        on.  No case is run.  `module_path` is relative; raises as `run` does.
        """
        async with self._slot(program) as slot:
            return await observed(
                partial(self._attempt, slot, program.selection),
                program,
                calls,
                module_path=module_path,
                limits=self._limits.within_case(program.case_seconds),
            )

    async def screen(
        self,
        program: Program,
        variants: Sequence[Variant],
        *,
        module_path: str,
        stops_at_failure: bool = True,
    ) -> tuple[Screened, ...]:
        """Try variants of a module on the program's cases, in the order of its cases.

        Quick, and no verdict: see `orps_sandbox.screening`. What the time of a whole
        run was too short for is told as not tried.

        Raises:
            WorkerLost: the worker broke twice in a row before the module was imported.
        """
        async with self._slot(program) as slot:
            limits = self._limits.within_case(program.case_seconds)
            attempt = await self._attempt(
                slot,
                program.selection,
                limits,
                case_ids=program.case_ids,
                files=program.files,
                wall_seconds=limits.wall_seconds,
                max_timeouts=MAX_TIMEOUTS,
                screen=request.screening_of(
                    module_path,
                    program.files[module_path],
                    variants,
                    order=program.case_ids,
                    stops_at_failure=stops_at_failure,
                ),
            )
            return screened_of(attempt.screened, len(variants))

    async def profile(
        self,
        programs: Sequence[Program],
        *,
        repeats: int = profiling.REPEATS,
        seconds: float = 20.0,
    ) -> tuple[Measurement, ...]:
        """Measure what each program costs, in turn and repeatedly, on one slot.

        `seconds` bounds it, but for the round that has begun; raises as `run` does.
        """
        async with self._slot(*programs) as slot:
            return await profiling.profiled(
                partial(self._attempt, slot),
                programs,
                splits=[await self._copy.split_of(program) for program in programs],
                limits=self._limits,
                repeats=repeats,
                seconds=seconds,
            )

    async def _collect(
        self, slot: Slot, selection: CaseSelection, *, repeats: int = 0
    ) -> Collection:
        run = partial(
            self._attempt,
            slot,
            selection,
            self._limits,
            files={},
            wall_seconds=self._limits.wall_seconds,
            max_timeouts=MAX_TIMEOUTS,
        )
        attempt = await run(case_ids=None, repeats=repeats)
        # Where nothing was collected, a fresh child tells at least the lower bound.
        measured = attempt.collected or attempt.born
        self._needed_bytes[selection] = measured and measured.address_space_bytes
        if attempt.collected is not None:
            self._docstrings.update(attempt.collected.docstrings)
        collection = collection_of(
            attempt,
            selection,
            self._limits,
            may_deselect=bool(self._project.pytest_args),
            python_version=slot.python_version,
            pytest_version=slot.pytest_version,
        )
        return replace(collection, flaky=await flaky_apart(run, collection.flaky))

    async def _run(self, slot: Slot, program: Program) -> ExecutionOutcome:
        limits = self._limits.within_case(program.case_seconds)
        deadline = time.monotonic() + limits.wall_seconds
        beside = self._unsplittable.setdefault(program.selection, {})
        if not await self._copy.can_split(program):
            ledger = self._ledger(program.case_ids, limits, Judge.IN_PROCESS)
            return await self._judged(slot, program, limits, ledger, deadline)
        split_ids = [case for case in program.case_ids if case not in beside]
        ledger = self._ledger(split_ids, limits, Judge.SPLIT)
        split = await self._judged(slot, program, limits, ledger, deadline)
        # What cannot be split is a fact of the tests, whatever the candidate.
        beside.update(ledger.unsplittable)
        rest = [case for case in program.case_ids if case in beside]
        if not rest:
            return split
        ledger = self._ledger(rest, limits, Judge.IN_PROCESS)
        outcome = await self._judged(slot, program, limits, ledger, deadline)
        return merged(split, outcome, program.case_ids)

    def _ledger(self, case_ids: Iterable[str], limits: Limits, judge: Judge) -> Ledger:
        return Ledger(case_ids, limits, tier=self.confinement.tier, judge=judge)

    async def _judged(
        self,
        slot: Slot,
        program: Program,
        limits: Limits,
        ledger: Ledger,
        deadline: float,
        *,
        calls: tuple[str, Mapping[str, str]] | None = None,
    ) -> ExecutionOutcome:
        is_split = ledger.judge is Judge.SPLIT
        hidden = await self._copy.hidden_of(program) if is_split else ()
        may_be_warm = program.selection not in self._never_warm
        attempt = partial(self._attempt, slot, program.selection, limits)
        if not is_split:
            await require_honest(slot, attempt, wall_seconds=limits.wall_seconds)
        while not ledger.finished:
            wall_seconds = deadline - time.monotonic()
            if wall_seconds <= 0:
                ledger.run_out_of_time()
                break
            split = None
            if is_split:
                split = request.split_of(program.files, hidden, may_be_warm=may_be_warm)
                if calls is not None:
                    split = request.calls_to_judge(split, *calls)
            found = await attempt(
                case_ids=ledger.remaining,
                files={} if is_split else program.files,
                wall_seconds=wall_seconds,
                max_timeouts=MAX_TIMEOUTS - ledger.n_timeouts,
                trace_lines=program.trace_lines,
                split=split,
                canaries=ledger.canaries,
            )
            if calls is not None:
                # There is no other way to judge them.
                found.unsplittable.clear()
            if found.stop is Stop.UNFIT and may_be_warm:
                may_be_warm = False
                if found.is_for_good:
                    self._never_warm.add(program.selection)
                continue
            ledger.note(found)
        return ledger.outcome(output_bytes=limits.kept_output_bytes)

    async def _attempt(
        self,
        slot: Slot,
        selection: CaseSelection,
        limits: Limits,
        *,
        case_ids: tuple[str, ...] | None,
        files: Mapping[str, str],
        wall_seconds: float,
        max_timeouts: int,
        **asked: Unpack[request.Asked],
    ) -> Attempt:
        """Run one child; try again when the worker, not the child, was at fault."""
        split = asked.get("split")
        frame = request.run_request(
            selection,
            limits,
            case_ids=case_ids,
            files=files,
            import_roots=await self._copy.import_roots(
                (*self._project.overlay, *files, *request.files_of(selection, split))
            ),
            docstrings=self._docstrings,
            max_timeouts=max_timeouts,
            pytest_args=self._project.pytest_args,
            wall_seconds=wall_seconds,
            address_space_bytes=self._address_space_bytes(selection, case_ids),
            **asked,
        )
        for _ in range(_MAX_LOSSES):
            attempt = await slot.attempt(
                frame,
                files,
                wall_seconds=wall_seconds,
                in_passing=asked.get("observe") is not None,
            )
            # A child's first words come once it is confined, and before the candidate.
            if attempt.born is not None or attempt.stop in {Stop.WALL, Stop.UNFIT}:
                return attempt
        raise WorkerLost(
            "the process that runs the tests broke twice before a test began; "
            "`orps-lsp doctor` shows whether the interpreter works"
        )

    def _address_space_bytes(
        self, selection: CaseSelection, case_ids: tuple[str, ...] | None
    ) -> int | None:
        needed = self._needed_bytes.get(selection)
        if case_ids is None or needed is None:
            return None
        return needed + self._limits.memory_bytes

    @asynccontextmanager
    async def _slot(self, *programs: Program) -> AsyncGenerator[Slot]:
        """One for nobody else, once it is known what the programs' cases need."""
        async with self._tokens:
            slot = self._idle.popleft()
            try:
                for program in programs:
                    if program.selection not in self._needed_bytes:
                        await self._collect(slot, program.selection)
                yield slot
            finally:
                # The warmest first: a slot that was never used costs a start.
                self._idle.appendleft(slot)
