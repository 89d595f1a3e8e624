"""What pickers choose among: executed candidates with what they did on further inputs."""

from collections.abc import Iterable
from dataclasses import dataclass

from orps_search.candidate import Candidate

Behavior = tuple[object, ...]
"""Equal for candidates between which neither a test nor an input told a difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One distinct program, and how often it was found."""

    candidate: Candidate
    n_found: int = 1
    """How many replies held this program."""

    @property
    def behavior(self) -> Behavior:
        return behavior_of(self.candidate)

    @property
    def outputs(self) -> tuple[str, ...]:
        """What it did on each generated call; the same calls for all."""
        return self.candidate.outputs


def behavior_of(candidate: Candidate) -> Behavior:
    """How the run ended, the verdict of each case, and the outputs beyond them."""
    outcome = candidate.outcome
    verdicts = tuple(case.status for case in outcome.cases)
    return (outcome.termination, verdicts, candidate.outputs)


def best_ratio(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Those that pass the most cases: no picker shows any other."""
    kept = tuple(samples)
    most = max((each.candidate.outcome.success_ratio for each in kept), default=0.0)
    return tuple(each for each in kept if each.candidate.outcome.success_ratio == most)
