"""One measured cost, with all that is needed to believe it or not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One cost.  `value` is `None` where it could not be measured, never zero."""

    name: str
    value: float | None
    unit: str
    source: str
    """What counted."""
    trusted: bool
    """Counted outside the process that ran the candidate."""
    deterministic: bool
    """The same program gives the same number again."""
    n: int = 0
    """Runs behind it."""
    spread: float | None = None
    """Median absolute deviation of these runs, and of the empty ones that were taken off."""
    reason: str = ""
    """Why there is no value."""
