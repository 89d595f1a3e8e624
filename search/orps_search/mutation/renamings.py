"""Names in each other's place: two of one expression, or another one to store to."""

import ast
from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_MAX_NAMES: Final = 4
_MAX_TARGETS: Final = 6
_WHOLES: Final = (ast.AugAssign, ast.BinOp, ast.Call, ast.Compare, ast.Subscript)


def renaming_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield expressions with two names exchanged, and other targets."""
    yield from tagged(Operator.EXCHANGE, _renaming_edits(source, scope))


def _renaming_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    for node in source.body_nodes():
        match node:
            case ast.AugAssign(target=ast.Name() as target):
                yield from _other_targets(source, target, scope)
            case ast.Assign(targets=[ast.Name() as target]):
                yield from _other_targets(source, target, scope)
            case _:
                pass
        if isinstance(node, _WHOLES):
            yield from _exchanged(source, node, scope)


def _other_targets(source: Source, target: ast.Name, scope: Scope) -> Iterator[Edit]:
    for other in islice(scope.like(target.id), _MAX_TARGETS):
        weight = 4 if scope.are_alike(target.id, other) else 6
        yield source.replacing(target, other, weight)


def _exchanged(
    source: Source, node: ast.expr | ast.AugAssign, scope: Scope
) -> Iterator[Edit]:
    names = list(dict.fromkeys(_variables(node, scope)))
    if len(names) > _MAX_NAMES:
        return
    indices = _variables(node.slice, scope) if isinstance(node, ast.Subscript) else ()
    transposable = set(indices)
    for one, other in combinations(names, 2):
        weight = 5 if scope.are_alike(one, other) else 6
        if {one, other} <= transposable:
            weight = 3
        text = renamed(source, node, {one: other, other: one})
        yield source.replacing(node, text, weight)


def _variables(node: ast.AST, scope: Scope) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in scope.variables:
            yield each.id


def renamed(source: Source, node: ast.expr | ast.stmt, names: Mapping[str, str]) -> str:
    """Return the node's text with other names, and all else as it is."""
    start, end = source.span(node)
    text = source.text[start:end]
    places = [
        (source.span(each), names[each.id])
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and each.id in names
    ]
    for (first, last), name in sorted(places, reverse=True):
        text = text[: first - start] + name + text[last - start :]
    return text
