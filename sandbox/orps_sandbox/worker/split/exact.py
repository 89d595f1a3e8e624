# pyright: basic
"""Whether two values are the same data: type by type, so that no `__eq__` decides."""

from __future__ import annotations

import math
from typing import Any

_PLAIN = (int, str, bytes, bool, type(None), complex, bytearray, range)


def same(one: Any, other: Any) -> bool:
    """`1` is not `True`, `nan` is `nan`; an object of the candidate is nothing known.

    Raises:
        RecursionError: they are nested too deeply.
    """
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is float:
        return one == other or (math.isnan(one) and math.isnan(other))
    if kind in _PLAIN:
        return one == other
    if kind in {list, tuple}:
        return len(one) == len(other) and all(map(same, one, other))
    if kind in {set, frozenset}:
        return len(one) == len(other) and _marked(one) == _marked(other)
    if kind is dict:
        found = {(type(key), key): value for key, value in other.items()}
        return len(one) == len(other) and all(
            (type(key), key) in found and same(value, found[type(key), key])
            for key, value in one.items()
        )
    return _is_equal(one, other)


def is_plain(value: Any) -> bool:
    """Whether it is made of nothing but what the language itself has for data."""
    kind = type(value)
    if kind is dict:
        return all(map(is_plain, value.keys())) and all(map(is_plain, value.values()))
    if kind in {list, tuple, set, frozenset}:
        return all(map(is_plain, value))
    return kind is float or kind in _PLAIN


def _marked(values: Any) -> set[tuple[type, Any]]:
    return {(type(value), value) for value in values}


def _is_equal(one: object, other: object) -> bool:
    """Of a type that both processes have, whose own word counts."""
    try:
        return (one == other) is True
    except Exception:  # noqa: BLE001 - an array, say, or a faulty method
        return False
