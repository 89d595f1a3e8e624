"""What a candidate is worth: the outcome reward and the two orders built on it.

The outcome reward is the one of ORPS's released code:
success ratio * (1 + static / 2 + dynamic / 2), from 0 to 2, where `static` and
`dynamic` are means of terms 1 / (1 + amount / scale).
A term that could not be measured is left out of its mean, and a mean without any
term leaves its weight to the other one: unknown is neither good nor bad.
"""

import math
from collections.abc import Iterable

from orps_sandbox.outcome import ExecutionOutcome, ExecutionProfile, Judge
from orps_search.candidate import Candidate, StaticMetrics

PRIOR_PROCESS_REWARD = 3
"""Stands in for a critique that is missing: the middle of the scale, so that a lost
reply neither drops a candidate nor lifts it."""

_BEST_PROCESS_REWARD = 5
_BEST_OUTCOME_REWARD = 2
_NANOSECONDS = 1e9

_FINE_SECONDS = 0.001
_FINE_UNTIL_SECONDS = 0.01
_COARSE_RATIO = 1.1
"""Two runs of one program differ by about a millisecond, or by a tenth of a longer
time. What lies within says nothing about the programs."""


def outcome_reward(outcome: ExecutionOutcome, metrics: StaticMetrics) -> float:
    """The paper's omega."""
    profile = outcome.profile
    dynamic = _dynamic_quality(
        profile, run_seconds(profile), page_faults=profile.page_faults
    )
    return _reward(outcome.success_ratio, _static_quality(metrics), dynamic)


def code_order(candidate: Candidate) -> tuple[float, ...]:
    """Larger is expanded first: process reward, then outcome reward."""
    return (process_reward(candidate), candidate.outcome_reward)


def quality(candidate: Candidate) -> tuple[float]:
    """The paper's q = alpha * rho + beta * omega with alpha = beta = 0.5.

    Larger is expanded first. A mean of two scales means nothing, so both rewards
    are brought to 0..1 by the ends of their scales: (rho - 1) / 4 and omega / 2.
    """
    process = (process_reward(candidate) - 1) / (_BEST_PROCESS_REWARD - 1)
    outcome = candidate.outcome_reward / _BEST_OUTCOME_REWARD
    return (0.5 * process + 0.5 * outcome,)


def answer_key(candidate: Candidate) -> tuple[float, ...]:
    """Smaller is shown first: success ratio, how it was judged, time, outcome reward.

    Times count in steps of what can be told apart, and the reward is first taken at
    those steps and without page faults: else noise would put `max(x) / 1` above
    `max(x)`.
    """
    outcome = candidate.outcome
    success_ratio = outcome.success_ratio
    seconds = run_seconds(outcome.profile)
    if seconds is not None:
        seconds = _distinguishable(seconds)
    dynamic = _dynamic_quality(outcome.profile, seconds, page_faults=None)
    reward = _reward(success_ratio, _static_quality(candidate.static_metrics), dynamic)
    return (
        -success_ratio,
        float(outcome.judge is not Judge.SPLIT),
        math.inf if seconds is None else seconds,
        -reward,
        -candidate.outcome_reward,
    )


def process_reward(candidate: Candidate) -> int:
    """The paper's rho, 1 to 5; the prior where no critique gave one."""
    if candidate.critique is None or candidate.critique.process_reward is None:
        return PRIOR_PROCESS_REWARD
    return candidate.critique.process_reward


def run_seconds(profile: ExecutionProfile) -> float | None:
    """The time that counts: CPU time, which other processes disturb less."""
    if profile.cpu_seconds is not None:
        return profile.cpu_seconds
    return profile.wall_seconds


def _reward(success_ratio: float, static: float | None, dynamic: float | None) -> float:
    means = [mean for mean in (static, dynamic) if mean is not None]
    quality = sum(means) / len(means) if means else 0.0
    return success_ratio * (1 + quality)


def _distinguishable(seconds: float) -> float:
    if seconds < _FINE_UNTIL_SECONDS:
        return round(seconds / _FINE_SECONDS) * _FINE_SECONDS
    steps = round(math.log(seconds / _FINE_UNTIL_SECONDS, _COARSE_RATIO))
    return _FINE_UNTIL_SECONDS * _COARSE_RATIO**steps


def _static_quality(metrics: StaticMetrics) -> float | None:
    return _mean_of_terms(
        (
            (metrics.ast_nodes, 100),
            (metrics.cyclomatic, 1),
            (metrics.cognitive, 10),
            (metrics.lines, 50),
        )
    )


def _dynamic_quality(
    profile: ExecutionProfile, seconds: float | None, *, page_faults: int | None
) -> float | None:
    return _mean_of_terms(
        (
            (None if seconds is None else seconds * _NANOSECONDS, 1e7),
            (profile.instructions, 1e5),
            (profile.branch_misses, 1e3),
            (page_faults, 100),
        )
    )


def _mean_of_terms(amounts: Iterable[tuple[float | None, float]]) -> float | None:
    terms = [
        1 / (1 + amount / scale) for amount, scale in amounts if amount is not None
    ]
    return sum(terms) / len(terms) if terms else None
