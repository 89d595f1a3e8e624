"""What repeated runs say of one program's cost; pure.

A single wall time on a desktop says little.  So a cost is the smallest of several
runs, less the smallest of runs that do everything but execute the cases, and it comes
with its spread: what lies within that says nothing about two programs.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orps_sandbox.counting import SOURCE, Count
from orps_sandbox.metric import Metric
from orps_sandbox.reports import Usage

CPU_NOISE_SECONDS = 0.0005
"""The noise of a time is no less, however small a spread five runs happen to have."""
_SPREADS = 3.0
_MIN_RUNS = 3
"""With fewer, a spread says nothing."""
_RUSAGE = "wait4, less runs without cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """All costs of one program."""

    cpu_seconds: Metric
    peak_memory_bytes: Metric
    page_faults: Metric
    instructions: Metric
    branch_misses: Metric
    bytecode_events: Metric

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (
            self.cpu_seconds,
            self.peak_memory_bytes,
            self.page_faults,
            self.instructions,
            self.branch_misses,
            self.bytecode_events,
        )


def measurement(
    runs: Sequence[Usage],
    null_runs: Sequence[Usage],
    *,
    counters: tuple[int | None, int | None],
    counters_missing: str,
    count: Count,
    events: int | None,
) -> Measurement:
    """Sum up one program; `counters` are instructions and branch misses.

    Where the processor counts none, the `count` of cachegrind stands for them.
    """
    instructions, misses = counters
    return Measurement(
        cpu_seconds=_difference(
            "cpu_seconds", "s", runs, null_runs, lambda usage: usage.cpu_seconds
        ),
        peak_memory_bytes=_difference(
            "peak_memory_bytes", "B", runs, null_runs, lambda u: u.peak_memory_bytes
        ),
        page_faults=_difference(
            "page_faults", "", runs, null_runs, lambda usage: usage.page_faults
        ),
        instructions=_counted(
            "instructions", instructions, counters_missing, count.instructions, count
        ),
        branch_misses=_counted(
            "branch_misses", misses, counters_missing, count.branch_misses, count
        ),
        bytecode_events=Metric(
            name="bytecode_events",
            value=events,
            unit="",
            source="instructions of the interpreter in the candidate's own file",
            trusted=False,
            deterministic=True,
            n=0 if events is None else 1,
            reason="" if events is not None else "the counting run did not end in time",
        ),
    )


def noise_seconds(metric: Metric) -> float | None:
    """Of a CPU time: a smaller difference means nothing; `None` if it is not known."""
    if metric.value is None or metric.n < _MIN_RUNS or metric.spread is None:
        return None
    return max(_SPREADS * metric.spread, CPU_NOISE_SECONDS)


def is_tie(left: Metric, right: Metric) -> bool:
    """Whether the difference of two CPU times lies within the noise of both together."""
    noises = noise_seconds(left), noise_seconds(right)
    if left.value is None or right.value is None or None in noises:
        return True
    return abs(left.value - right.value) <= sum(filter(None, noises))


def _difference(
    name: str,
    unit: str,
    runs: Sequence[Usage],
    null_runs: Sequence[Usage],
    of: Callable[[Usage], float | None],
) -> Metric:
    found = [amount for usage in runs if (amount := of(usage)) is not None]
    nothing = [amount for usage in null_runs if (amount := of(usage)) is not None]
    complete = bool(found) and bool(nothing)
    return Metric(
        name=name,
        value=max(min(found) - min(nothing), 0) if complete else None,
        unit=unit,
        source=_RUSAGE,
        trusted=True,
        deterministic=False,
        n=len(found),
        # The difference is as uncertain as both of its parts.
        spread=_deviation(found) + _deviation(nothing) if complete else None,
        reason="" if complete else "no run of it came to its end in time",
    )


def _deviation(amounts: Sequence[float]) -> float:
    """Median of the distances to the median."""
    median = statistics.median(amounts)
    return statistics.median(abs(each - median) for each in amounts)


def _counted(
    name: str,
    by_processor: int | None,
    no_counters: str,
    by_cachegrind: int | None,
    count: Count,
) -> Metric:
    value = by_cachegrind if by_processor is None else by_processor
    reasons = (no_counters, count.missing)
    return Metric(
        name=name,
        value=value,
        unit="",
        source=SOURCE if by_processor is None else "perf_event_open",
        # Valgrind counts below the interpreter, and tells it to nobody inside.
        trusted=True,
        deterministic=by_processor is None,
        n=0 if value is None else 1,
        reason="; ".join(filter(None, reasons)) if value is None else "",
    )
