"""Exit statuses: part of the contract with scripts, see docs/result-schema.md."""

import enum
from collections.abc import Sequence

from orps_search.candidate import Candidate


class ExitStatus(enum.IntEnum):
    SOLVED = 0
    """A candidate passes all tests; also: the command did what it was asked."""
    PARTIAL = 1
    """The best candidate passes some tests."""
    NOTHING = 2
    """No candidate passes any test."""
    FAULT = 3
    """The request or the environment is at fault."""
    INTERRUPTED = 130


def status_of(ranking: Sequence[Candidate]) -> ExitStatus:
    if not ranking or ranking[0].outcome.n_passed == 0:
        return ExitStatus.NOTHING
    if ranking[0].outcome.all_passed:
        return ExitStatus.SOLVED
    return ExitStatus.PARTIAL
