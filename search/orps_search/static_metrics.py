"""Size and complexity of a candidate's code, without running it."""

import ast
from collections.abc import Iterator

from cognitive_complexity.api import get_cognitive_complexity
from radon.visitors import ComplexityVisitor

from orps_search.candidate import StaticMetrics

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
    """McCabe's number of all functions and methods together."""
    visitor = ComplexityVisitor()
    try:
        visitor.visit(tree)
    except RecursionError:
        return None
    methods = [method for owner in visitor.classes for method in owner.methods]
    return sum(block.complexity for block in (*visitor.functions, *methods))


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
