"""From single searches to a row per policy and budget; pure.

A problem's value is its mean over seeds; intervals are of a bootstrap over problems,
the same resampled ones for all rows.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orps_server.bench.comparison import (
    Comparison,
    compared,
    is_false,
    is_solved,
    is_visible,
    own_minus,
)
from orps_server.bench.resampling import Interval, Resamples, Value, by_problem
from orps_server.bench.result import OWN, Run, solved_after


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """What one final picker made of the searches; shares of all problems."""

    solved: Interval
    false_accepts: Interval
    visible: float
    own_minus: Interval | None
    """What the policy's own choice solved more than this one; `None` for itself."""

    @property
    def wrong_of_shown(self) -> float | None:
        """Of what passes the visible tests, the share that is wrong all the same."""
        return self.false_accepts.mean / self.visible if self.visible else None


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
    compared: Comparison | None
    """With the reference policy; `None` for itself."""


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
            groups.get((budget, reference), ()),
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
        sum(by_problem(chosen, lambda run, c=calls: solved_after(run, c)).values())
        / n_tasks
        for calls in range(1, budget + 1)
        if n_tasks
    )


def _row(
    policy: str,
    budget: int,
    runs: Sequence[Run],
    reference: Sequence[Run],
    resamples: Resamples,
) -> PolicyRow:
    """`reference` may be empty, or the runs themselves."""
    pickers = dict.fromkeys(name for run in runs for name in run.picks)
    passes = [run.calls_to_pass for run in runs if run.calls_to_pass is not None]
    is_other = bool(reference) and reference is not runs
    return PolicyRow(
        policy=policy,
        budget=budget,
        n_problems=len({run.key.task for run in runs}),
        n_runs=len(runs),
        picks={
            name: PickRow(
                solved=resamples.interval(by_problem(runs, is_solved(name))),
                false_accepts=resamples.interval(by_problem(runs, is_false(name))),
                visible=_mean(runs, is_visible(name)),
                own_minus=own_minus(runs, name, resamples) if name != OWN else None,
            )
            for name in pickers
        },
        calls=_mean(runs, lambda run: run.calls),
        tokens=_mean(runs, lambda run: run.tokens),
        executions=_mean(runs, lambda run: run.executions),
        calls_to_pass=sum(passes) / len(passes) if passes else None,
        passed=len(passes) / len(runs),
        area=resamples.interval(by_problem(runs, lambda run: run.area)),
        cpu_seconds=_mean(runs, lambda run: run.cpu_seconds),
        compared=compared(runs, reference, resamples) if is_other else None,
    )


def _mean(runs: Sequence[Run], value: Value) -> float:
    values = by_problem(runs, value)
    return sum(values.values()) / len(values)
