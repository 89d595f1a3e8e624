"""Nothing outlives its owner: cancelled runs, closed executors, killed servers."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import anyio
import anyio.to_thread
import psutil
import pytest

from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import Tier
from orps_sandbox.program import CaseSelection, Program
from orps_sandbox.scratch import open_scratch, sweep
from support.sandbox_projects import (
    HONEST,
    LIMITS,
    processes_mentioning,
    run,
    write_stub,
)

SELECTION = CaseSelection(node_ids=("test_m.py",))

# Tells that it runs by the environment of a process that has left its session: no
# file that it can write is seen from outside.
SLEEPER = """
    import subprocess, time

    def solve(x):
        mark = "-".join(["runs", {name!r}])
        subprocess.Popen(["sleep", "1000"], env={{"MARK": mark}}, start_new_session=True)
        time.sleep(1000)
"""


def runs_in(tmp_path: Path) -> bool:
    return processes_mentioning(f"runs-{tmp_path.name}") != []


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(30):
        while not condition():  # noqa: ASYNC110 - other processes set no event
            await anyio.sleep(0.01)


async def test_cancelled_run_leaves_nothing_and_the_executor_goes_on(tmp_path: Path):
    project = write_stub(tmp_path / "project")
    program = Program(
        files={"m.py": dedent(SLEEPER.format(name=tmp_path.name))},
        selection=SELECTION,
        case_ids=("test_m.py::test_solve[3-6]",),
    )
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        async with anyio.create_task_group() as group:
            group.start_soon(executor.run, program)
            await until(lambda: runs_in(tmp_path))
            group.cancel_scope.cancel()
        assert psutil.Process().children(recursive=True) == []
        assert processes_mentioning(tmp_path.name) == []
        verdict = await run(executor, HONEST)
        assert verdict.words == ["passed"] * 4


async def test_closing_leaves_neither_processes_nor_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    project = write_stub(tmp_path / "project")
    deep = """
        import os

        def solve(x):
            for _ in range(300):
                os.mkdir("d")
                os.chdir("d")
            return 2 * x
    """
    async with open_executor(project, limits=LIMITS, slots=2) as executor:
        verdict = await run(executor, deep)
        assert verdict.words == ["passed"] * 4
        assert list(scratch.iterdir()) != []
    assert list(scratch.iterdir()) == []
    assert psutil.Process().children(recursive=True) == []


async def test_two_slots_run_side_by_side(tmp_path: Path):
    """Each of two candidates waits for the other: one at a time would time out.

    In tier C, since stronger ones let no candidate see another.
    """
    project = write_stub(tmp_path / "project")
    meeting = """
        import time
        from pathlib import Path

        def solve(x):
            Path({mine!r}).touch()
            while not Path({other!r}).exists():
                time.sleep(0.01)
            return 2 * x
    """
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    outcomes: list[bool] = []
    async with open_executor(project, limits=LIMITS, slots=2, tier=Tier.C) as executor:
        collection = await executor.collect(SELECTION)

        async def meet(mine: str, other: str) -> None:
            code = dedent(meeting.format(mine=mine, other=other))
            program = Program(
                files={"m.py": code},
                selection=SELECTION,
                case_ids=collection.case_ids,
            )
            outcomes.append((await executor.run(program)).all_passed)

        async with anyio.create_task_group() as group:
            group.start_soon(meet, a, b)
            group.start_soon(meet, b, a)
    assert outcomes == [True, True]


SERVER = """
    import sys
    from pathlib import Path
    import anyio
    from orps_sandbox.executor import open_executor
    from orps_sandbox.limits import Limits
    from orps_sandbox.program import CaseSelection, Program, Project

    async def main(root, candidate):
        project = Project(root=Path(root), interpreter=Path(sys.executable))
        async with open_executor(project, limits=Limits(), slots=1) as executor:
            await executor.run(
                Program(
                    files={"m.py": candidate},
                    selection=CaseSelection(node_ids=("test_m.py",)),
                    case_ids=("test_m.py::test_solve[3-6]",),
                )
            )

    anyio.run(main, *sys.argv[1:])
"""


async def test_killed_server_leaves_no_process_and_its_files_are_swept(
    tmp_path: Path,
):
    root, scratch = tmp_path / "project", tmp_path / "tmp"
    scratch.mkdir()
    write_stub(root)
    candidate = dedent(SLEEPER.format(name=tmp_path.name))
    async with await anyio.open_process(
        [sys.executable, "-c", dedent(SERVER), str(root), candidate],
        env={"TMPDIR": str(scratch), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        await until(lambda: runs_in(tmp_path))
        await anyio.to_thread.run_sync(sweep, scratch)
        assert len(list(scratch.iterdir())) == 1, "a living server keeps its folder"
        server.send_signal(signal.SIGKILL)
        await server.wait()
    await until(lambda: processes_mentioning(tmp_path.name) == [])
    await anyio.to_thread.run_sync(sweep, scratch)
    assert list(scratch.iterdir()) == []


def test_sweep_knows_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine = open_scratch()
    pid, started = mine.folder.name.split("-")[1:3]
    reused = tmp_path / f"orps-{pid}-{int(started) - 100}-abc"
    other_container = tmp_path / f"orps-{pid}-{int(started) - 200}-abc"
    foreign = tmp_path / "orps-notes"
    for folder in (reused, other_container, foreign):
        folder.mkdir()
        (folder / "lock").touch()
    with (other_container / "lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sweep(tmp_path)
    assert set(tmp_path.iterdir()) == {mine.folder, other_container, foreign}
    sweep(tmp_path)
    assert set(tmp_path.iterdir()) == {mine.folder, foreign}
    (young := tmp_path / f"orps-{pid}-{int(started) - 300}-abc").mkdir()
    (old := tmp_path / f"orps-{pid}-{int(started) - 400}-abc").mkdir()
    os.utime(old, (0, 0))
    sweep(tmp_path)
    assert set(tmp_path.iterdir()) == {mine.folder, young, foreign}
    young.rmdir()
    mine.remove()
    assert set(tmp_path.iterdir()) == {foreign}
