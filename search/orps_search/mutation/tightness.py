"""How tightly expressions bind: when an edit needs parentheses."""

import ast
from typing import Final

_LOOSE: Final = 0
_UNARY: Final = 8
_ATOM: Final = 10

_OPERATORS: Final[dict[type[ast.operator], int]] = {
    ast.BitOr: 4,
    ast.BitXor: 4,
    ast.BitAnd: 4,
    ast.LShift: 5,
    ast.RShift: 5,
    ast.Add: 6,
    ast.Sub: 6,
    ast.Pow: 9,
}
_MULTIPLY: Final = 7


def tightness(node: ast.expr) -> int:
    """Return a rank; what ranks lower inside what ranks higher is parenthesized."""
    match node:
        case ast.BoolOp(op=operator):
            return 2 if isinstance(operator, ast.And) else 1
        case ast.UnaryOp(op=operator):
            return 3 if isinstance(operator, ast.Not) else _UNARY
        case ast.Compare():
            return 3
        case ast.BinOp(op=operator):
            return _OPERATORS.get(type(operator), _MULTIPLY)
        case ast.IfExp() | ast.Lambda() | ast.NamedExpr() | ast.Yield():
            return _LOOSE
        case _:
            return _ATOM


def tightness_around(parent: ast.AST | None, node: ast.expr) -> int:
    """Return how tightly what stands in a node's place has to bind."""
    match parent:
        case ast.BinOp(right=right):
            return tightness(parent) + (right is node)
        case ast.BoolOp() | ast.UnaryOp():
            return tightness(parent)
        case ast.Compare():
            return tightness(parent) + 1
        case ast.Attribute() | ast.Starred() | ast.Await():
            return _ATOM
        case ast.Subscript(value=first) | ast.Call(func=first):
            return _ATOM if first is node else _LOOSE
        case _:
            return _LOOSE
