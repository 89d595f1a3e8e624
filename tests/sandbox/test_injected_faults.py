"""Faults of the host in the middle of work: nothing hangs, and the next run is fine."""

import os
import resource
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import anyio
import psutil
import pytest

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.outcome import ExecutionOutcome
from orps_sandbox.program import CaseSelection, Program
from support.sandbox_projects import HONEST, LIMITS, MODULE, TESTS, run, write_stub

SELECTION = CaseSelection(node_ids=(TESTS,))
CASES = tuple(f"{TESTS}::test_solve[{x}]" for x in ("3-6", "10-20", "0-0", "-7--14"))
SLEEPING = """
    import subprocess, time

    def solve(x):
        subprocess.Popen(["sleep", "1000"])
        time.sleep(1000)
"""


@contextmanager
def limited(which: int, soft: int) -> Generator[None]:
    before = resource.getrlimit(which)
    resource.setrlimit(which, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(which, before)


def sleepers() -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for each in psutil.Process().children(recursive=True):
        # What a run has left is still being taken down when its verdict is there.
        with suppress(psutil.NoSuchProcess):
            if each.name() == "sleep":
                found.append(each)
    return found


async def interrupted(
    executor: Executor, send: signal.Signals, *, whom: str = "worker"
) -> ExecutionOutcome:
    """Run what sleeps, and send one of its processes a signal once it does."""
    program = Program(
        files={MODULE: dedent(SLEEPING)}, selection=SELECTION, case_ids=CASES
    )
    outcomes: list[ExecutionOutcome] = []

    async def execute() -> None:
        outcomes.append(await executor.run(program))

    # So that all that runs the tests is born now, and can be told from what was there.
    await executor.rest()
    worker = psutil.Process().children()[0]
    before = {each.pid for each in worker.children(recursive=True)}
    async with anyio.create_task_group() as group:
        group.start_soon(execute)
        with anyio.fail_after(30):
            while not sleepers():  # noqa: ASYNC110 - other processes set no event
                await anyio.sleep(0.01)
        os.kill(chosen(whom, worker, before).pid, send)
    return outcomes[0]


def chosen(whom: str, worker: psutil.Process, before: set[int]) -> psutil.Process:
    """The process of a run that plays this part; `before` it began there were some."""
    if whom == "worker":
        return worker
    if whom == "candidate":
        # The one that the sleeping process has been started by.
        return sleepers()[0].parents()[0]
    candidate = chosen("candidate", worker, before)
    if whom == "nursery":
        above = {each.pid for each in candidate.parents()}
        return next(c for c in worker.children(recursive=True)[::-1] if c.pid in above)
    others = before | {candidate.pid, *(each.pid for each in sleepers())}
    new = [c for c in worker.children(recursive=True) if c.pid not in others]
    judge = next(each for each in new if each.parent() in new)
    if whom == "judge":
        return judge
    assert whom == "standby"
    return next(each for each in new if each == judge.parent())


@pytest.mark.parametrize("send", [signal.SIGKILL, signal.SIGSTOP])
async def test_worker_that_is_killed_or_stopped_in_the_middle(
    tmp_path: Path, send: signal.Signals
):
    limits = replace(LIMITS, wall_seconds=2.0, case_seconds=1.0)
    async with open_executor(write_stub(tmp_path), limits=limits, slots=1) as executor:
        assert (await run(executor, HONEST)).words == ["passed"] * 4
        outcome = await interrupted(executor, send)
        assert outcome.n_passed == 0
        assert {case.status.value for case in outcome.cases} <= {"crash", "timeout"}
        assert sleepers() == []
        assert (await run(executor, HONEST)).words == ["passed"] * 4


@pytest.mark.parametrize("whom", ["judge", "candidate", "nursery", "standby"])
@pytest.mark.parametrize("send", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_part_of_a_run_that_is_killed_or_stopped(
    tmp_path: Path, send: signal.Signals, whom: str
):
    limits = replace(LIMITS, wall_seconds=2.0, case_seconds=1.0)
    async with open_executor(write_stub(tmp_path), limits=limits, slots=1) as executor:
        assert (await run(executor, HONEST)).words == ["passed"] * 4
        outcome = await interrupted(executor, send, whom=whom)
        assert outcome.n_passed == 0
        assert sleepers() == []
        assert (await run(executor, HONEST)).words == ["passed"] * 4
    assert psutil.Process().children(recursive=True) == []


@pytest.mark.parametrize(
    ("which", "soft"), [(resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 3)]
)
async def test_no_room_and_no_descriptors(tmp_path: Path, which: int, soft: int):
    """One clear reason; once there is room again, runs go on."""
    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=1) as executor:
        assert (await run(executor, HONEST)).words == ["passed"] * 4
        program = Program(
            files={MODULE: dedent(HONEST)}, selection=SELECTION, case_ids=CASES
        )
        with limited(which, soft), pytest.raises(SandboxUnavailable, match="make room"):
            await executor.observe(program, ("solve(1)",), module_path=MODULE)
        assert (await run(executor, HONEST)).words == ["passed"] * 4


async def test_clock_that_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Deadlines are counted on a clock that nobody sets."""
    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=1) as executor:
        for jump in (-1e6, 1e6):
            monkeypatch.setattr(time, "time", lambda jump=jump: jump)
            assert (await run(executor, HONEST)).words == ["passed"] * 4


async def test_two_hundred_candidates_at_once(tmp_path: Path):
    seen: dict[int, str] = {}

    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=2) as executor:

        async def call(number: int) -> None:
            program = Program(
                files={MODULE: f"def solve(x): return x + {number}\n"},
                selection=CaseSelection(),
                case_ids=(),
            )
            (found,) = await executor.observe(
                program, ("solve(0)",), module_path=MODULE
            )
            seen[number] = found.text

        async with anyio.create_task_group() as group:
            for number in range(200):
                group.start_soon(call, number)
    assert seen == {number: str(number) for number in range(200)}
    assert psutil.Process().children(recursive=True) == []
