"""Cases that vary on one and the same text; pure.

Such a case says nothing of a candidate: whoever passes it may have been lucky. It is
found before the search, on the person's own text, and taken out of the cases that
decide; no candidate has a say in that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

REPEATS = 3
"""Of the baseline, each quick; what varies in them is looked at again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakyCase:
    """A case that passed in some repeats and not in others."""

    id: str
    """pytest's node id."""
    n_passed: int
    n_runs: int


def flaky_among(
    case_ids: Sequence[str], repeats: Iterable[Sequence[bool]]
) -> tuple[FlakyCase, ...]:
    """Those that differ; a repeat tells of the first cases, or of all of them."""
    verdicts: dict[str, list[bool]] = {case: [] for case in case_ids}
    for repeat in repeats:
        for case, passed in zip(case_ids, repeat, strict=False):
            verdicts[case].append(passed)
    return tuple(
        FlakyCase(id=case, n_passed=sum(seen), n_runs=len(seen))
        for case, seen in verdicts.items()
        if 0 < sum(seen) < len(seen)
    )
