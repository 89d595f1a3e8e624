"""What people read at the end: a table per budget; pure."""

from collections.abc import Sequence

from orps_server.bench.comparison import Comparison
from orps_server.bench.resampling import Interval
from orps_server.bench.result import OWN
from orps_server.bench.statistics import PolicyRow

_HEADING = (
    f"{'policy':<12}{'solved %':>9}{'95 % interval':>15}{'false %':>9}{'of shown':>10}"
    f"{'visible %':>11}{'calls':>8}{'tokens':>9}{'runs':>7}{'to pass':>9}{'area %':>8}"
    f"{'CPU s':>8}"
)
_WIDTH = len(_HEADING)
_COMPARED = (
    f"{'policy':<12}{'solved, points':>24}{'false, points':>24}"
    f"{'calls, times':>22}{'calls to pass, times':>22}"
)


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
    found = [(row.policy, row.compared) for row in rows if row.compared is not None]
    if found:
        lines += ["", f"beside {reference}, paired by problem, with 95 % intervals"]
        lines += [_COMPARED, *(_comparison(*each) for each in found)]
    if others:
        lines += ["", "the same searches with other final pickers: solved %, false %"]
        lines += [_picks(row, others) for row in rows]
        lines += ["", "what the policy's own choice solved more, in points"]
        lines += ["".join([f"{'policy':<12}", *(f"{name:>24}" for name in others)])]
        lines += [_own_minus(row, others) for row in rows]
    return "\n".join(lines) + "\n"


def _line(row: PolicyRow) -> str:
    own = row.picks.get(OWN)
    if own is None:
        return f"{row.policy:<12}  no search found a candidate; {row.calls:.1f} calls"
    to_pass = "-" if row.calls_to_pass is None else f"{row.calls_to_pass:.1f}"
    return (
        f"{row.policy:<12}{100 * own.solved.mean:>9.1f}"
        f"{100 * own.solved.low:>8.1f} - {100 * own.solved.high:>4.1f}"
        f"{100 * own.false_accepts.mean:>9.1f}{_percent(own.wrong_of_shown):>10}"
        f"{100 * own.visible:>11.1f}{row.calls:>8.1f}{row.tokens:>9.0f}"
        f"{row.executions:>7.1f}{to_pass:>9}"
        f"{100 * row.area.mean:>8.1f}{row.cpu_seconds:>8.3f}"
    )


def _comparison(policy: str, found: Comparison) -> str:
    return (
        f"{policy:<12}{_points(found.solved):>24}{_points(found.false_accepts):>24}"
        f"{_times(found.calls):>22}{_times(found.calls_to_pass):>22}"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _points(interval: Interval) -> str:
    return (
        f"{100 * interval.mean:+.1f} ({100 * interval.low:+.1f} to "
        f"{100 * interval.high:+.1f})"
    )


def _times(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    return f"{interval.mean:.2f} ({interval.low:.2f} to {interval.high:.2f})"


def _picks(row: PolicyRow, others: Sequence[str]) -> str:
    shown = [
        f"{name} {100 * row.picks[name].solved.mean:.1f} "
        f"{100 * row.picks[name].false_accepts.mean:.1f}"
        for name in (OWN, *others)
        if name in row.picks
    ]
    return f"{row.policy:<12}  {';  '.join(shown)}"


def _own_minus(row: PolicyRow, others: Sequence[str]) -> str:
    found = [
        row.picks[name].own_minus if name in row.picks else None for name in others
    ]
    shown = ["-" if each is None else _points(each) for each in found]
    return "".join([f"{row.policy:<12}", *(f"{each:>24}" for each in shown)])
