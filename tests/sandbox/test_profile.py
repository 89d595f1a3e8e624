"""What finalists cost: measured from outside, several times, and never zero for unknown."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from orps_sandbox.counting import Count
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
from orps_sandbox.reports import Usage
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


async def profiles(root: Path, *candidates: str) -> tuple[Measurement, ...]:
    selection = CaseSelection(node_ids=(TESTS,))
    async with open_executor(write_stub(root), limits=LIMITS, slots=1) as executor:
        case_ids = (await executor.collect(selection)).case_ids
        programs = [
            Program(
                files={MODULE: dedent(each)}, selection=selection, case_ids=case_ids
            )
            for each in candidates
        ]
        return await executor.profile(programs, repeats=3)


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
        assert (metric.value is None) == bool(metric.reason)


async def test_bytecode_events_are_the_same_again(tmp_path: Path):
    first, second = await profiles(tmp_path, SLOW, SLOW)
    assert first.bytecode_events == second.bytecode_events


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
