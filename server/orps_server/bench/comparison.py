"""Two policies, or two final pickers of one, on the same problems; pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from orps_server.bench.resampling import Interval, Resamples, Value, by_problem
from orps_server.bench.result import OWN, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A policy's searches beside those of the reference, paired by problem."""

    solved: Interval
    """Its share minus the reference's, as in `false_accepts`."""
    false_accepts: Interval
    calls: Interval | None
    """Made, for each one of the reference."""
    calls_to_pass: Interval | None
    """The same, in the searches in which something passed with both."""
    n_both_passed: int


def compared(
    runs: Sequence[Run], reference: Sequence[Run], resamples: Resamples
) -> Comparison:
    mine, theirs = defaultdict[str, float](float), defaultdict[str, float](float)
    others = {_place(run): run for run in reference}
    n_both = 0
    for run in runs:
        other = others.get(_place(run))
        if other is None or run.calls_to_pass is None or other.calls_to_pass is None:
            continue
        mine[run.key.task] += run.calls_to_pass
        theirs[run.key.task] += other.calls_to_pass
        n_both += 1
    return Comparison(
        solved=minus(runs, reference, is_solved(OWN), resamples),
        false_accepts=minus(runs, reference, is_false(OWN), resamples),
        calls=resamples.ratio(
            by_problem(runs, lambda run: run.calls),
            by_problem(reference, lambda run: run.calls),
        ),
        calls_to_pass=resamples.ratio(mine, theirs),
        n_both_passed=n_both,
    )


def own_minus(runs: Sequence[Run], picker: str, resamples: Resamples) -> Interval:
    """What the policy's own choice solved more than the picker's, of the same nodes."""
    own, other = is_solved(OWN), is_solved(picker)
    return resamples.interval(by_problem(runs, lambda run: own(run) - other(run)))


def minus(
    runs: Sequence[Run], reference: Sequence[Run], value: Value, resamples: Resamples
) -> Interval:
    mine, theirs = by_problem(runs, value), by_problem(reference, value)
    shared = mine.keys() & theirs.keys()
    return resamples.interval({name: mine[name] - theirs[name] for name in shared})


def is_solved(picker: str) -> Value:
    return lambda run: picker in run.picks and run.picks[picker].solved


def is_visible(picker: str) -> Value:
    return lambda run: picker in run.picks and run.picks[picker].visible


def is_false(picker: str) -> Value:
    return lambda run: picker in run.picks and run.picks[picker].is_false_accept


def _place(run: Run) -> tuple[str, str, int]:
    return (run.key.task, run.key.model, run.key.seed)
