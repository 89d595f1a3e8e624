"""A function as a sequence of statements: the steps of process supervision.

A step begins where its statement's first line begins and ends where the next step
begins, so the steps of a function joined together are its text. Of a compound
statement the header is a step, and each statement of its blocks is one of its own;
`else:` and its like belong to the step before them.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orps_search.mutation.edits import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement; offsets in code points, lines from 1, both in the source's text."""

    start: int
    """Of the statement itself."""
    text_start: int
    """Of its line, or of the statement where others stand before it in the line."""
    text_end: int
    """Where the next step's text starts, or the function ends."""
    line: int
    end_line: int
    """The last line of the statement, of a compound one the last of its header."""
    node: ast.stmt
    depth: int
    """How many blocks inside the function's own."""


def steps_of(source: Source) -> tuple[Step, ...]:
    """Return the steps in the order of the text; the docstring is none."""
    placed = sorted(
        ((source.span(node)[0], node, depth) for node, depth in _walk(source)),
        key=lambda each: each[0],
    )
    if not placed:
        return ()
    starts = [_text_start(source, start) for start, _, _ in placed]
    ends = [*starts[1:], _end_of(source)]
    return tuple(
        Step(
            start=start,
            text_start=text_start,
            text_end=text_end,
            line=node.lineno,
            end_line=_last_line(node),
            node=node,
            depth=depth,
        )
        for (start, node, depth), text_start, text_end in zip(
            placed, starts, ends, strict=True
        )
    )


def step_at(steps: Sequence[Step], offset: int) -> Step:
    """Return the step that an edit at this offset changes."""
    before = [step for step in steps if step.text_start <= offset]
    return before[-1] if before else steps[0]


def _walk(source: Source) -> Iterator[tuple[ast.stmt, int]]:
    for node in source.statements():
        yield from _below(node, 0)


def _below(node: ast.stmt, depth: int) -> Iterator[tuple[ast.stmt, int]]:
    yield node, depth
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.stmt():
                yield from _below(child, depth + 1)
            case ast.ExceptHandler(body=body) | ast.match_case(body=body):
                for inner in body:
                    yield from _below(inner, depth + 1)
            case _:
                pass


def _text_start(source: Source, start: int) -> int:
    line_start = source.line_start(source.line_at(start))
    return start if source.text[line_start:start].strip() else line_start


def _end_of(source: Source) -> int:
    """Return the end of the function with the rest of its last line."""
    end = source.span(source.function)[1]
    newline = source.text.find("\n", end)
    return len(source.text) if newline < 0 else newline + 1


def _last_line(node: ast.stmt) -> int:
    inner = getattr(node, "body", None) or getattr(node, "cases", None)
    if inner:
        first = inner[0]
        line = first.lineno if isinstance(first, ast.stmt) else first.pattern.lineno
        return max(node.lineno, line - 1)
    return node.end_lineno or node.lineno
