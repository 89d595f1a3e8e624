"""Many variants of one module, tried quickly before any of them is run.

A variant shares one collected session with the others and replaces only the code of
functions. So it is right about most, and a verdict on none: what passes here has to
pass a run of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Replacement = tuple[int, int, str]
"""Start and end in the module's text, in code points, and what stands there then."""
Variant = tuple[Replacement, ...]
"""Replacements that do not overlap."""

_UNFIT = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """How one variant did."""

    tried: bool
    """Whether it could be tried in this way, and there was time."""
    passed: tuple[bool, ...] = ()
    """By case, in the order in which they ran; shorter where it was stopped, hung, or
    killed its process."""


def passed_of(word: str) -> tuple[bool, ...]:
    """What a word says of each case that ran, see `orps_sandbox.worker.forked_cases`."""
    return () if word == _UNFIT else tuple(letter == "P" for letter in word)


def screened_of(words: Sequence[str], count: int) -> tuple[Screened, ...]:
    """Read what the worker said of each variant; what is missing was not tried."""
    known = [
        Screened(tried=word != _UNFIT, passed=passed_of(word)) for word in words[:count]
    ]
    return (*known, *[Screened(tried=False)] * (count - len(known)))
