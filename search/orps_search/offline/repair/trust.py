"""What a body gives is worth keeping, where it was never seen to give a wrong value.

A body may fail by raising, or by not coming to an end, and by nothing else. Then a repair
that changes none of the values that it gives on further calls is likelier than one that
does, whatever mistake is the commoner one; pure.
"""

import re
from collections.abc import Sequence
from typing import Final

from orps_sandbox.outcome import CaseStatus, ExecutionOutcome

_NO_VALUE: Final = ("!", "?")
"""How outputs begin that nobody has to keep."""
_WRONG_VALUE: Final = re.compile(
    r"^E\s+(?:assert\b|AssertionError)|DID NOT RAISE|not raised", re.MULTILINE
)
"""What pytest says of a comparison that does not hold, below the lines that led there."""


def gives_no_wrong_value(outcome: ExecutionOutcome) -> bool:
    """Whether each case that fails does so before anything was compared."""
    return not any(
        _WRONG_VALUE.search(case.message)
        for case in outcome.cases
        if case.status is CaseStatus.FAILED
    )


def keeps(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether each value that was given is given still, of one at least."""
    values = [
        (old, new)
        for old, new in zip(before, after, strict=True)
        if not old.startswith(_NO_VALUE)
    ]
    return bool(values) and all(old == new for old, new in values)
