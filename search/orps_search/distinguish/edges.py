"""Calls like a given one whose arguments lie at the edges, or are simpler.

What tests forget is empty, single, equal, zero or negative; a question about one of
these is also the easiest to answer.
"""

import ast
import copy
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from orps_search.inputs.values import Value

_MAX_SITES = 4
_MAX_ELEMENTS = 12


def edges(calls: Iterable[str]) -> tuple[str, ...]:
    """Each argument in turn at the edges of its type; each call once."""
    return _all(calls, _edges_of)


def simpler(calls: Iterable[str]) -> tuple[str, ...]:
    """Each argument in turn a step simpler; only calls that are shorter."""
    found: dict[str, None] = {}
    for call in calls:
        for shorter in _all((call,), _simpler_than):
            if len(shorter) < len(call):
                found.setdefault(shorter)
    return tuple(found)


def _all(
    calls: Iterable[str], values: Callable[[Value], Iterable[Value]]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for call in calls:
        for number, value in _literals(call):
            for other in values(value):
                changed = _with(call, number, other)
                if changed is not None and changed != call:
                    found.setdefault(changed)
    return tuple(found)


def _edges_of(value: Value) -> Iterable[Value]:
    make = _EDGES.get(_type(value))
    return make(value) if make else ()


def _simpler_than(value: Value) -> Iterable[Value]:
    make = _SIMPLER.get(_type(value))
    return make(value) if make else ()


def _type(value: object) -> type[object]:
    return type(value)


def _sequence_edges(value: Value) -> Iterator[Value]:
    yield value[:0]
    yield value[:1]
    yield value[:2]
    yield value[:1] + value[:1]
    yield value[::-1]


def _text_edges(value: Value) -> Iterator[Value]:
    yield from ("", value[:1], value + value, value.upper(), f" {value} ")


def _shorter(value: Value) -> Iterator[Value]:
    yield value[:0]
    yield value[: len(value) // 2]
    for idx in range(min(len(value), _MAX_ELEMENTS)):
        yield value[:idx] + value[idx + 1 :]


def _simpler_sequence(value: Value) -> Iterator[Value]:
    """Without one element, or with one element simpler."""
    yield from _shorter(value)
    for idx, element in enumerate(value[:_MAX_ELEMENTS]):
        for smaller in _simpler_than(element):
            yield value[:idx] + type(value)((smaller,)) + value[idx + 1 :]


def _smaller(value: Value) -> Iterator[Value]:
    for key in list(value)[:_MAX_ELEMENTS]:
        yield {other: value[other] for other in value if other != key}


def _whole(value: Value) -> Iterator[Value]:
    if value not in (0, 1):
        yield from (0, 1, value // 2 if value > 0 else -value)


def _fraction(value: Value) -> Iterator[Value]:
    if value not in (0.0, 1.0) and math.isfinite(value):
        yield from (0.0, 1.0, float(round(value)))


_Make = Callable[[Value], Iterable[Value]]

_EDGES: Mapping[type, _Make] = MappingProxyType(
    {
        bool: lambda value: (not value,),
        int: lambda value: (0, 1, -1, -value),
        float: lambda value: (0.0, -value),
        str: _text_edges,
        bytes: lambda value: (b"", value[:1]),
        list: _sequence_edges,
        tuple: _sequence_edges,
        dict: lambda _: ({},),
        set: lambda _: (set[Value](),),
    }
)

_SIMPLER: Mapping[type, _Make] = MappingProxyType(
    {
        int: _whole,
        float: _fraction,
        str: _shorter,
        bytes: _shorter,
        list: _simpler_sequence,
        tuple: _simpler_sequence,
        dict: _smaller,
    }
)


def _literals(call: str) -> Iterator[tuple[int, Value]]:
    """The literal arguments of a plain call, by position; keywords come after."""
    for number, argument in enumerate(_arguments(ast.parse(call, mode="eval").body)):
        if number >= _MAX_SITES:
            return
        try:
            yield number, ast.literal_eval(argument)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue


def _with(call: str, number: int, value: Value) -> str | None:
    tree = copy.deepcopy(ast.parse(call, mode="eval"))
    assert isinstance(tree.body, ast.Call)
    try:
        made = ast.parse(_source(value), mode="eval").body
    except SyntaxError:
        return None
    if number < len(tree.body.args):
        tree.body.args[number] = made
    else:
        tree.body.keywords[number - len(tree.body.args)].value = made
    return ast.unparse(tree)


def _source(value: Value) -> str:
    return "set()" if value == set() and isinstance(value, set) else repr(value)


def _arguments(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Call):
        return []
    return [*node.args, *(each.value for each in node.keywords)]
