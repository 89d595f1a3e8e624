"""What a name in a test may stand for besides a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orps_search.offline.values import Value


class Unknown(Exception):
    """Raised when something cannot be told without running the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCall:
    """The result of calling the target, seen through what the test does to it."""

    variables: Mapping[str, Value]
    views: tuple[str, ...] = ()
    digits: int | None = None
    """The test rounds the result to so many digits."""


@dataclass(frozen=True, slots=True)
class Approximate:
    """`pytest.approx(value)`."""

    value: Value
    tolerance: float = 1e-6


@dataclass(slots=True, eq=False)
class Instance:
    """An object of the target's class, as its `__init__` leaves it."""

    attributes: dict[str, Value] = field(default_factory=dict[str, Value])
    is_known: bool = True
    """False once a method ran that could not be followed."""
