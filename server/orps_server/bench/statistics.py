"""From single searches to a row per policy and budget; pure.

A problem's value is its mean over seeds; intervals are of a bootstrap over problems.
The same resampled problems serve all rows, so differences are paired: what makes a
problem hard is taken out of a comparison on it.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orps_server.bench.result import OWN, Run, solved_after

N_RESAMPLES = 1_000
_SHARE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean over problems and where 95 % of its resamples lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """What one final picker made of the searches; shares of all problems."""

    solved: Interval
    false_accepts: Interval
    visible: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    policy: str
    budget: int
    n_problems: int
    n_runs: int
    picks: Mapping[str, PickRow]
    calls: float
    tokens: float
    executions: float
    calls_to_pass: float | None
    """Mean over the searches in which something passed."""
    passed: float
    """Share of the searches in which something passed the visible tests."""
    area: Interval
    cpu_seconds: float
    minus_reference: Interval | None
    """Solved minus what the reference policy solved; `None` for itself."""


Value = Callable[[Run], float]


class Resamples:
    """Which problems each resample holds."""

    def __init__(self, names: Sequence[str]) -> None:
        rng = random.Random(0)  # noqa: S311 - it resamples
        n = len(names)
        self._names = names
        self._idxs = [rng.choices(range(n), k=n) for _ in range(N_RESAMPLES)]

    def interval(self, values: Mapping[str, float]) -> Interval:
        """Of the mean of the values of these problems; others count as 0."""
        row = [values.get(name, 0.0) for name in self._names]
        n = len(row)
        means = sorted(sum(map(row.__getitem__, idxs)) / n for idxs in self._idxs)
        cut = round((1 - _SHARE) / 2 * N_RESAMPLES)
        return Interval(mean=sum(row) / n, low=means[cut], high=means[-1 - cut])


def policy_rows(runs: Sequence[Run], *, reference: str) -> tuple[PolicyRow, ...]:
    """A row for each policy and budget, policies in the order in which they came."""
    if not runs:
        return ()
    groups: dict[tuple[int, str], list[Run]] = defaultdict(list)
    order = list(dict.fromkeys(run.key.policy for run in runs))
    for run in runs:
        groups[run.key.budget, run.key.policy].append(run)
    resamples = Resamples(sorted({run.key.task for run in runs}))
    return tuple(
        _row(
            policy,
            budget,
            groups[budget, policy],
            groups.get((budget, reference)),
            resamples,
        )
        for budget in sorted({run.key.budget for run in runs})
        for policy in order
        if (budget, policy) in groups
    )


def mean_curve(runs: Sequence[Run], budget: int) -> tuple[float, ...]:
    """Share solved after 1, 2, ... calls, of searches with this budget."""
    chosen = [run for run in runs if run.key.budget == budget]
    n_tasks = len({run.key.task for run in chosen})
    return tuple(
        sum(_by_problem(chosen, lambda run, c=calls: solved_after(run, c)).values())
        / n_tasks
        for calls in range(1, budget + 1)
        if n_tasks
    )


def _row(
    policy: str,
    budget: int,
    runs: Sequence[Run],
    reference: Sequence[Run] | None,
    resamples: Resamples,
) -> PolicyRow:
    pickers = dict.fromkeys(name for run in runs for name in run.picks)
    solved = _by_problem(runs, _solved(OWN))
    minus = None
    if reference is not None and reference is not runs:
        theirs = _by_problem(reference, _solved(OWN))
        shared = solved.keys() & theirs.keys()
        minus = resamples.interval(
            {name: solved[name] - theirs[name] for name in shared}
        )
    passes = [run.calls_to_pass for run in runs if run.calls_to_pass is not None]
    return PolicyRow(
        policy=policy,
        budget=budget,
        n_problems=len(solved),
        n_runs=len(runs),
        picks={
            name: PickRow(
                solved=resamples.interval(_by_problem(runs, _solved(name))),
                false_accepts=resamples.interval(_by_problem(runs, _falsely(name))),
                visible=_mean(runs, _visible(name)),
            )
            for name in pickers
        },
        calls=_mean(runs, lambda run: run.calls),
        tokens=_mean(runs, lambda run: run.tokens),
        executions=_mean(runs, lambda run: run.executions),
        calls_to_pass=sum(passes) / len(passes) if passes else None,
        passed=len(passes) / len(runs),
        area=resamples.interval(_by_problem(runs, lambda run: run.area)),
        cpu_seconds=_mean(runs, lambda run: run.cpu_seconds),
        minus_reference=minus,
    )


def _by_problem(runs: Sequence[Run], value: Value) -> dict[str, float]:
    values: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        values[run.key.task].append(value(run))
    return {name: sum(each) / len(each) for name, each in values.items()}


def _mean(runs: Sequence[Run], value: Value) -> float:
    by_problem = _by_problem(runs, value)
    return sum(by_problem.values()) / len(by_problem)


def _solved(picker: str) -> Value:
    return lambda run: picker in run.picks and run.picks[picker].solved


def _visible(picker: str) -> Value:
    return lambda run: picker in run.picks and run.picks[picker].visible


def _falsely(picker: str) -> Value:
    return lambda run: picker in run.picks and run.picks[picker].is_false_accept
