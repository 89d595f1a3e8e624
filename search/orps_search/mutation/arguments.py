"""Arguments that a call lacks: a key to order by, a default, which item to take."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_ORDERED: Final = frozenset({"max", "min", "sort", "sorted"})
_EXTREMES: Final = frozenset({"max", "min"})
_TAKING: Final = frozenset({"get", "insert", "pop"})
_KEYS: Final = ("len", "lambda x: x[0]", "lambda x: x[1]", "lambda x: x[-1]")
_MAX_NAMES: Final = 4


def argument_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield calls with one argument more."""
    yield from tagged(Operator.MISSING_TERM, _argument_edits(source, scope))


def _argument_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    for node in source.body_nodes():
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                for argument, weight in _missing(node, name, scope):
                    yield _longer(source, node, argument, weight)
            case _:
                pass


def _missing(call: ast.Call, name: str, scope: Scope) -> Iterator[tuple[str, int]]:
    given = {keyword.arg for keyword in call.keywords}
    if name in _ORDERED and "key" not in given:
        for key in _KEYS:
            yield f"key={key}", 4 if key == "len" else 6
        for owner in _looked_up(call, scope):
            yield f"key={owner}.__getitem__", 4
    if name in _ORDERED - _EXTREMES and "reverse" not in given:
        yield "reverse=True", 4
    if name in _EXTREMES and len(call.args) == 1 and "default" not in given:
        yield "default=0", 3
        yield "default=None", 5
    if name in _TAKING and len(call.args) == (name == "get"):
        yield "0", 4
        for each in islice(scope.variables, 2 * _MAX_NAMES):
            if each not in scope.collections:
                yield each, 5
    if name == "range" and len(call.args) == 2:  # noqa: PLR2004
        yield "-1", 5
        yield "2", 6


def _looked_up(call: ast.Call, scope: Scope) -> Iterator[str]:
    """Yield the mappings that the items may be keys of."""
    own = [node.id for node in ast.walk(call) if isinstance(node, ast.Name)]
    names = [*own, *sorted(scope.collections)]
    collections = (name for name in dict.fromkeys(names) if name in scope.collections)
    yield from islice(collections, _MAX_NAMES)


def _longer(source: Source, call: ast.Call, argument: str, weight: int) -> Edit:
    function = source.segment(call.func)
    if len(call.args) == 1 and isinstance(call.args[0], ast.GeneratorExp):
        # A bare generator may only stand alone; its span has the parentheses.
        inner = source.segment(call.args[0])
    else:
        inner = source.text[source.span(call.func)[1] : source.span(call)[1]]
        inner = inner.strip()[1:-1].strip().removesuffix(",")
    joined = f"{function}({inner}{', ' if inner else ''}{argument})"
    return source.replacing(call, joined, weight)
