"""Intervals by a bootstrap over problems; pure.

The same resampled problems serve all values, so differences are paired: what makes a
problem hard is taken out of a comparison on it.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orps_server.bench.result import Run

N_RESAMPLES = 1_000
_SHARE = 0.95

Value = Callable[[Run], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean over problems and where 95 % of its resamples lie."""

    mean: float
    low: float
    high: float


class Resamples:
    """Which problems each resample holds."""

    def __init__(self, names: Sequence[str]) -> None:
        rng = random.Random(0)  # noqa: S311 - it resamples
        n = len(names)
        self._names = names
        self._idxs = [rng.choices(range(n), k=n) for _ in range(N_RESAMPLES)]

    def interval(self, values: Mapping[str, float]) -> Interval:
        """Of the mean of the values of these problems; others count as 0."""
        row = self._row(values)
        n = len(row)
        means = [total / n for total in self._sums(row)]
        return _interval(sum(row) / n, means)

    def ratio(
        self, above: Mapping[str, float], below: Mapping[str, float]
    ) -> Interval | None:
        """Of one sum over the problems to another; `None` where there is none."""
        tops, bottoms = self._row(above), self._row(below)
        if not sum(bottoms):
            return None
        pairs = zip(self._sums(tops), self._sums(bottoms), strict=True)
        # A resample that holds no problem of those below has no ratio.
        ratios = [top / bottom for top, bottom in pairs if bottom]
        return _interval(sum(tops) / sum(bottoms), ratios)

    def _row(self, values: Mapping[str, float]) -> list[float]:
        return [values.get(name, 0.0) for name in self._names]

    def _sums(self, row: Sequence[float]) -> list[float]:
        return [sum(map(row.__getitem__, idxs)) for idxs in self._idxs]


def _interval(mean: float, resampled: Sequence[float]) -> Interval:
    means = sorted(resampled)
    cut = round((1 - _SHARE) / 2 * len(means))
    return Interval(mean=mean, low=means[cut], high=means[-1 - cut])


def by_problem(runs: Sequence[Run], value: Value) -> dict[str, float]:
    """A problem's value is its mean over models and seeds."""
    values: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        values[run.key.task].append(value(run))
    return {name: sum(each) / len(each) for name, each in values.items()}
