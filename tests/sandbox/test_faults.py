"""Faults of the host raise one error that names the remedy."""

import stat
import sys
from pathlib import Path

import psutil
import pytest

from orps_sandbox.errors import (
    InterpreterUnusable,
    PytestMissing,
    SandboxUnavailable,
    WorkerLost,
)
from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import Tier
from orps_sandbox.program import CaseSelection
from support.sandbox_projects import (
    HONEST,
    LIMITS,
    run,
    write_project,
    write_stub,
)


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


async def start(root: Path, interpreter: Path) -> None:
    project = write_project(root, {}, interpreter=interpreter)
    async with open_executor(project, limits=LIMITS, slots=1):
        pass


async def test_interpreter_that_is_not_there(tmp_path: Path):
    with pytest.raises(InterpreterUnusable, match=r"nowhere.*--python"):
        await start(tmp_path, tmp_path / "nowhere")


async def test_interpreter_that_is_something_else(tmp_path: Path):
    false = script(tmp_path / "python", "#!/bin/sh\necho no such thing >&2; exit 1\n")
    with pytest.raises(InterpreterUnusable, match=r"no such thing.*--python"):
        await start(tmp_path, false)


async def test_interpreter_that_is_too_old(tmp_path: Path):
    """The running interpreter plays an old one, so that the check itself runs."""
    write_project(
        tmp_path / "site",
        {"sitecustomize.py": "import sys\nsys.version_info = (3, 8, 1)\n"},
    )
    old = script(
        tmp_path / "python",
        f'#!/bin/sh\nPYTHONPATH={tmp_path / "site"} exec {sys.executable} "$@"\n',
    )
    with pytest.raises(InterpreterUnusable, match=r"3\.9 or newer"):
        await start(tmp_path, old)


async def test_interpreter_without_pytest(tmp_path: Path):
    bare = script(tmp_path / "python", f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    with pytest.raises(PytestMissing) as caught:
        await start(tmp_path, bare)
    assert f"`{bare} -m pip install pytest`" in str(caught.value)


async def test_no_room_for_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(SandboxUnavailable, match="TMPDIR"):
        await start(tmp_path, Path(sys.executable))


async def test_worker_that_was_killed_while_idle_is_replaced(tmp_path: Path):
    project = write_stub(tmp_path)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for child in psutil.Process().children():
            child.kill()
        verdict = await run(executor, HONEST)
    assert verdict.words == ["passed"] * 4


async def test_worker_that_cannot_live_is_reported(tmp_path: Path):
    """A host on which every fork fails: the worker breaks, and not the candidate."""
    write_project(
        tmp_path / "site",
        {
            "sitecustomize.py": """
                import os

                def fork():
                    raise BlockingIOError(11, "Resource temporarily unavailable")

                os.fork = fork
            """
        },
    )
    broken = script(
        tmp_path / "python",
        f'#!/bin/sh\nPYTHONPATH={tmp_path / "site"} exec {sys.executable} "$@"\n',
    )
    project = write_project(
        tmp_path, {"test_m.py": "def test_it(): pass\n"}, interpreter=broken
    )
    # A stronger tier's self-check would already have failed.
    async with open_executor(project, limits=LIMITS, slots=1, tier=Tier.C) as executor:
        with pytest.raises(WorkerLost, match="orps-lsp doctor"):
            await executor.collect(CaseSelection(node_ids=("test_m.py",)))
