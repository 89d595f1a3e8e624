"""What a test says about the target, once it has been understood without running it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from orps_search.offline.values import EXPECTED_ERRORS, FAILED, Value, kind_of

# What a test may do with a result before it compares it.
VIEWS: Final[Mapping[str, Value]] = {
    "bool": bool,
    "dict": dict,
    "len": len,
    "list": list,
    "set": set,
    "sorted": sorted,
    "str": str,
    "tuple": tuple,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """The target returns this value."""

    value: Value
    views: tuple[str, ...] = ()
    """Names of `VIEWS`, applied to the result in this order before comparing."""
    tolerance: float = 0.0

    def agrees(self, result: Value) -> bool:
        """Return whether a test that expects this would accept the result."""
        if result is FAILED:
            return False
        try:
            for view in self.views:
                result = VIEWS[view](result)
            return self._equal(result)
        except EXPECTED_ERRORS:
            return False

    def _equal(self, result: Value) -> bool:
        expected = self.value
        if self.tolerance and kind_of(result) in {"int", "float"}:
            return math.isclose(
                result, expected, rel_tol=self.tolerance, abs_tol=self.tolerance
            )
        if self.tolerance and kind_of(result) in {"list", "tuple"}:
            return len(result) == len(expected) and all(
                Returns(value=each, tolerance=self.tolerance).agrees(other)
                for each, other in zip(expected, result, strict=True)
            )
        # A test may accept 1 for True; a person who reads the code does not.
        if (kind_of(result) == "bool") != (kind_of(expected) == "bool"):
            return False
        return bool(result == expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raises:
    """The target raises; the exception is named as the test names it."""

    exception: str
    message: str = ""
    """What the message should contain, where the test says so in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One call of the target and what should come of it."""

    variables: Mapping[str, Value]
    """By source text: parameters by name, attributes such as `self.balance`."""
    expectation: Returns | Raises
