"""Ways to choose one of the candidates that were found.

Each looks only at those that pass the most cases, and at nothing that would not be
there in a real search. Ties go to what is efficient, then short, then early.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from orps_search.reward import answer_key
from orps_search.selection.samples import Behavior, Sample, best_ratio
from orps_search.selection.votes import Votes

Picker = Callable[[Sequence[Sample]], Sample | None]
"""The chosen one; `None` only if there is none to choose from."""


def efficient(samples: Sequence[Sample]) -> Sample | None:
    """The order of ORPS: share of cases passed, time, outcome reward."""
    return min(best_ratio(samples), key=_tie, default=None)


def plurality(samples: Sequence[Sample]) -> Sample | None:
    """One of the largest behavior class; found twice counts twice."""
    kept = best_ratio(samples)
    sizes = _sizes(kept)
    return min(kept, key=lambda each: (-sizes[each.behavior], _tie(each)), default=None)


def codet(samples: Sequence[Sample]) -> Sample | None:
    """CodeT's dual agreement (arXiv 2207.10397): sqrt(solutions) * tests passed.

    Its tests are written by the model; here every output that any sample gave for a
    generated call is one. A consensus set is the samples that pass the same tests.
    """
    kept = best_ratio(samples)
    sizes = _sizes(kept)
    votes = _votes(kept)
    scores = {
        each.behavior: math.sqrt(sizes[each.behavior])
        * sum(votes[idx][output] for idx, output in enumerate(each.outputs))
        for each in kept
    }
    return min(
        kept, key=lambda each: (-scores[each.behavior], _tie(each)), default=None
    )


def agreement(samples: Sequence[Sample]) -> Sample | None:
    """The one whose outputs are shared most, input by input: see `Votes`."""
    kept = best_ratio(samples)
    sizes = _sizes(kept)
    votes = Votes()
    for each in kept:
        votes.add(each.outputs, n_samples=each.n_found)
    return min(
        kept,
        key=lambda each: (
            -votes.support(each.outputs),
            -sizes[each.behavior],
            _tie(each),
        ),
        default=None,
    )


PICKERS: Mapping[str, Picker] = MappingProxyType(
    {
        "efficient": efficient,
        "plurality": plurality,
        "codet": codet,
        "agreement": agreement,
    }
)


def _sizes(samples: Sequence[Sample]) -> Counter[Behavior]:
    sizes: Counter[Behavior] = Counter()
    for each in samples:
        sizes[each.behavior] += each.n_found
    return sizes


def _votes(samples: Sequence[Sample]) -> Mapping[int, Counter[str]]:
    """Call -> output -> how many replies held a program that gave it."""
    votes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for each in samples:
        for idx, output in enumerate(each.outputs):
            votes[idx][output] += each.n_found
    return votes


def _tie(sample: Sample) -> tuple[object, ...]:
    candidate = sample.candidate
    return (answer_key(candidate), len(candidate.code), candidate.id)
