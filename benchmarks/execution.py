"""How fast one candidate is judged: our warm executor beside a cold pytest.

All run the same four tests of the same module, in turn and in one process, so that a
noisy machine disturbs all alike: ours in each tier that works here, so that the price
of isolation shows. Prints medians, tenth percentiles and the ratio to the strongest.

    python benchmarks/execution.py [--runs 40] [--json]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import anyio

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import Tier
from orps_sandbox.program import CaseSelection, Program, Project

MODULE = "def double(x):\n    return x * 2\n"
TESTS = """\
import pytest

from doubling import double


@pytest.mark.parametrize(("x", "expected"), [(3, 6), (10, 20), (0, 0), (-7, -14)])
def test_double(x, expected):
    assert double(x) == expected
"""
COLD = "python -m pytest"
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
SELECTION = CaseSelection(node_ids=("test_doubling.py",))


async def warm_seconds(executor: Executor, program: Program) -> float:
    start = time.perf_counter()
    outcome = await executor.run(program)
    assert outcome.all_passed, outcome
    return time.perf_counter() - start


def cold_seconds(root: Path) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    # A cold start deserves the compiled modules that everybody's has.
    environment = {k: v for k, v in os.environ.items() if k != NO_BYTECODE}
    start = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


async def measure(root: Path, n_runs: int) -> dict[str, list[float]]:
    (root / "doubling.py").write_text(MODULE)
    (root / "test_doubling.py").write_text(TESTS)
    project = Project(root=root, interpreter=Path(sys.executable))
    async with AsyncExitStack() as stack:
        ours = {
            f"orps-lsp, tier {executor.confinement.tier.value}": executor
            for executor in [executor async for executor in executors(project, stack)]
        }
        seconds = {name: [] for name in (*ours, COLD)}
        collection = await next(iter(ours.values())).collect(SELECTION)
        program = Program(
            files={"doubling.py": MODULE},
            selection=SELECTION,
            case_ids=collection.case_ids,
        )
        for executor in ours.values():
            await warm_seconds(executor, program)
        await anyio.to_thread.run_sync(cold_seconds, root)  # compiles
        for _ in range(n_runs):
            for name, executor in ours.items():
                seconds[name].append(await warm_seconds(executor, program))
            seconds[COLD].append(await anyio.to_thread.run_sync(cold_seconds, root))
    return seconds


async def executors(
    project: Project, stack: AsyncExitStack
) -> AsyncGenerator[Executor]:
    """One for each tier that works here, strongest first."""
    for tier in Tier:
        opening = open_executor(project, limits=Limits(), slots=1, tier=tier)
        with suppress(SandboxUnavailable):
            yield await stack.enter_async_context(opening)


def report(seconds: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    ours = statistics.median(next(iter(seconds.values())))
    return {
        name: {
            "median_ms": 1000 * statistics.median(each),
            "p10_ms": 1000 * statistics.quantiles(each, n=10)[0],
            "ratio_to_ours": statistics.median(each) / ours,
        }
        for name, each in seconds.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        rows = report(anyio.run(measure, Path(root), arguments.runs))
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'executor':20} {'median ms':>10} {'p10 ms':>8} {'ratio':>7}")
    for name, row in rows.items():
        figures = f"{row['median_ms']:10.1f} {row['p10_ms']:8.1f}"
        print(f"{name:20} {figures} {row['ratio_to_ours']:7.1f}")


if __name__ == "__main__":
    main()
