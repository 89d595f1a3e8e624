"""The JSON document of a bench; docs/bench.md describes it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from orps_server.bench.statistics import PolicyRow
from orps_server.bench.task import LeftOut

SCHEMA = "orps.bench/1"


def document(
    rows: Sequence[PolicyRow],
    *,
    source: str,
    reference: str,
    n_seeds: int,
    left_out: Sequence[LeftOut],
    curves: Mapping[str, Sequence[float]],
    tiers: Mapping[str, int],
    nodes: Mapping[str, Mapping[str, int]],
) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "source": source,
        "problems": max((row.n_problems for row in rows), default=0),
        "seeds": n_seeds,
        "reference": reference,
        "rows": [asdict(row) for row in rows],
        "curves": {name: list(curve) for name, curve in curves.items()},
        "tiers": dict(tiers),
        "nodes": {name: dict(found) for name, found in nodes.items()},
        "left_out": [asdict(each) for each in left_out],
    }
