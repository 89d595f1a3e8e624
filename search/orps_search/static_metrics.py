"""Size and complexity of a candidate's code, without running it."""

import ast
from collections.abc import Iterator, Sequence
from typing import Protocol, cast

from cognitive_complexity.api import get_cognitive_complexity
from radon.visitors import ComplexityVisitor

from orps_search.candidate import StaticMetrics


class _Block(Protocol):
    @property
    def complexity(self) -> int: ...


class _Visitor(Protocol):
    """The part of radon that is used here; radon itself has no types."""

    @property
    def functions(self) -> Sequence[_Block]: ...

    def visit(self, node: ast.AST) -> None: ...


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def measure(code: str) -> StaticMetrics:
    """Metrics of a definition and its imports; all `None` if it does not parse."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return StaticMetrics()
    return StaticMetrics(
        lines=sum(bool(line.strip()) for line in code.splitlines()),
        ast_nodes=sum(1 for _ in ast.walk(tree)),
        cyclomatic=_cyclomatic(tree),
        cognitive=_cognitive(tree),
    )


def _cyclomatic(tree: ast.Module) -> int | None:
    """McCabe's number of every function, also of nested ones, added up."""
    functions = (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS))
    try:
        return sum(_mccabe(node) for node in functions)
    except RecursionError:
        return None


def _mccabe(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    visitor = cast("_Visitor", ComplexityVisitor())
    visitor.visit(function)
    return visitor.functions[0].complexity


def _cognitive(tree: ast.Module) -> int | None:
    """Of all outermost functions; those nested in them are counted inside."""
    try:
        return sum(get_cognitive_complexity(node) for node in _outermost(tree))
    except RecursionError:
        return None


def _outermost(
    node: ast.AST,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            yield child
        else:
            yield from _outermost(child)
