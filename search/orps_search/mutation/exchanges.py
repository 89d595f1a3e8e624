"""One expression in place of another that stands in the same function.

What a line got wrong is often right a few lines away.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_MAX_OTHERS: Final = 8
_SHORT: Final = 30


def exchange_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield expressions exchanged, unwrapped, or with their parts swapped."""
    yield from tagged(Operator.EXCHANGE, _exchange_edits(source, scope))


def _exchange_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    attributes = _attribute_names(source)
    for node in source.body_nodes():
        match node:
            case ast.Return(value=value) if value is not None:
                yield from _results(source, value, scope)
            case ast.While(test=ast.Constant() as test):
                for name in sorted(scope.collections):
                    yield source.replacing(test, name, 3)
            case ast.If():
                yield from _repeated(source, node)
            case ast.expr():
                yield from _expressions(source, node, attributes, scope)
            case _:
                pass


def _expressions(
    source: Source, node: ast.expr, attributes: Sequence[str], scope: Scope
) -> Iterator[Edit]:
    match node:
        case ast.Subscript() | ast.Tuple() | ast.List():
            yield from _others(source, node)
            yield from _swapped(source, node)
            if isinstance(node, ast.Subscript):
                yield from _named(source, node, scope)
        case ast.Call():
            yield from _others(source, node)
            yield from _unwrapped(source, node)
            yield from _named(source, node, scope)
        case ast.Attribute():
            yield from _other_attributes(source, node, attributes)
        case ast.Name(id=name, ctx=ast.Load()) if name in scope.variables:
            yield from _stepped(source, node, attributes)
            yield from _computed(source, node, scope)
        case ast.Yield(value=value) if value is not None:
            yield source.replacing(node, f"yield from {source.segment(value)}", 3)
        case ast.YieldFrom(value=value):
            yield source.replacing(node, f"yield {source.segment(value)}", 3)
        case _:
            pass


def _others(source: Source, node: ast.expr) -> Iterator[Edit]:
    """Put other expressions of the same form in its place."""
    if isinstance(source.parent(node), ast.Expr):
        return
    text = source.segment(node)
    is_store = isinstance(getattr(node, "ctx", None), ast.Store)
    alike = [
        other
        for other in source.body_nodes()
        if isinstance(other, ast.expr) and type(other) is type(node)
    ]
    alike.sort(key=lambda other: abs(other.lineno - node.lineno))
    others = map(source.segment, alike)
    for other in [each for each in dict.fromkeys(others) if each != text][:_MAX_OTHERS]:
        if not is_store or isinstance(node, ast.Subscript):
            yield source.replacing(node, other, 6)


def _unwrapped(source: Source, node: ast.Call) -> Iterator[Edit]:
    """Keep an argument of a call, or what the method was called on."""
    if isinstance(source.parent(node), ast.Expr):
        return
    for argument in node.args[:3]:
        if not isinstance(argument, ast.Starred):
            yield source.fitting(node, source.segment(argument), 5)
    if isinstance(node.func, ast.Attribute):
        yield source.replacing(node, source.segment(node.func.value), 7)


def _named(
    source: Source, node: ast.Call | ast.Subscript, scope: Scope
) -> Iterator[Edit]:
    """Put a variable in place of what is computed or looked up again."""
    is_store = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
    if is_store or isinstance(source.parent(node), ast.Expr):
        return
    for name in scope.variables[:_MAX_OTHERS]:
        yield source.replacing(node, name, 7)


def _other_attributes(
    source: Source, node: ast.Attribute, attributes: Sequence[str]
) -> Iterator[Edit]:
    for other in attributes:
        if other != node.attr:
            text = f"{source.segment(node.value)}.{other}"
            yield source.replacing(node, text, 5)
    if node.attr in attributes:
        yield from _stepped(source, node, attributes)


def _stepped(
    source: Source, node: ast.Name | ast.Attribute, attributes: Sequence[str]
) -> Iterator[Edit]:
    """Follow one more attribute, or one less."""
    if isinstance(source.parent(node), ast.Attribute) or not _is_read(node):
        return
    for attribute in attributes:
        yield source.replacing(node, f"{source.segment(node)}.{attribute}", 6)
    if isinstance(node, ast.Attribute):
        yield source.replacing(node, source.segment(node.value), 6)


def _computed(source: Source, node: ast.Name, scope: Scope) -> Iterator[Edit]:
    """Put what is computed elsewhere, or a length, in place of a variable."""
    if isinstance(source.parent(node), ast.Attribute | ast.Subscript | ast.Starred):
        return
    if node.id not in scope.collections:
        for name in sorted(scope.collections)[:_MAX_OTHERS]:
            yield source.replacing(node, f"len({name})", 6)
    others = [
        each
        for each in source.body_nodes()
        if isinstance(each, ast.Call | ast.Subscript)
        and _is_read(each)
        and not isinstance(source.parent(each), ast.Expr)
    ]
    others.sort(key=lambda each: abs(each.lineno - node.lineno))
    texts = dict.fromkeys(map(source.segment, others))
    for text in [each for each in texts if len(each) <= _SHORT][:_MAX_OTHERS]:
        yield source.replacing(node, text, 7)


def _is_read(node: ast.expr) -> bool:
    return not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)


def _attribute_names(source: Source) -> list[str]:
    """Return the names of attributes that are no methods, of the class as well."""
    nodes = [*source.body_nodes(), *_class_nodes(source)]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = [
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and id(node) not in called
    ]
    return list(dict.fromkeys(names))[:_MAX_OTHERS]


def _class_nodes(source: Source) -> Iterator[ast.AST]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and source.function in node.body:
            yield from ast.walk(node)


def _swapped(source: Source, node: ast.expr) -> Iterator[Edit]:
    if not isinstance(node, ast.Tuple | ast.List):
        return
    for left, right in pairwise(node.elts):
        what = f"the order in `{source.segment(node)}`"
        yield source.swapping(left, right, 4, what)


def _results(source: Source, value: ast.expr, scope: Scope) -> Iterator[Edit]:
    """Return what was counted or collected instead of a fixed result."""
    if not isinstance(value, ast.Constant):
        return
    is_verdict = isinstance(value.value, bool)
    for name in scope.variables:
        if is_verdict and name in scope.numbers:
            yield source.replacing(value, f"{name} == 0", 4)
        if is_verdict and name in scope.collections:
            yield source.replacing(value, f"not {name}", 4)
        yield source.replacing(value, name, 6 if is_verdict else 5)


def _repeated(source: Source, node: ast.If) -> Iterator[Edit]:
    """`while` in place of `if`, where nothing else hangs on it."""
    start = source.span(node)[0]
    if not node.orelse and source.text[start:].startswith("if "):
        yield Edit(
            start=start,
            end=start + len("if"),
            replacement="while",
            weight=5,
            what="`if` to `while`",
        )
