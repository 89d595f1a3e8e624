"""Missing statements: what is never put into a collection, never counted, not kept."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_ENDS: Final = ast.Return | ast.Break | ast.Continue | ast.Raise
_MAX_ITEMS: Final = 3
_CHANGES: Final = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "update", "setdefault"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Between two statements of a block, or at one of its ends."""

    at: int
    indent: str
    is_before: bool
    """The offset is that of the statement which comes next."""
    recent: tuple[str, ...]
    """What was bound before the gap, the latest first."""
    in_loop: bool

    def with_line(self, line: str, weight: int) -> Edit:
        before, after = (
            ("", f"\n{self.indent}")
            if self.is_before
            else (
                f"\n{self.indent}",
                "",
            )
        )
        return Edit(
            start=self.at,
            end=self.at,
            replacement=f"{before}{line}{after}",
            weight=weight,
            what=f"a missing line: `{line}`",
        )


def gaps_of(source: Source) -> Iterator[Gap]:
    """Yield all places where one more statement may stand."""
    if source.statements():
        yield from _gaps_in(source, source.statements(), (), in_loop=False)


def insertion_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield the body with one more line."""
    yield from tagged(Operator.MISSING_LINE, _insertion_edits(source, scope))


def _insertion_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    # What the caller passed is seldom what the function forgot to fill.
    given = [
        node.arg for node in ast.walk(source.function.args) if isinstance(node, ast.arg)
    ]
    changed = {*_changed(source), *given}
    for gap in gaps_of(source):
        for line, weight in _lines(scope, gap, changed):
            yield gap.with_line(line, weight)


def _changed(source: Source) -> Iterator[str]:
    """Yield the names of the collections and numbers that something changes."""
    for node in source.body_nodes():
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if method in _CHANGES:
                    yield name
            case ast.AugAssign(target=ast.Name(id=name)):
                yield name
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                yield name
            case _:
                pass


def _gaps_in(
    source: Source, block: Sequence[ast.stmt], bound: tuple[str, ...], *, in_loop: bool
) -> Iterator[Gap]:
    indent = source.indent(block[0])
    if indent is None:
        return
    start = source.span(block[0])[0]
    yield Gap(at=start, indent=indent, is_before=True, recent=bound, in_loop=in_loop)
    for statement in block:
        yield from _inner_gaps(source, statement, bound, in_loop=in_loop)
        bound = (*_bound_by(statement), *bound)
        if not isinstance(statement, _ENDS):
            end = source.span(statement)[1]
            yield Gap(
                at=end, indent=indent, is_before=False, recent=bound, in_loop=in_loop
            )


def _inner_gaps(
    source: Source, statement: ast.stmt, bound: tuple[str, ...], *, in_loop: bool
) -> Iterator[Gap]:
    loops = isinstance(statement, ast.For | ast.While)
    if isinstance(statement, ast.For):
        bound = (*_stored(statement.target), *bound)
    if isinstance(statement, ast.FunctionDef):
        bound = (*[each.arg for each in statement.args.args], *bound)
    for name in ("body", "orelse", "finalbody"):
        inner: list[ast.stmt] = getattr(statement, name, [])
        if inner:
            yield from _gaps_in(source, inner, bound, in_loop=in_loop or loops)


def _bound_by(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            return [name for target in targets for name in _stored(target)]
        case _:
            return []


def _stored(target: ast.expr) -> list[str]:
    return [
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _lines(scope: Scope, gap: Gap, changed: set[str]) -> Iterator[tuple[str, int]]:
    bound = dict.fromkeys([*gap.recent, *scope.variables])
    items = [name for name in bound if name not in scope.collections][:_MAX_ITEMS]
    for name in sorted(scope.collections):
        extra = -1 if name not in changed else 1
        for item in items:
            yield f"{name}.append({item})", 5 + extra
            yield f"{name}.add({item})", 5 + extra
        for other in [each for each in bound if each in scope.collections][:_MAX_ITEMS]:
            if other != name:
                yield f"{name}.append({other})", 7
                yield f"{name}.update({other})", 7
    if not gap.in_loop:
        return
    for name in scope.variables:
        if name in scope.numbers:
            extra = 0 if name not in changed else 2
            yield f"{name} += 1", 5 + extra
            yield f"{name} -= 1", 5 + extra
        for other in scope.variables:
            if name != other and scope.are_alike(name, other):
                yield f"{name} = {other}", 7
