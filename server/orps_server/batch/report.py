"""One report over all targets: as text, and as the document `orps.results/1`; pure."""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from orps_server.batch.found import Found

SCHEMA = "orps.results/1"
_WIDTH = 88


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    file: str
    """As the person named it."""
    qualname: str
    node: str
    """Which machine searched."""
    found: Found


def report_text(rows: Sequence[Row]) -> str:
    lines = [_line(row) for row in rows]
    n_solved = sum(row.found.state == "solved" for row in rows)
    lines += ["", f"{n_solved} of {len(rows)} stubs pass all their tests"]
    nodes = sorted({row.node for row in rows})
    if len(nodes) > 1:
        lines += [
            f"node {node}: {sum(row.node == node for row in rows)} stubs, "
            f"tier {', '.join(_tiers(rows, node)) or 'unknown'}"
            for node in nodes
        ]
    return "\n".join(lines) + "\n"


def report_document(rows: Sequence[Row]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "total": len(rows),
        "solved": sum(row.found.state == "solved" for row in rows),
        "targets": [
            {
                "file": row.file,
                "qualname": row.qualname,
                "state": row.found.state,
                "node": row.node,
                "result": row.found.document,
                "fault": asdict(row.found.reason) if row.found.reason else None,
            }
            for row in rows
        ],
    }


def _line(row: Row) -> str:
    found = row.found
    name = f"{row.file}::{row.qualname}"
    if found.reason is not None:
        reason = textwrap.shorten(found.reason.message, _WIDTH, placeholder=" ...")
        return f"{'not searched':<14}{name}: {reason}"
    words = {"solved": "solved", "partial": "partial", "nothing": "nothing"}
    return (
        f"{words[found.state]:<14}{name}: passes {found.passed} of {found.total} tests, "
        f"{found.proposer}, {found.seconds:.1f} s"
    )


def _tiers(rows: Sequence[Row], node: str) -> list[str]:
    tiers: set[str] = set()
    for row in rows:
        match row:
            case Row(
                node=where, found=Found(document={"sandbox": {"tier": str(tier)}})
            ):
                if where == node:
                    tiers.add(tier)
            case _:
                pass
    return sorted(tiers)
