"""Wrong statements: results, jumps, missing and misplaced lines."""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from orps_search.offline.example import Example, Raises, Returns
from orps_search.offline.repair.edits import Edit, Source
from orps_search.offline.values import Value

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
                text = source.segment(value)
                for wrapper, weight in _WRAPPERS:
                    yield source.replacing(value, wrapper.format(text), weight)
            case ast.Break():
                yield source.replacing(node, "continue", 3)
                yield source.replacing(node, "pass", 5)
            case ast.Continue():
                yield source.replacing(node, "break", 3)
                yield source.replacing(node, "pass", 5)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner)) as call):
                # `text.strip()` alone changes nothing.
                kept = f"{source.segment(owner)} = {source.segment(call)}"
                yield source.replacing(node, kept, 4)
                yield source.replacing(node, "pass", 6)
            case ast.Assign(targets=[target], value=ast.Tuple(elts=[first, second])):
                swapped = f"{source.segment(second)}, {source.segment(first)}"
                text = f"{source.segment(target)} = {swapped}"
                yield source.replacing(node, text, 4)
            case ast.Assign() | ast.AugAssign():
                yield source.replacing(node, "pass", 7)
            case ast.For(body=body) | ast.While(body=body):
                yield from _dedented(source, body)
            case _:
                pass
    yield from _swapped(source)


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


def guard_edits(source: Source, examples: Sequence[Example]) -> Iterator[Edit]:
    """Yield a missing base case: what tests expect of empty, zero or negative input."""
    body = source.statements()
    if not body:
        return
    start = source.span(body[0])[0]
    indent = " " * body[0].col_offset
    for test, outcome, weight in _guards(examples):
        yield Edit(
            start=start,
            end=start,
            replacement=f"if {test}:\n{indent}    {outcome}\n{indent}",
            weight=weight,
            what=f"a missing case: `if {test}: {outcome}`",
        )


def _guards(examples: Sequence[Example]) -> Iterator[tuple[str, str, int]]:
    seen: set[tuple[str, str]] = set()
    for example in examples:
        outcome = _outcome(example)
        if outcome is None:
            continue
        for name, value in example.variables.items():
            for test in _tests(name, value):
                if (test, outcome) not in seen and _separates(test, outcome, examples):
                    seen.add((test, outcome))
                    yield test, outcome, 3


def _outcome(example: Example) -> str | None:
    match example.expectation:
        case Raises(exception=exception, message=message):
            return (
                f"raise {exception}({message!r})" if message else f"raise {exception}"
            )
        case Returns(value=None | bool() | 0 | 1 | "" | [] | {} | () as value):
            return f"return {value!r}"
        case _:
            return None


def _tests(name: str, value: Value) -> Iterator[str]:
    if value is None:
        yield f"{name} is None"
    elif isinstance(value, (str, list, tuple, dict, set)) and not value:
        yield f"not {name}"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == 0:
            yield f"{name} == 0"
        if value < 0:
            yield f"{name} < 0"
        if value <= 0:
            yield f"{name} <= 0"
        if value == 1:
            yield f"{name} == 1"


def _separates(test: str, outcome: str, examples: Sequence[Example]) -> bool:
    """Return whether the guard contradicts none of the examples."""
    return all(
        _outcome(example) == outcome
        for example in examples
        if any(
            test in set(_tests(name, value))
            for name, value in example.variables.items()
        )
    )
