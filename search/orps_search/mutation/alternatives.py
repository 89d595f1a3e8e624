"""Another way to say it: `+=` for `=`, a method for a function, a result that is kept."""

import ast
from collections.abc import Iterator
from itertools import islice
from types import MappingProxyType
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.renamings import renamed
from orps_search.mutation.scope import Scope

_MAX_NAMES: Final = 4
_AUGMENTED: Final = (("+=", 4), ("-=", 5), ("*=", 6), ("//=", 6), ("|=", 6))
_RESULTS: Final = ("0", "1", "-1", "None", "[]", "True", "False")
_SIBLINGS: Final = MappingProxyType(
    {
        "heappop": ("heappushpop",),
        "heappush": ("heappushpop", "heapreplace"),
        "heappushpop": ("heappush", "heapreplace"),
        "heapreplace": ("heappushpop",),
        "bisect_left": ("bisect_right",),
        "bisect_right": ("bisect_left",),
        "combinations": ("permutations", "combinations_with_replacement"),
        "permutations": ("combinations", "product"),
        "setdefault": ("get",),
        "difference_update": ("intersection_update", "update"),
    }
)
"""Functions of the library that are taken for each other."""
_OF_METHODS: Final = MappingProxyType(
    {"pop": "heappop", "append": "heappush", "sort": "heapify", "insert": "insort"}
)
"""Methods of a list, and functions that do it to a list in order."""


def alternative_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield statements and calls that do nearly the same."""
    yield from tagged(Operator.EXCHANGE, _alternative_edits(source, scope))


def _alternative_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    for node in source.body_nodes():
        match node:
            case ast.stmt():
                yield from _statements(source, node, scope)
            case ast.Call():
                yield from _functions(source, node)
                yield from _also(source, node, scope)
            case ast.Subscript() | ast.Compare():
                yield from _also(source, node, scope)
            case ast.Constant(value=int() as value) if value > 0:
                if not isinstance(value, bool):
                    yield source.fitting(node, f"-{value}", 6)
            case _:
                pass


def _statements(source: Source, node: ast.stmt, scope: Scope) -> Iterator[Edit]:
    match node:
        case ast.Assign(targets=[target], value=value):
            for symbol, weight in _AUGMENTED:
                if not isinstance(target, ast.Tuple):
                    yield source.between(target, value, symbol, weight)
        case ast.AugAssign(target=target, value=value):
            for symbol, _ in _AUGMENTED:
                yield source.between(target, value, symbol, 5)
        case ast.Return(value=ast.Name() as value):
            for text in _RESULTS:
                yield source.replacing(value, text, 6)
        case ast.Expr(value=ast.Call() as call):
            yield from _kept(source, call, scope)
        case _:
            pass


def _kept(source: Source, call: ast.Call, scope: Scope) -> Iterator[Edit]:
    """Keep the result of a call that was made for nothing."""
    text = source.segment(call)
    if isinstance(call.func, ast.Name):
        for name in sorted(scope.collections):
            yield source.replacing(call, f"{name}.append({text})", 4)
            yield source.replacing(call, f"{name}.extend({text})", 5)
    yield source.replacing(call, f"return {text}", 4)
    for name in islice(scope.variables, 2 * _MAX_NAMES):
        yield source.replacing(call, f"{name} = {text}", 6)


def _functions(source: Source, call: ast.Call) -> Iterator[Edit]:
    match call.func:
        case ast.Name(id=name):
            for other in _SIBLINGS.get(name, ()):
                yield source.replacing(call.func, other, 3)
        case ast.Attribute(attr=name, value=owner):
            before = source.segment(owner)
            for other in _SIBLINGS.get(name, ()):
                yield source.replacing(call.func, f"{before}.{other}", 3)
            known = _reachable(source, _OF_METHODS.get(name, ""))
            if known:
                rest = [before, *map(source.segment, call.args)]
                yield source.replacing(call, f"{known}({', '.join(rest)})", 3)
        case _:
            pass


def _reachable(source: Source, function: str) -> str:
    """Return how the module calls a function that it has imported; empty if not."""
    for node in ast.walk(source.tree):
        match node:
            case ast.ImportFrom(names=names) if function in [x.name for x in names]:
                return function
            case ast.Import(names=names):
                for alias in names:
                    if (alias.name, function[:4]) == ("heapq", "heap"):
                        return f"{alias.asname or alias.name}.{function}"
            case _:
                pass
    return ""


def _also(
    source: Source, node: ast.Call | ast.Subscript | ast.Compare, scope: Scope
) -> Iterator[Edit]:
    """Let the same of another variable do as well: `len(a)` to `len(a) or len(b)`."""
    match source.parent(node):
        case ast.Return():
            joints = (" or ", " and ", " + ")
        case ast.If() | ast.While():
            joints = (" or ", " and ")
        case ast.Call(args=arguments) if node in arguments:
            joints = (" or ", " + ")
        case _:
            return
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return
    text = source.segment(node)
    own = [x.id for x in ast.walk(node) if isinstance(x, ast.Name)]
    names = [x for x in dict.fromkeys(own) if x in scope.variables]
    alike = {x: _alike(x, own, scope) for x in names}
    twins = [{name: other} for name in names for other in alike[name]]
    if len(names) == 2:  # noqa: PLR2004 - left and its index, right and its index
        one, two = names
        twins += [{one: x, two: y} for x in alike[one] for y in alike[two] if x != y]
    for twin in twins:
        for joint in joints:
            other = renamed(source, node, twin)
            yield source.fitting(node, f"{text}{joint}{other}", 6)


def _alike(name: str, own: list[str], scope: Scope) -> list[str]:
    others = (x for x in scope.like(name) if scope.are_alike(name, x) and x not in own)
    return list(islice(others, _MAX_NAMES))
