"""Which candidate each final picker takes of what a search found; pure."""

from collections.abc import Mapping, Sequence

from orps_search.candidate import Candidate, CandidateId
from orps_search.selection.pickers import PICKERS
from orps_search.selection.samples import Sample
from orps_server.bench.result import OWN


def picked(
    ranking: Sequence[Candidate], n_samples: Mapping[CandidateId, int]
) -> dict[str, Candidate]:
    """By picker, the policy's own first; nothing where the search found nothing."""
    if not ranking:
        return {}
    samples = [
        Sample(candidate=each, n_found=n_samples.get(each.id, 1)) for each in ranking
    ]
    chosen = {name: pick(samples) for name, pick in PICKERS.items()}
    others = {name: each.candidate for name, each in chosen.items() if each}
    return {OWN: ranking[0], **others}
