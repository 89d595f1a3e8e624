"""Wrong statements: results, jumps, missing and misplaced lines."""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator

_WRAPPERS: Final = (
    ("not ({})", 3),
    ("-({})", 4),
    ("abs({})", 5),
    ("({})[::-1]", 5),
    ("sorted({})", 5),
    ("list({})", 5),
    ("tuple({})", 6),
    ("set({})", 6),
    ("int({})", 6),
    ("str({})", 6),
    ("len({})", 6),
    ("sum({})", 6),
    ("round({}, 2)", 6),
    ("({}).lower()", 7),
    ("({}).strip()", 7),
)


def statement_edits(source: Source) -> Iterator[Edit]:
    """Yield edits of whole statements."""
    for node in source.body_nodes():
        match node:
            case ast.Return(value=value) if value is not None:
                yield from tagged(Operator.RETURN_VALUE, _returned(source, value))
            case ast.Break() | ast.Continue():
                yield from tagged(Operator.JUMP, _jumps(source, node))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner)) as call):
                # `text.strip()` alone changes nothing.
                kept = f"{source.segment(owner)} = {source.segment(call)}"
                yield from tagged(Operator.CALL, [source.replacing(node, kept, 4)])
                for argument in call.args[:1]:
                    text = f"{source.segment(owner)} = {source.segment(argument)}"
                    yield from tagged(Operator.CALL, [source.replacing(node, text, 6)])
            case ast.Assign(targets=[_], value=ast.Tuple(elts=[first, second])):
                what = f"the order in `{source.segment(node)}`"
                swapped = source.swapping(first, second, 4, what)
                yield from tagged(Operator.ARGUMENT_SWAP, [swapped])
            case ast.For(body=body) | ast.While(body=body):
                yield from tagged(Operator.STATEMENT_MOVE, _dedented(source, body))
            case _:
                pass
    yield from tagged(Operator.STATEMENT_MOVE, _swapped(source))


def _returned(source: Source, value: ast.expr) -> Iterator[Edit]:
    text = source.segment(value)
    for wrapper, weight in _WRAPPERS:
        yield source.replacing(value, wrapper.format(text), weight)
    if not (isinstance(value, ast.Constant) and value.value is None):
        yield source.replacing(value, "None", 8)


def _jumps(source: Source, node: ast.Break | ast.Continue) -> Iterator[Edit]:
    other = "continue" if isinstance(node, ast.Break) else "break"
    yield source.replacing(node, other, 3)
    yield source.replacing(node, "pass", 5)


def _dedented(source: Source, body: Sequence[ast.stmt]) -> Iterator[Edit]:
    """Move the last statement of a loop behind it: a `return` that comes too early."""
    *others, last = body
    if not others:
        return
    end = source.span(others[-1])[1]
    indent = " " * last.col_offset
    outer = _outer_indent(source, last)
    if outer is None:
        return
    text = textwrap.dedent(indent + source.segment(last))
    moved = textwrap.indent(text, outer)
    yield Edit(
        start=end,
        end=source.span(last)[1],
        replacement="\n" + moved,
        weight=3,
        what=f"`{text.splitlines()[0]}` out of the loop",
    )


def _outer_indent(source: Source, statement: ast.stmt) -> str | None:
    """Return the indentation of the line that opens the block, if it is spaces."""
    own = statement.col_offset
    outer = [
        node.col_offset
        for node in source.body_nodes()
        if isinstance(node, ast.For | ast.While)
        and statement in node.body
        and node.col_offset < own
    ]
    return " " * outer[0] if outer else None


def _swapped(source: Source) -> Iterator[Edit]:
    """Exchange neighbors: a line that comes too early or too late."""
    blocks = [
        node.body
        for node in source.body_nodes()
        if isinstance(node, ast.For | ast.While | ast.If)
    ]
    for body in [source.statements(), *blocks]:
        for first, second in pairwise(body):
            start, end = source.span(first)[0], source.span(second)[1]
            gap = source.text[source.span(first)[1] : source.span(second)[0]]
            text = f"{source.segment(second)}{gap}{source.segment(first)}"
            yield Edit(
                start=start,
                end=end,
                replacement=text,
                weight=6,
                what=f"the order of `{source.segment(first).splitlines()[0]}` and"
                " the next statement",
            )
