"""Measured costs as JSON values; the same in every document that tells of them."""

from orps_sandbox.metrics import Measurement, noise_seconds

Json = dict[str, object]


def costs_document(costs: Measurement | None) -> dict[str, Json] | None:
    """By name; a value that could not be had is `null` with its reason, never 0."""
    if costs is None:
        return None
    return {
        metric.name: {
            "value": metric.value,
            "unit": metric.unit,
            "source": metric.source,
            "trusted": metric.trusted,
            "deterministic": metric.deterministic,
            "n": metric.n,
            "spread": metric.spread,
            "noise": noise_seconds(metric) if metric is costs.cpu_seconds else None,
            "reason": metric.reason or None,
        }
        for metric in costs.metrics
    }
