"""What a finalist was measured to cost, in one line of words."""

from collections.abc import Iterator, Mapping
from typing import Any

from orps_sandbox.limits import MIB
from orps_sandbox.metrics import Measurement
from orps_search.costs_document import costs_document


def costs_text(costs: Measurement | None) -> str:
    """The line; empty where nothing was measured."""
    return described(costs_document(costs))


def described(document: Mapping[str, Any] | None) -> str:
    """The same of the costs of a document."""
    if document is None:
        return ""
    return "measured: " + ", ".join(_parts(document))


def _parts(document: Mapping[str, Any]) -> Iterator[str]:
    cpu = document["cpu_seconds"]
    if cpu["value"] is None:
        yield cpu["reason"]
        return
    yield _cpu(cpu["value"] * 1000, cpu["noise"])
    peak = document["peak_memory_bytes"]["value"]
    if peak is not None:
        yield f"{peak / MIB:.1f} MiB"
    for name, word in _COUNTS:
        metric = document[name]
        if metric["value"] is not None:
            source = f" by {metric['source']}" if name == "instructions" else ""
            yield f"{metric['value']:,.0f} {word}{source}"


def _cpu(milliseconds: float, noise_seconds: float | None) -> str:
    if noise_seconds is None:
        return f"CPU {milliseconds:.1f} ms"
    noise = noise_seconds * 1000
    if milliseconds <= noise:
        return f"CPU within the noise of ± {noise:.1f} ms"
    return f"CPU {milliseconds:.1f} ± {noise:.1f} ms"


_COUNTS = (
    ("instructions", "instructions"),
    ("branch_misses", "branch misses"),
    ("bytecode_events", "bytecode events"),
)
