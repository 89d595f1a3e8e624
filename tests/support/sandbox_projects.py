"""Real projects on disk, and one call that runs a candidate of one in a real process."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import psutil

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.limits import MIB, Limits
from orps_sandbox.outcome import ExecutionOutcome, Tier
from orps_sandbox.program import CaseSelection, Collection, Program, Project

MODULE = "m.py"
TESTS = "test_m.py"

# Small where that makes a test of a limit quick, roomy for a slow machine elsewhere.
LIMITS = Limits(
    wall_seconds=30.0,
    case_seconds=10.0,
    cpu_seconds=30.0,
    memory_bytes=256 * MIB,
    output_bytes=MIB,
    kept_output_bytes=2048,
    file_bytes=8 * MIB,
    processes=16,
)

STUB = """
    def solve(x):
        raise NotImplementedError
"""

CASES = """
    import pytest

    from m import solve

    @pytest.mark.parametrize(("x", "doubled"), [(3, 6), (10, 20), (0, 0), (-7, -14)])
    def test_solve(x, doubled):
        assert solve(x) == doubled
"""

HONEST = """
    def solve(x):
        return 2 * x
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test asserts on: the statuses by case, and all the rest."""

    collection: Collection
    outcome: ExecutionOutcome

    @property
    def statuses(self) -> dict[str, str]:
        return {case.id: case.status.value for case in self.outcome.cases}

    @property
    def words(self) -> list[str]:
        """The statuses in the order of the cases."""
        return [case.status.value for case in self.outcome.cases]

    def message(self, case_id: str) -> str:
        return next(c.message for c in self.outcome.cases if c.id == case_id)


def write_project(
    root: Path,
    files: Mapping[str, str],
    *,
    interpreter: Path | None = None,
    overlay: Mapping[str, str] | None = None,
) -> Project:
    """Write dedented texts below `root`; the running interpreter is the default."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dedent(text).lstrip("\n").encode())
    return Project(
        root=root,
        interpreter=interpreter or Path(sys.executable),
        overlay=overlay or {},
    )


def write_stub(root: Path, *, cases: str = CASES) -> Project:
    return write_project(root, {MODULE: STUB, TESTS: cases})


async def run_once(
    project: Project,
    candidate: str,
    *,
    limits: Limits = LIMITS,
    module: str = MODULE,
    selection: CaseSelection | None = None,
    tier: Tier | None = None,
) -> Verdict:
    """Open an executor, collect, run one candidate of `module`, close."""
    async with open_executor(project, limits=limits, slots=1, tier=tier) as executor:
        return await run(executor, candidate, module=module, selection=selection)


async def run(
    executor: Executor,
    candidate: str,
    *,
    module: str = MODULE,
    selection: CaseSelection | None = None,
    case_seconds: float | None = None,
    trace_lines: bool = False,
) -> Verdict:
    selection = selection or CaseSelection(node_ids=(TESTS,))
    collection = await executor.collect(selection)
    program = Program(
        files={module: dedent(candidate)},
        selection=selection,
        case_ids=collection.case_ids,
        case_seconds=case_seconds,
        trace_lines=trace_lines,
    )
    return Verdict(collection, await executor.run(program))


def processes_mentioning(word: str) -> list[psutil.Process]:
    """Living processes with `word` in their command line or environment."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            texts = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        if any(word in text for text in texts):
            found.append(process)
    return found
