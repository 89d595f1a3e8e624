"""What a condition may lack: a clause about bounds, absence, or membership."""

import ast
from collections.abc import Iterator
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_MAX_PARTNERS: Final = 4


def clause_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield conditions with one clause more."""
    yield from tagged(Operator.MISSING_TERM, _clause_edits(source, scope))


def _clause_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    for node in source.body_nodes():
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield from _condition(source, test, scope)
            case ast.comprehension(ifs=tests):
                for test in tests:
                    yield from _condition(source, test, scope)
            case _:
                pass


def _condition(source: Source, test: ast.expr, scope: Scope) -> Iterator[Edit]:
    clauses: dict[tuple[str, str], int] = {}
    for before, after, weight in [
        *_bounds(source, test),
        *_absences(source, test, scope),
        *_memberships(source, test, scope),
    ]:
        clauses.setdefault((before, after), weight)
    for (before, after), weight in clauses.items():
        yield _joined(source, test, before, after, weight)


_Clause = tuple[str, str, int]
"""What to put before the condition or behind it, and how likely."""


def _bounds(source: Source, test: ast.expr) -> Iterator[_Clause]:
    """Keep an index within what it is an index of."""
    for node in ast.walk(test):
        match node:
            case ast.Subscript(
                value=ast.Name() | ast.Attribute() | ast.Subscript() as owner,
                slice=ast.Name() | ast.BinOp() as index,
            ):
                where, number = source.segment(owner), source.segment(index)
                yield f"{number} < len({where}) and ", "", 4
                yield f"{number} >= 0 and ", "", 4
                yield f"{number} >= len({where}) or ", "", 5
                yield f"{number} in {where} and ", "", 5
                yield f"{number} not in {where} or ", "", 5
            case _:
                pass


def _absences(source: Source, test: ast.expr, scope: Scope) -> Iterator[_Clause]:
    """Keep the condition from empty and from absent values."""
    for node in ast.walk(test):
        match node:
            case (
                ast.Attribute(value=ast.Attribute() as owner)
                | ast.Subscript(value=ast.Attribute() as owner)
            ):
                text = source.segment(owner)
                yield f"not {text} or ", "", 4
                yield f"{text} and ", "", 4
            case _:
                pass
    accessed = _accessed(test)
    own = [name for name in _names(test) if name in scope.variables]
    for name in dict.fromkeys([*accessed, *own, *_partners(scope, test)]):
        weight = 3 if name in accessed else 5
        if name in scope.collections:
            yield f"{name} and ", "", weight
            yield "", f" or not {name}", weight
            yield f"not {name} or ", "", weight + 1
        elif name not in scope.numbers or name in accessed:
            yield f"{name} is None or ", "", weight
            yield f"{name} is not None and ", "", weight


def _memberships(source: Source, test: ast.expr, scope: Scope) -> Iterator[_Clause]:
    """Ask whether something was seen before, or is one of the known."""
    text = source.segment(test)
    names = dict.fromkeys(name for name in _names(test) if name in scope.variables)
    for item in [name for name in names if name not in scope.collections]:
        for collection in sorted(scope.collections)[:_MAX_PARTNERS]:
            if f"in {collection}" not in text:
                yield "", f" and {item} not in {collection}", 6
    asked = [
        node.left
        for node in ast.walk(source.function)
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn)
    ]
    items = dict.fromkeys([*map(source.segment, asked), *scope.variables])
    for collection in sorted(scope.collections):
        if f"in {collection}" not in text:
            for item in [x for x in items if x not in scope.collections][
                : 2 * _MAX_PARTNERS
            ]:
                yield f"{item} in {collection} or ", "", 7


def _joined(
    source: Source, test: ast.expr, before: str, after: str, weight: int
) -> Edit:
    """Put text around a condition, in parentheses where the other operator joins it."""
    text = source.segment(test)
    joins = "and" if "and" in (before + after).split() else "or"
    inner = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or)
    if inner and joins == "and":
        text = f"({text})"
    return source.fitting(test, f"{before}{text}{after}", weight)


def _accessed(test: ast.expr) -> list[str]:
    """Return the names in a condition that fail when they hold nothing."""
    return [
        node.value.id
        for node in ast.walk(test)
        if isinstance(node, ast.Attribute | ast.Subscript)
        and isinstance(node.value, ast.Name)
    ] + [
        node.slice.id
        for node in ast.walk(test)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name)
    ]


def _names(node: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def _partners(scope: Scope, node: ast.expr) -> list[str]:
    """Return the few other variables to ask about."""
    own = set(_names(node))
    return [name for name in scope.variables if name not in own][:_MAX_PARTNERS]
