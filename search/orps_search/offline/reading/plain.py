"""Evaluates the plain part of Python: literals, arithmetic, harmless calls.

Nothing here imports, calls into, or executes the project's code.
"""

import ast
import math
from collections.abc import Callable
from typing import Any, Final

from orps_search.offline.reading.symbols import Unknown
from orps_search.offline.values import EXPECTED_ERRORS, MAX_LENGTH, Value, bounded

_MAX_RANGE: Final = 10_000


def _add(a: Value, b: Value) -> Value:
    return a + b


def _multiply(a: Value, b: Value) -> Value:
    for text, count in ((a, b), (b, a)):
        if hasattr(text, "__len__") and len(text) * count > MAX_LENGTH:
            raise OverflowError
    return a * b


def _power(a: Value, b: Value) -> Value:
    if abs(b) > MAX_LENGTH or abs(a) > 1 << 64:
        raise OverflowError
    return a**b


BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: _add,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: _multiply,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: _power,
    ast.BitAnd: lambda a, b: a & b,
    ast.BitOr: lambda a, b: a | b,
    ast.BitXor: lambda a, b: a ^ b,
}

UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.USub: lambda a: -a,
    ast.UAdd: lambda a: +a,
    ast.Not: lambda a: not a,
    ast.Invert: lambda a: ~a,
}

COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def _range(*bounds: int) -> list[int]:
    span = range(*bounds)
    if len(span) > _MAX_RANGE:
        raise OverflowError
    return list(span)


def _reversed(items: Value) -> Value:
    return list(items)[::-1]


CALLS: Final[dict[str, Callable[..., Any]]] = {
    "abs": abs,
    "bool": bool,
    "dict": dict,
    "float": float,
    "frozenset": frozenset,
    "int": int,
    "len": len,
    "list": list,
    "max": max,
    "min": min,
    "range": _range,
    "reversed": _reversed,
    "round": round,
    "set": set,
    "sorted": sorted,
    "str": str,
    "sum": sum,
    "tuple": tuple,
    "math.sqrt": math.sqrt,
    "zip": lambda *items: list(zip(*items, strict=False)),
}

NAMES: Final[dict[str, Value]] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "math.tau": math.tau,
}


def checked(function: Callable[..., Any], *operands: Value) -> Value:
    """Apply, and turn whatever goes wrong into `Unknown`."""
    try:
        return bounded(function(*operands))
    except EXPECTED_ERRORS as error:
        raise Unknown from error
