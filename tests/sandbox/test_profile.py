"""What finalists cost: measured from outside, several times, and never zero for unknown."""

import time
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import anyio
import pytest

from orps_sandbox import counting
from orps_sandbox.counting import Count, counted
from orps_sandbox.executor import open_executor
from orps_sandbox.metric import Metric
from orps_sandbox.metrics import (
    CPU_NOISE_SECONDS,
    Measurement,
    is_tie,
    measurement,
    noise_seconds,
)
from orps_sandbox.program import CaseSelection, Program
from orps_sandbox.reports import Attempt, Frame, Usage
from orps_sandbox.worker import cachegrind
from support.sandbox_projects import HONEST, LIMITS, MODULE, TESTS, write_stub

SLOW = """
    def solve(x):
        total = 0
        for _ in range(40_000):
            total += 1
        hoard = bytearray(40_000_000)
        return 2 * x
"""


def value(metric: Metric) -> float:
    assert metric.value is not None
    return metric.value


@pytest.fixture
def without_valgrind(monkeypatch: pytest.MonkeyPatch):
    """As on most machines, where measuring then takes less than a second."""
    monkeypatch.setattr(cachegrind, "VALGRIND", "")


async def profiles(
    root: Path, *candidates: str, seconds: float = 20
) -> tuple[Measurement, ...]:
    selection = CaseSelection(node_ids=(TESTS,))
    async with open_executor(write_stub(root), limits=LIMITS, slots=1) as executor:
        case_ids = (await executor.collect(selection)).case_ids
        programs = [
            Program(
                files={MODULE: dedent(each)}, selection=selection, case_ids=case_ids
            )
            for each in candidates
        ]
        return await executor.profile(programs, repeats=3, seconds=seconds)


@pytest.mark.usefixtures("without_valgrind")
async def test_costs_of_two_programs(tmp_path: Path):
    quick, slow = await profiles(tmp_path, HONEST, SLOW)
    assert value(slow.cpu_seconds) > value(quick.cpu_seconds) + 0.003
    assert not is_tie(quick.cpu_seconds, slow.cpu_seconds)
    assert slow.cpu_seconds.n == 3
    assert slow.cpu_seconds.trusted
    assert 30_000_000 < value(slow.peak_memory_bytes) < 60_000_000
    assert value(slow.page_faults) > value(quick.page_faults)
    assert value(slow.bytecode_events) > 1000 * value(quick.bytecode_events) > 0
    assert not slow.bytecode_events.trusted
    for metric in (quick.instructions, quick.branch_misses):
        assert (metric.value is None) == ("valgrind is not installed" in metric.reason)


@pytest.mark.usefixtures("without_valgrind")
async def test_bytecode_events_are_the_same_again(tmp_path: Path):
    first, second = await profiles(tmp_path, SLOW, SLOW)
    assert first.bytecode_events == second.bytecode_events


@pytest.mark.usefixtures("without_valgrind")
async def test_program_that_never_ends_well_has_no_costs(tmp_path: Path):
    (dead,) = await profiles(tmp_path, "import os\nos._exit(0)\n")
    assert dead.cpu_seconds.value is None
    assert dead.cpu_seconds.reason == "no run of it came to its end in time"
    assert dead.bytecode_events.value is None


def usages(*seconds: float) -> list[Usage]:
    return [Usage(cpu_seconds=each) for each in seconds]


def cpu(*seconds: float, empty: tuple[float, ...] = (0.1, 0.1, 0.1)) -> Metric:
    return measurement(
        usages(*seconds),
        usages(*empty),
        counters=(None, 7),
        counters_missing="none here",
        count=Count(),
        events=None,
    ).cpu_seconds


def test_a_cost_is_the_least_of_its_runs_less_the_least_of_empty_ones():
    metric = cpu(0.3, 0.2, 0.9, empty=(0.5, 0.1))
    assert round(metric.value or 0, 6) == 0.1
    # 0.1 of these runs, and 0.2 of the empty ones that took 0.1 and 0.5 s.
    assert round(metric.spread or 0, 6) == 0.3
    assert cpu().value is None


def test_what_lies_within_the_noise_is_a_tie():
    quiet, noisy = cpu(0.2, 0.2, 0.2), cpu(0.21, 0.2, 0.25)
    assert is_tie(quiet, noisy)
    assert not is_tie(quiet, cpu(0.21, 0.21, 0.21))
    assert is_tie(quiet, cpu(0.2009, 0.2009, 0.2009))
    assert not is_tie(quiet, cpu(0.2011, 0.2011, 0.2011))
    assert is_tie(quiet, replace(quiet, value=None))


def test_where_the_noise_is_not_known_all_is_a_tie():
    once, again = cpu(0.2), cpu(0.9, 0.9, 0.9)
    assert noise_seconds(once) is None
    assert is_tie(once, again)
    assert noise_seconds(again) == CPU_NOISE_SECONDS


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_cachegrind_counts_the_same_program_alike(tmp_path: Path):
    """Needs valgrind, which continuous integration installs."""
    program = """
        def solve(x):
            total = 0
            for _ in range(4_000):
                total += 1
            return 2 * x
    """
    first, second = await profiles(tmp_path, program, program, seconds=200)
    count = value(first.instructions)
    assert count > 4 * 4_000 * 10, first.instructions
    if first.instructions.deterministic:
        assert value(second.instructions) == count
    for metric in (first.instructions, first.branch_misses):
        assert metric.trusted
        assert (metric.source == "perf_event_open") == (not metric.deterministic)


@pytest.mark.parametrize(
    ("least_seconds", "n_begun", "needed"), [(4.0, 0, 24), (0.0, 1, 1)]
)
async def test_cachegrind_is_not_begun_where_there_is_no_time_for_it(
    least_seconds: float, n_begun: int, needed: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(counting, "LEAST_SECONDS", least_seconds)

    async def attempt(*_: object, **asked: object) -> Attempt:
        asked_for.append(asked)
        await anyio.sleep(0.2)
        return Attempt(cachegrind=(5, 1))

    asked_for: list[dict[str, object]] = []
    splits: list[Frame | None] = [{}, {}, {}]
    program = Program(files={}, selection=CaseSelection(), case_ids=("a",))
    found = await counted(
        attempt,
        [program] * 3,
        splits,
        limits=LIMITS,
        deadline=time.monotonic() + 0.5,
        has_counters=False,
    )
    assert [each.instructions for each in found] == [None] * 3
    assert f"cachegrind needs {needed} s more" in found[0].missing
    assert len(asked_for) == n_begun


def test_what_valgrind_says_at_its_end():
    said = "==7== I   refs:      1,234,567\n==7== \n==7== Mispredicts:  8,765  ( 1 cond + 2 ind)"
    assert cachegrind.counts(said) == (1_234_567, 8_765)
    assert cachegrind.counts("==7== valgrind: Unrecognised instruction") is None
