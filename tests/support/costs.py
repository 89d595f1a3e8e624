"""Builders of what was measured of a finalist."""

from orps_sandbox.metric import Metric
from orps_sandbox.metrics import Measurement


def metric(
    name: str, value: float | None, *, spread: float = 0.0, deterministic: bool = False
) -> Metric:
    return Metric(
        name=name,
        value=value,
        unit="",
        source="a test",
        trusted=True,
        deterministic=deterministic,
        n=0 if value is None else 5,
        spread=None if value is None else spread,
        reason="" if value is not None else "nobody looked",
    )


def costs(
    seconds: float | None, *, spread: float = 0.0, instructions: float | None = None
) -> Measurement:
    return Measurement(
        cpu_seconds=metric("cpu_seconds", seconds, spread=spread),
        peak_memory_bytes=metric("peak_memory_bytes", None),
        page_faults=metric("page_faults", None),
        instructions=metric("instructions", instructions, deterministic=True),
        branch_misses=metric("branch_misses", None, deterministic=True),
        bytecode_events=metric("bytecode_events", None),
    )
