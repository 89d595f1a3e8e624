"""The efficiency measures of the ORPS paper: a program beside the reference; pure.

Each measure is the program's amount over the reference's, in percent, and at most ten
times as much: one program that takes a minute must not decide a table. 100 % is as good
as the reference, less is better. A table has the mean over the problems that were
solved, since what a wrong program costs says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CAP: Final = 10.0
MEASURES: Final = (
    "time",
    "instructions",
    "branch_misses",
    "page_faults",
    "lines",
    "ast_nodes",
    "cyclomatic",
    "cognitive",
)
DYNAMIC: Final = MEASURES[:4]
"""What a run shows; the others are of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Of one program; without an entry for what could not be measured."""

    values: Mapping[str, float]
    is_too_slow: bool = False
    """It did not get through the calls that the reference got through."""


def relative(amount: float, reference: float) -> float:
    """Amount over reference, at most `CAP`; nothing over nothing is as good."""
    if reference <= 0:
        return 1.0 if amount <= 0 else CAP
    return min(CAP, amount / reference)


def measures(program: Amounts, reference: Amounts) -> dict[str, float]:
    """Shares of the reference, for what was measured of both."""
    shares: dict[str, float] = {}
    for name in MEASURES:
        theirs = reference.values.get(name)
        mine = program.values.get(name)
        if theirs is None:
            continue
        if program.is_too_slow and name in DYNAMIC:
            shares[name] = CAP
        elif mine is not None:
            shares[name] = relative(mine, theirs)
    return shares


def percentages(programs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean share of each measure over the programs that have it, in percent."""
    table: dict[str, float] = {}
    for name in MEASURES:
        shares = [program[name] for program in programs if name in program]
        if shares:
            table[name] = 100 * sum(shares) / len(shares)
    return table
