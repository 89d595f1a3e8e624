"""Which lines of a failing candidate are suspicious; pure.

Spectrum-based fault localization: a line is the more suspicious, the more of the
failing cases execute it and the fewer of the passing ones. The formula is Ochiai's,
which does best among the simple ones on small programs (Abreu et al., 2007).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from orps_sandbox.outcome import CaseStatus, ExecutionOutcome

MAX_BLAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BlamedLine:
    """One suspicious line, with the counts that make it so."""

    line: int
    """In the text that was executed, from 1."""
    suspicion: float
    """From 0 to 1."""
    n_failing: int
    """Failing cases that executed the line."""
    n_passing: int
    text: str = ""
    repaired_by: int = 0
    """Changes of this line that made a failing case pass, where that was tried."""


def suspicions(outcome: ExecutionOutcome) -> Mapping[int, float]:
    """Return Ochiai's value for each line that a failing case executed."""
    return {each.line: each.suspicion for each in spectrum(outcome)}


def spectrum(outcome: ExecutionOutcome) -> tuple[BlamedLine, ...]:
    """Return the lines that failing cases executed, in the order of the text.

    Empty where no failing case was traced: a case that was killed tells nothing.
    """
    failing: dict[int, int] = {}
    passing: dict[int, int] = {}
    n_failing = 0
    for case in outcome.cases:
        if case.lines is None or case.status is CaseStatus.SKIPPED:
            continue
        passed = case.status is CaseStatus.PASSED
        n_failing += not passed
        counts = passing if passed else failing
        for line in case.lines:
            counts[line] = counts.get(line, 0) + 1
    return tuple(
        BlamedLine(
            line=line,
            suspicion=count / math.sqrt(n_failing * (count + passing.get(line, 0))),
            n_failing=count,
            n_passing=passing.get(line, 0),
        )
        for line, count in sorted(failing.items())
    )
