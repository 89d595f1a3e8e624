"""Two thousand runs in a row: does anything grow?

Runs and observations alternate on one executor, with candidates that pass, fail, hang,
crash and leave processes and files behind.  Prints four curves, memory, descriptors,
processes and temporary files of the server and all below it, and fails if the last
quarter lies above the second by more than the noise.

    python benchmarks/sandbox_soak.py [--runs 2000] [--json]
"""

import argparse
import json
import statistics
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import anyio
import psutil

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.program import CaseSelection, Program, Project

TESTS = """\
import pytest

from solution import solve


@pytest.mark.parametrize(("x", "doubled"), [(3, 6), (10, 20), (0, 0), (-7, -14)])
def test_solve(x, doubled):
    assert solve(x) == doubled
"""
CANDIDATES = (
    "def solve(x):\n    return 2 * x\n",
    "def solve(x):\n    return 3 * x\n",
    "def solve(x):\n    raise ValueError(x)\n",
    "import os\ndef solve(x):\n    os._exit(0)\n",
    (
        "import subprocess\ndef solve(x):\n"
        "    subprocess.Popen(['sleep', '100'], start_new_session=True)\n    return 2 * x\n"
    ),
    (
        "import tempfile\ndef solve(x):\n"
        "    tempfile.mkstemp()\n    open('left', 'w').write('x')\n    return 2 * x\n"
    ),
    "def solve(x):\n    return bytearray(20_000_000) and 2 * x\n",
)
SELECTION = CaseSelection(node_ids=("test_solution.py",))
SAMPLES = 60
SETTLE_SECONDS = 0.3
HEIGHT = 8
ALLOWED_GROWTH = {"memory MiB": 8.0, "descriptors": 1, "processes": 1, "files": 2}


def sample(folder: Path) -> dict[str, float]:
    """Of this process and all below it that live; files under its temporary folder."""
    own = psutil.Process()
    memory, descriptors, n_processes = 0, 0, 0
    for process in [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            # Shared pages count in part, so that a fork does not look like a copy.
            memory += process.memory_full_info().pss
            descriptors += process.num_fds()
            n_processes += 1
    n_files = sum(1 for _ in folder.rglob("*"))
    return {
        "memory MiB": memory / 2**20,
        "descriptors": descriptors,
        "processes": n_processes,
        "files": n_files,
    }


async def soak(root: Path, folder: Path, n_runs: int) -> list[dict[str, float]]:
    project = Project(root=root, interpreter=Path(sys.executable))
    limits = Limits(wall_seconds=10.0, case_seconds=1.0)
    samples: list[dict[str, float]] = []
    async with open_executor(project, limits=limits, slots=1) as executor:
        case_ids = (await executor.collect(SELECTION)).case_ids
        for number in range(n_runs):
            await one_run(executor, case_ids, number)
            # Always after a run, when the processes of the next one stand by.
            if number % max(n_runs // SAMPLES // 2 * 2, 2) == 0:
                await anyio.sleep(SETTLE_SECONDS)
                samples.append(sample(folder))
                print(f"\r{number} of {n_runs}", end="", file=sys.stderr)
    print("\r", end="", file=sys.stderr)
    return samples


async def one_run(executor: Executor, case_ids: tuple[str, ...], number: int) -> None:
    program = Program(
        files={"solution.py": CANDIDATES[number // 2 % len(CANDIDATES)]},
        selection=SELECTION,
        case_ids=case_ids,
    )
    if number % 2:
        calls = ("solve(1)", "solve('a')")
        await executor.observe(program, calls, module_path="solution.py")
    else:
        await executor.run(program)


def plotted(name: str, values: list[float]) -> str:
    """A curve in characters, from zero."""
    top = max(*values, 1.0)
    lines = [f"{name}: from {values[0]:.1f} to {values[-1]:.1f}, at most {top:.1f}"]
    for row in range(HEIGHT, 0, -1):
        marks = "".join(
            "#" if value / top * HEIGHT >= row - 0.5 else " " for value in values
        )
        lines.append(f"  |{marks}")
    return "\n".join([*lines, "  +" + "-" * len(values)])


def growth(values: list[float]) -> float:
    """The median of the last quarter less that of the second."""
    quarter = max(len(values) // 4, 1)
    second, last = values[quarter : 2 * quarter] or values, values[-quarter:]
    return statistics.median(last) - statistics.median(second)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        root = Path(folder) / "project"
        root.mkdir()
        (root / "solution.py").write_text(CANDIDATES[0])
        (root / "test_solution.py").write_text(TESTS)
        samples = anyio.run(soak, root, Path(folder), arguments.runs)
        left = [path.name for path in Path(folder).iterdir() if path != root]
    curves = {name: [each[name] for each in samples] for name in ALLOWED_GROWTH}
    grown = {name: growth(values) for name, values in curves.items()}
    children = psutil.Process().children(recursive=True)
    if arguments.json:
        print(json.dumps({"curves": curves, "growth": grown, "left": left}, indent=1))
    else:
        for name, values in curves.items():
            print(plotted(name, values))
        print(f"growth: { {name: round(each, 2) for name, each in grown.items()} }")
        print(f"left at the end: {len(left)} files, {len(children)} processes")
    is_steady = all(grown[name] <= ALLOWED_GROWTH[name] for name in grown)
    sys.exit(0 if is_steady and not left and not children else 1)


if __name__ == "__main__":
    main()
