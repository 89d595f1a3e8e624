"""Missing statements that follow from the rest of the function, or of its class.

What a function has to do it often does elsewhere, in another branch or method; what it
asks about it has to keep; and what a loop waits for has to change.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.insertions import gaps_of
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_MAX_COPIED: Final = 24
_MAX_ITEMS: Final = 4
_COPIED: Final = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)


def copy_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield the body with one more line."""
    yield from tagged(Operator.MISSING_LINE, _copy_edits(source, scope))


def _copy_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    anywhere = list(
        dict.fromkeys(
            [
                *_remembered(source, scope),
                *_filled(source, scope),
                *_copied(source),
            ]
        )
    )
    progress = list(_progress(source, scope))
    for gap in gaps_of(source):
        for line, weight in [*anywhere, *(progress if gap.in_loop else ())]:
            yield gap.with_line(line, weight)


def _copied(source: Source) -> Iterator[tuple[str, int]]:
    """Yield simple statements of the function, then of the methods beside it."""
    texts: dict[str, int] = {}
    for weight, body in [(6, source.statements()), (7, _siblings(source))]:
        for node in [each for one in body for each in ast.walk(one)]:
            if isinstance(node, _COPIED) and node.lineno == node.end_lineno:
                texts.setdefault(source.segment(node), weight)
    yield from list(texts.items())[:_MAX_COPIED]


def _siblings(source: Source) -> Sequence[ast.stmt]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and source.function in node.body:
            return [each for each in node.body if each is not source.function]
    return []


def _remembered(source: Source, scope: Scope) -> Iterator[tuple[str, int]]:
    """Put what is asked for into what it is looked for in."""
    for node in source.body_nodes():
        match node:
            case ast.Compare(
                left=item,
                ops=[ast.In() | ast.NotIn()],
                comparators=[ast.Name() | ast.Attribute() as where],
            ):
                owner = source.segment(where)
                names = [x for x in scope.variables if x not in scope.collections]
                for text in dict.fromkeys([source.segment(item), *names[:_MAX_ITEMS]]):
                    yield f"{owner}.add({text})", 5
                    yield f"{owner}.append({text})", 5
            case _:
                pass


def _filled(source: Source, scope: Scope) -> Iterator[tuple[str, int]]:
    """Put what is iterated, or given and never read, into the collections."""
    iterated = [
        source.segment(node.iter)
        for node in source.body_nodes()
        if isinstance(node, ast.For | ast.comprehension)
        and isinstance(node.iter, ast.Name | ast.Attribute)
    ]
    given = dict.fromkeys([*sorted(scope.unread), *iterated])
    for name in sorted(scope.collections):
        for other in list(given)[: 2 * _MAX_ITEMS]:
            if other != name:
                yield f"{name}.update({other})", 5
                yield f"{name}.extend({other})", 6
        if "heapq" in source.text:
            yield f"heapq.heapify({name})", 4
    stored = [
        node
        for node in source.body_nodes()
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice)
    ]
    texts = list(dict.fromkeys(map(source.segment, stored)))[: 2 * _MAX_ITEMS]
    for node in stored:
        if isinstance(node.ctx, ast.Store):
            target = source.segment(node)
            for value in [*texts, *_before(source, node)]:
                if value != target:
                    yield f"{target} = {value}", 6


def _before(source: Source, node: ast.Subscript) -> Iterator[str]:
    """Yield the neighbor of a cell of a table, one less in one of its indices."""
    index = node.slice
    for each in index.elts if isinstance(index, ast.Tuple) else [index]:
        if isinstance(each, ast.Name):
            start, end = source.span(each)
            first, last = source.span(node)
            before, after = source.text[first:start], source.text[end:last]
            yield f"{before}{each.id} - 1{after}"


def _progress(source: Source, scope: Scope) -> Iterator[tuple[str, int]]:
    """Change what a loop waits for."""
    attributes = dict.fromkeys(
        node.attr
        for node in source.body_nodes()
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    )
    awaited = dict.fromkeys(
        name.id
        for node in source.body_nodes()
        if isinstance(node, ast.While)
        for name in ast.walk(node.test)
        if isinstance(name, ast.Name) and name.id in scope.variables
    )
    for name in awaited:
        others = [x for x in scope.variables if x != name]
        if name in scope.collections:
            yield from ((f"{name} -= {other}", 7) for other in others)
        else:
            yield from _steps(name, others, scope)
        for attribute in attributes:
            yield f"{name} = {name}.{attribute}", 5
    for one, other in permutations(sorted(scope.collections), 2):
        yield f"{one} -= {other}", 7


def _steps(name: str, others: list[str], scope: Scope) -> Iterator[tuple[str, int]]:
    for line in (f"{name} += 1", f"{name} -= 1", f"{name} //= 2"):
        yield line, 5
    if name in scope.numbers:
        for other in [x for x in others if x not in scope.collections]:
            yield f"{name} //= {other}", 6
            yield f"{name} -= {other}", 6
