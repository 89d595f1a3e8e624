"""What counts as a stub: a body that was left for later."""

import ast

from orps_search.source.definitions import (
    Definition,
    Function,
    base_names,
    decorator_names,
    flat_statements,
    is_overload,
)

_ABSTRACT = ("abstractmethod", "abstractproperty", "overload")


def is_stub(node: Definition, parent: ast.ClassDef | None) -> bool:
    """Whether to offer a search; a class is a stub as long as one method is.

    Abstract methods, members of protocols and overloads are meant to be empty.
    """
    if isinstance(node, ast.ClassDef):
        return any(
            is_stub(member, node)
            for member in flat_statements(node.body)
            if isinstance(member, Function)
        )
    meant = is_overload(node) or any(
        name.rpartition(".")[2] in _ABSTRACT for name in decorator_names(node)
    )
    in_protocol = parent is not None and "Protocol" in base_names(parent)
    return not meant and not in_protocol and is_empty(node.body)


def is_empty(body: list[ast.stmt]) -> bool:
    """Only placeholders: a docstring alone is one, and so are imports for later."""
    return all(_is_placeholder(statement) for statement in body)


def _is_placeholder(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant(value=value)):
            return value is ... or isinstance(value, str)
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case _:
            return False
