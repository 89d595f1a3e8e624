"""Wrong operators, comparisons and conditions."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator

_COMPARISONS: Final[dict[type[ast.cmpop], tuple[tuple[str, int], ...]]] = {
    ast.Lt: (("<=", 1), (">", 3), (">=", 4), ("==", 6), ("!=", 6)),
    ast.LtE: (("<", 1), (">=", 3), (">", 4), ("==", 6)),
    ast.Gt: ((">=", 1), ("<", 3), ("<=", 4), ("==", 6), ("!=", 6)),
    ast.GtE: ((">", 1), ("<=", 3), ("<", 4), ("==", 6)),
    ast.Eq: (("!=", 2), (">=", 4), ("<=", 4), ("in", 7), (">", 6), ("<", 6)),
    ast.NotEq: (("==", 2), (">", 5), ("<", 5)),
    ast.In: (("not in", 2), ("==", 6)),
    ast.NotIn: (("in", 2),),
    ast.Is: (("is not", 2), ("==", 3)),
    ast.IsNot: (("is", 2), ("!=", 3)),
}

_ARITHMETIC: Final[dict[type[ast.operator], tuple[tuple[str, int], ...]]] = {
    ast.Add: (("-", 2), ("*", 4), ("%", 7)),
    ast.Sub: (("+", 2), ("*", 6), ("%", 7)),
    ast.Mult: (("/", 4), ("+", 3), ("**", 4), ("//", 5), ("-", 6)),
    ast.Div: (("//", 2), ("*", 3), ("%", 5)),
    ast.FloorDiv: (("/", 2), ("%", 3), ("*", 4)),
    ast.Mod: (("//", 3), ("/", 5), ("*", 5)),
    ast.Pow: (("*", 3),),
    ast.BitAnd: (("|", 2), ("^", 3), ("-", 4)),
    ast.BitOr: (("&", 2), ("^", 3)),
    ast.BitXor: (("&", 3), ("|", 3)),
    ast.LShift: ((">>", 2),),
    ast.RShift: (("<<", 2),),
}


def operator_edits(source: Source) -> Iterator[Edit]:
    """Yield one edit per wrong operator that the body may hold."""
    for node in source.body_nodes():
        match node:
            case ast.Compare():
                yield from tagged(Operator.COMPARISON, _compared(source, node))
            case ast.BinOp() | ast.AugAssign() | ast.UnaryOp(op=ast.USub()):
                yield from tagged(Operator.ARITHMETIC, _computed(source, node))
            case ast.BoolOp():
                yield from tagged(Operator.BOOLEAN, _joined(source, node))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                plain = source.replacing(node, source.segment(operand), 2)
                yield from tagged(Operator.CONDITION, [plain])
            case _:
                pass


def _computed(
    source: Source, node: ast.BinOp | ast.AugAssign | ast.UnaryOp
) -> Iterator[Edit]:
    match node:
        case ast.BinOp(left=left, op=symbol, right=right):
            for other, weight in _ARITHMETIC.get(type(symbol), ()):
                yield source.between(left, right, other, weight)
            yield from _reduced(source, node)
        case ast.AugAssign(target=target, op=symbol, value=value):
            for other, weight in _ARITHMETIC.get(type(symbol), ()):
                yield source.between(target, value, f"{other}=", weight)
            yield source.between(target, value, "=", 4)
        case ast.UnaryOp(operand=operand):
            yield source.replacing(node, source.segment(operand), 2)


def _compared(source: Source, node: ast.Compare) -> Iterator[Edit]:
    operands = pairwise([node.left, *node.comparators])
    for symbol, (left, right) in zip(node.ops, operands, strict=True):
        for other, weight in _COMPARISONS[type(symbol)]:
            yield source.between(left, right, other, weight)
    yield from _widened(source, node)


def _widened(source: Source, node: ast.Compare) -> Iterator[Edit]:
    """Let one more number count: `== 0` is often meant to be `<= 1`."""
    match node:
        case ast.Compare(
            left=left,
            ops=[ast.Eq() | ast.Lt() | ast.LtE()],
            comparators=[ast.Constant(value=int() as bound)],
        ) if not isinstance(bound, bool):
            text = source.segment(left)
            yield source.replacing(node, f"{text} <= {bound + 1}", 4)
            yield source.replacing(node, f"{text} >= {bound + 1}", 6)
        case _:
            pass


def _joined(source: Source, node: ast.BoolOp) -> Iterator[Edit]:
    other = "or" if isinstance(node.op, ast.And) else "and"
    for left, right in pairwise(node.values):
        yield source.between(left, right, other, 2)
    for value in node.values:
        yield source.replacing(node, source.segment(value), 5)


def _reduced(source: Source, node: ast.BinOp) -> Iterator[Edit]:
    """Keep one operand only, or swap the two where that matters."""
    left, right = source.segment(node.left), source.segment(node.right)
    if isinstance(node.right, ast.Constant) and isinstance(node.op, ast.Add | ast.Sub):
        yield source.replacing(node, left, 2)
    else:
        yield source.replacing(node, left, 6)
        yield source.replacing(node, right, 6)
    if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Add):
        symbol = source.text[source.span(node.left)[1] : source.span(node.right)[0]]
        if "(" not in symbol and ")" not in symbol:
            yield source.replacing(node, f"{right}{symbol}{left}", 4)


def condition_edits(source: Source) -> Iterator[Edit]:
    """Yield negated conditions; those of comparisons are comparisons."""
    yield from tagged(Operator.CONDITION, _negated(source))


def _negated(source: Source) -> Iterator[Edit]:
    for node in source.body_nodes():
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                if not isinstance(test, ast.UnaryOp | ast.Compare):
                    yield source.replacing(test, f"not ({source.segment(test)})", 3)
            case ast.comprehension(ifs=tests):
                for test in tests:
                    if not isinstance(test, ast.UnaryOp | ast.Compare):
                        yield source.replacing(test, f"not ({source.segment(test)})", 3)
            case _:
                pass
