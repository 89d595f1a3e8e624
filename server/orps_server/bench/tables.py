"""What people read at the end: a table per budget; pure."""

from collections.abc import Sequence

from orps_server.bench.result import OWN
from orps_server.bench.statistics import Interval, PolicyRow

_OTHER = "plurality"
_HEADING = (
    f"{'policy':<12}{'solved %':>9}{'95 % interval':>15}{'false %':>9}{'visible %':>11}"
    f"{'calls':>8}{'tokens':>9}{'runs':>7}{'to pass':>9}{'area %':>8}{'CPU s':>8}"
)
_WIDTH = len(_HEADING)


def tables(rows: Sequence[PolicyRow], *, reference: str) -> str:
    """`runs` are executions of distinct programs; all amounts are means a problem."""
    budgets = sorted({row.budget for row in rows})
    return "\n".join(
        _table(budget, [row for row in rows if row.budget == budget], reference)
        for budget in budgets
    )


def _table(budget: int, rows: Sequence[PolicyRow], reference: str) -> str:
    others = [
        name
        for name in dict.fromkeys(n for row in rows for n in row.picks)
        if name != OWN
    ]
    lines = [f"at most {budget} calls", _HEADING, "-" * _WIDTH]
    lines += [_line(row) for row in rows]
    if len(rows) > 1:
        lines += ["", f"solved minus {reference}, in points, paired by problem"]
        lines += [
            f"{row.policy:<12}{_points(row.minus_reference)}"
            for row in rows
            if row.minus_reference is not None
        ]
    if others:
        lines += ["", "the same searches with other final pickers: solved %, false %"]
        lines += [_picks(row, others) for row in rows]
    return "\n".join(lines) + "\n"


def _line(row: PolicyRow) -> str:
    own = row.picks.get(OWN)
    if own is None:
        return f"{row.policy:<12}  no search found a candidate; {row.calls:.1f} calls"
    to_pass = "-" if row.calls_to_pass is None else f"{row.calls_to_pass:.1f}"
    return (
        f"{row.policy:<12}{100 * own.solved.mean:>9.1f}"
        f"{100 * own.solved.low:>8.1f} - {100 * own.solved.high:>4.1f}"
        f"{100 * own.false_accepts.mean:>9.1f}{100 * own.visible:>11.1f}"
        f"{row.calls:>8.1f}{row.tokens:>9.0f}{row.executions:>7.1f}{to_pass:>9}"
        f"{100 * row.area.mean:>8.1f}{row.cpu_seconds:>8.3f}"
    )


def _points(interval: Interval) -> str:
    return (
        f"{100 * interval.mean:>+9.1f}{100 * interval.low:>+9.1f} to "
        f"{100 * interval.high:>+5.1f}"
    )


def _picks(row: PolicyRow, others: Sequence[str]) -> str:
    shown = [
        f"{name} {100 * row.picks[name].solved.mean:.1f} "
        f"{100 * row.picks[name].false_accepts.mean:.1f}"
        for name in (OWN, *others)
        if name in row.picks
    ]
    return f"{row.policy:<12}  {';  '.join(shown)}"
