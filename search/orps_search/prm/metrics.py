"""How well scores order labels, and what their numbers are worth; pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

_RESAMPLES: Final = 400
_BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Auc:
    """Area under the ROC curve, with the 95 % interval over problems."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    low: float
    high: float
    n: int
    predicted: float
    """The mean score of the bin."""
    observed: float
    """The share of right steps in it."""


def auc(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Return how often a right step scores above a wrong one; ties count half."""
    ordered = sorted(zip(scores, labels, strict=True))
    n_right = sum(labels)
    n_wrong = len(labels) - n_right
    if not n_right or not n_wrong:
        return 0.5
    rank_sum, start = 0.0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        rank = (start + 1 + end) / 2
        rank_sum += rank * sum(label for _, label in ordered[start:end])
        start = end
    return (rank_sum - n_right * (n_right + 1) / 2) / (n_right * n_wrong)


def auc_with_interval(
    labels: Sequence[bool],
    scores: Sequence[float],
    problems: Sequence[str],
    *,
    seed: int = 0,
) -> Auc:
    """Resample whole problems: steps of one problem are no independent evidence."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, problem in enumerate(problems):
        members[problem].append(index)
    names = sorted(members)
    random = Random(seed)  # noqa: S311 - a choice, not a secret
    values: list[float] = []
    for _ in range(_RESAMPLES):
        drawn = [index for _ in names for index in members[random.choice(names)]]
        values.append(auc([labels[i] for i in drawn], [scores[i] for i in drawn]))
    values.sort()
    return Auc(
        value=auc(labels, scores),
        low=values[round(0.025 * (_RESAMPLES - 1))],
        high=values[round(0.975 * (_RESAMPLES - 1))],
    )


def calibration(
    labels: Sequence[bool], scores: Sequence[float]
) -> tuple[CalibrationBin, ...]:
    """Return what became of the steps by tenths of the score; empty ones left out."""
    bins: dict[int, list[int]] = defaultdict(list)
    for index, score in enumerate(scores):
        bins[min(_BINS - 1, int(score * _BINS))].append(index)
    return tuple(
        CalibrationBin(
            low=number / _BINS,
            high=(number + 1) / _BINS,
            n=len(chosen),
            predicted=sum(scores[i] for i in chosen) / len(chosen),
            observed=sum(labels[i] for i in chosen) / len(chosen),
        )
        for number, chosen in sorted(bins.items())
    )


def expected_calibration_error(bins: Sequence[CalibrationBin]) -> float:
    total = sum(each.n for each in bins)
    return sum(each.n * abs(each.predicted - each.observed) for each in bins) / total


def held_out(problems: Sequence[str], *, share: float, seed: int) -> frozenset[str]:
    """Choose whole problems to test on; the same ones for the same seed."""
    names = sorted(set(problems))
    Random(seed).shuffle(names)  # noqa: S311 - a choice, not a secret
    return frozenset(names[: max(1, round(share * len(names)))])
