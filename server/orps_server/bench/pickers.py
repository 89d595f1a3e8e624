"""Which candidate each final picker takes of what a search found; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from orps_search.candidate import Candidate, CandidateId
from orps_search.execution import normal_form
from orps_server.bench.result import OWN


def picked(
    ranking: Sequence[Candidate], n_samples: Mapping[CandidateId, int]
) -> dict[str, Candidate]:
    """By picker; nothing where the search found nothing."""
    if not ranking:
        return {}
    return {OWN: ranking[0], "plurality": _plurality(ranking, n_samples)}


def _plurality(
    ranking: Sequence[Candidate], n_samples: Mapping[CandidateId, int]
) -> Candidate:
    passing = [each for each in ranking if each.outcome.all_passed]
    kept = passing or [ranking[0]]
    sizes: Counter[str] = Counter()
    for each in kept:
        sizes[normal_form(each.code)] += n_samples.get(each.id, 1)
    return max(kept, key=lambda each: sizes[normal_form(each.code)])
