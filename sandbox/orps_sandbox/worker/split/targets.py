"""Which functions a candidate has changed, from two texts of one module; pure.

What has changed is asked of the candidate.  All else that the tests see of the module
is the person's own text, whatever the candidate's says there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]  # noqa: UP007 - Python 3.9


@dataclass(frozen=True)
class Target:
    path: tuple[str, ...]
    """Names from the module on: of classes, and of the function last."""
    is_async: bool
    lines: range
    """Of the definition in the person's text, decorators included; empty if new."""
    wrapper: str = ""
    """For a method that is new: property, staticmethod or classmethod."""


def changed(original: bytes, candidate: str) -> tuple[Target, ...]:
    """Every function that is new or different, innermost classes included.

    Raises:
        SyntaxError, ValueError: one of the texts is not Python.
    """
    before, after = ast.parse(original), ast.parse(candidate)
    return tuple(_changed(before.body, after.body, ()))


def _changed(
    before: list[ast.stmt], after: list[ast.stmt], path: tuple[str, ...]
) -> Iterator[Target]:
    old, new = _definitions(before), _definitions(after)
    for name, definition in new.items():
        earlier = old.get(name)
        if isinstance(definition, ast.ClassDef):
            if isinstance(earlier, ast.ClassDef):
                yield from _changed(earlier.body, definition.body, (*path, name))
            continue
        if earlier is None:
            yield _target(definition, (*path, name), new=True)
        elif isinstance(earlier, ast.ClassDef):
            continue
        elif ast.dump(earlier) != ast.dump(definition):
            yield _target(earlier, (*path, name), new=False)


def _definitions(body: list[ast.stmt]) -> dict[str, ast.ClassDef | Function]:
    """By name, the last one winning as it does when the module is executed."""
    found: dict[str, ast.ClassDef | Function] = {}
    for statement in _statements(body):
        if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found[statement.name] = statement
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for block in ("body", "orelse", "finalbody"):
            if isinstance(statement, (ast.If, ast.Try, ast.With)):
                yield from _statements(getattr(statement, block, []))


def _target(node: Function, path: tuple[str, ...], *, new: bool) -> Target:
    first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
    marks = [mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)]
    wrapper = next((m for m in marks if m in _WRAPPERS), "")
    return Target(
        path=path,
        is_async=isinstance(node, ast.AsyncFunctionDef) and not _yields(node),
        lines=range(0) if new else range(first, (node.end_lineno or first) + 1),
        wrapper=wrapper if len(marks) == len(node.decorator_list) else "",
    )


_WRAPPERS = ("property", "staticmethod", "classmethod")


def _yields(node: Function) -> bool:
    """Whether calling it makes an asynchronous generator."""
    pending: list[ast.AST] = list(node.body)
    while pending:
        found = pending.pop()
        if isinstance(found, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            pending += ast.iter_child_nodes(found)
    return False
