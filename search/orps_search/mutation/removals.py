"""Statements and arguments that are gone, or there twice."""

import ast
from collections.abc import Iterator
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator

_SIMPLE: Final = (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Return)
_REPEATABLE: Final = (ast.AugAssign, ast.Expr, ast.Assign)


def removal_edits(source: Source) -> Iterator[Edit]:
    """Yield deletions and duplicates."""
    yield from tagged(Operator.BASE_CASE, _base_cases(source))
    for node in source.body_nodes():
        match node:
            case ast.Call(args=arguments) if len(arguments) + len(node.keywords) > 1:
                yield from tagged(Operator.ARGUMENT_DROP, _dropped(source, node))
            case ast.If(test=test) | ast.While(test=test):
                yield from tagged(Operator.CONDITION, _decided(source, test))
            case ast.stmt():
                yield from tagged(Operator.STATEMENT_DELETE, _deleted(source, node))
                yield from tagged(Operator.STATEMENT_DUPLICATE, _twice(source, node))
            case _:
                pass


def _base_cases(source: Source) -> Iterator[Edit]:
    """Drop a leading `if` that ends the function."""
    for node in source.statements():
        match node:
            case ast.If(body=[*_, ast.Return() | ast.Raise()], orelse=[]):
                what = f"without the case `if {source.segment(node.test)}`"
                yield source.replacing(node, "pass", 6, what)
            case _:
                pass


def _deleted(source: Source, node: ast.stmt) -> Iterator[Edit]:
    if not isinstance(node, _SIMPLE):
        return
    weight = 6 if isinstance(node, ast.Expr) else 7
    yield source.replacing(node, "pass", weight)


def _twice(source: Source, node: ast.stmt) -> Iterator[Edit]:
    indent = source.indent(node)
    if indent is None or not isinstance(node, _REPEATABLE):
        return
    text = source.segment(node)
    end = source.span(node)[1]
    yield Edit(
        start=end,
        end=end,
        replacement=f"\n{indent}{text}",
        weight=8,
        what=f"`{text.splitlines()[0]}` twice",
    )


def _dropped(source: Source, node: ast.Call) -> Iterator[Edit]:
    kept = [
        *[(source.span(each), source.segment(each)) for each in node.args],
        *[
            (source.span(each.value), f"{each.arg}={source.segment(each.value)}")
            for each in node.keywords
            if each.arg is not None
        ],
    ]
    if len(kept) != len(node.args) + len(node.keywords):
        return
    function = source.segment(node.func)
    for position in range(len(kept)):
        rest = [text for index, (_, text) in enumerate(kept) if index != position]
        yield source.replacing(node, f"{function}({', '.join(rest)})", 6)


def _decided(source: Source, test: ast.expr) -> Iterator[Edit]:
    for outcome in ("True", "False"):
        if source.segment(test) != outcome:
            yield source.replacing(test, outcome, 7)
