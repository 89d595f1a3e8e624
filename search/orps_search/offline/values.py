"""The values that synthesized programs compute with, and what keeps them small.

The proposer evaluates its own expressions in the server's process, so nothing it
computes may grow without bound: every operation that can enlarge a value passes its
result through `bounded`.
"""

from collections.abc import Sequence
from typing import Any, Final

Value = Any

MAX_INT_BITS: Final = 256
MAX_LENGTH: Final = 1000


class Failed:
    """Stands where an expression raised."""

    def __repr__(self) -> str:
        return "FAILED"


FAILED: Final = Failed()

# What an operation raises on values it is not made for. All of them make FAILED.
EXPECTED_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)

_KINDS: Final[dict[type, str]] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    type(None): "none",
    list: "list",
    tuple: "tuple",
    set: "set",
    frozenset: "set",
    dict: "dict",
}


def kind_of(value: Value) -> str:
    """The one word by which operations choose their arguments."""
    kind: type = value.__class__
    return _KINDS.get(kind, "other")


def common_kind(values: Sequence[Value]) -> str:
    """The kind that all values share; `other` when they differ.

    Integers among floats are floats, and `None` among others does not count.
    """
    types = set(map(type, values))
    if len(types) == 1:
        return _KINDS.get(types.pop(), "other")
    kinds = {_KINDS.get(each, "other") for each in types - {Failed}}
    if len(kinds) > 1:
        kinds.discard("none")
    if kinds == {"int", "float"}:
        return "float"
    return kinds.pop() if len(kinds) == 1 else "other"


def bounded(value: Value) -> Value:
    """Return the value, or raise `OverflowError` where it is too large to go on."""
    if kind_of(value) == "int":
        if value.bit_length() > MAX_INT_BITS:
            raise OverflowError
    elif hasattr(value, "__len__") and len(value) > MAX_LENGTH:
        raise OverflowError
    return value


def identity(values: Sequence[Value]) -> object:
    """Equal for vectors that no test can tell apart, whatever their hashes.

    `==` alone would take `1`, `1.0` and `True` for the same. Containers are told
    apart by `repr`; sets are sorted first because their order depends on the process.
    """
    types = tuple(map(type, values))
    distinct = set(types)
    if distinct <= _SCALARS:
        return (types, tuple(values))
    if distinct & _SETS:
        return "sorted" + repr([_ordered(value) for value in values])
    return repr(values)


_SCALARS: Final[frozenset[type]] = frozenset(
    {int, float, bool, str, type(None), Failed}
)
_SETS: Final[frozenset[type]] = frozenset({set, frozenset})


def _ordered(value: Value) -> Value:
    return sorted(map(repr, value)) if kind_of(value) == "set" else value
