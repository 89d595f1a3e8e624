"""What an expression may lack: a term, a call around it, an alternative."""

import ast
from collections.abc import Iterator
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_CALLS: Final = ("set({})", "reversed({})", "sorted({})", "len({})")
_SCALAR_CALLS: Final = ("abs({})", "int({})", "str({})")
_VALUES: Final = (ast.Attribute, ast.BinOp, ast.Call, ast.Name, ast.Subscript)
_MAX_PARTNERS: Final = 4


def missing_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield expressions with something added to them."""
    yield from tagged(Operator.MISSING_TERM, _missing_edits(source, scope))


def _missing_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    for node in source.body_nodes():
        match node:
            case ast.Assign(targets=[target], value=value):
                yield from _accumulated(source, target, value)
                yield from _places(source, target, value)
            case ast.List() | ast.ListComp() | ast.BinOp(op=ast.Add()):
                yield from _lists(source, node, scope)
            case _:
                pass
        if isinstance(node, _VALUES) and _is_operand(source, node):
            yield from _terms(source, node, scope)
            yield from _calls(source, node, scope)


def _lists(
    source: Source, node: ast.List | ast.ListComp | ast.BinOp, scope: Scope
) -> Iterator[Edit]:
    match node:
        case ast.List(elts=elements, ctx=ast.Load()):
            yield from _longer_list(source, node, elements, scope)
        case ast.ListComp():
            yield from _joined_lists(source, node, scope)
            yield source.fitting(node, f"{source.segment(node)}[::-1]", 6)
        case ast.BinOp(left=ast.Name(id=left), right=right) if (
            left in scope.collections
        ):
            for name in _partners(scope, None, node):
                text = f"{left} + [{name}] + {source.segment(right)}"
                yield source.fitting(node, text, 6)
        case _:
            pass


def _is_operand(source: Source, node: ast.expr) -> bool:
    """Return whether the value is used as a whole, and not stored to."""
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return False
    match source.parent(node):
        case ast.Attribute() | ast.Starred() | ast.Expr() | ast.keyword():
            return False
        case ast.Call(func=function):
            return function is not node
        case ast.Subscript(value=value):
            return value is not node
        case _:
            return True


def _terms(source: Source, node: ast.expr, scope: Scope) -> Iterator[Edit]:
    text = source.segment(node)
    is_name = isinstance(node, ast.Name)
    if is_name and text in scope.collections:
        yield from _parts(source, node, scope)
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return
    for sign in "+-":
        yield source.fitting(node, f"{text} {sign} 1", 4)
    for name in _partners(scope, scope.numbers, node):
        for sign in "-+":
            yield source.fitting(node, f"{text} {sign} {name}", 6)
        yield source.fitting(node, f"{name} - {text}", 7)
    yield from _sums(source, node, scope)
    if is_name:
        yield source.fitting(node, f"{text} ** 2", 7)
        for name in sorted(scope.collections)[:_MAX_PARTNERS]:
            yield source.fitting(node, f"{name}[{text}]", 6)


def _parts(source: Source, node: ast.expr, scope: Scope) -> Iterator[Edit]:
    """Take some of a collection where all of it is taken."""
    text = source.segment(node)
    for slice_, weight in (("1:", 5), (":-1", 5), ("::-1", 6)):
        yield source.fitting(node, f"{text}[{slice_}]", weight)
    for taken in ("pop()", "copy()"):
        yield source.fitting(node, f"{text}.{taken}", 5)
    for index in ("0", "-1"):
        yield source.fitting(node, f"{text}[{index}]", 6)
    for name in _partners(scope, scope.numbers, node):
        yield source.fitting(node, f"{text}[{name}:]", 6)
        yield source.fitting(node, f"{text}[:{name}]", 7)


def _sums(source: Source, node: ast.expr, scope: Scope) -> Iterator[Edit]:
    """Add what may be a number: what comes out of a tuple shows nothing of its kind."""
    unknown = frozenset(scope.variables) - scope.numbers - scope.collections
    for name in _partners(scope, unknown, node):
        yield source.fitting(node, f"{name} + {source.segment(node)}", 7)


def _calls(source: Source, node: ast.expr, scope: Scope) -> Iterator[Edit]:
    text = source.segment(node)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Sub):
            yield source.replacing(node, f"abs({text})", 4)
        return
    may_be_scalar = text not in scope.collections
    may_be_collection = text not in scope.numbers
    for call in _CALLS if may_be_collection else ():
        yield source.fitting(node, call.format(text), 6)
    for call in _SCALAR_CALLS if may_be_scalar else ():
        yield source.fitting(node, call.format(text), 7)
    for function in _functions(source):
        if len(function.args.args) == 1 and not _is_call_of(node, function.name):
            yield source.fitting(node, f"{function.name}({text})", 5)


def _functions(source: Source) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(source.function):
        if isinstance(node, ast.FunctionDef):
            yield node


def _is_call_of(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=called)):
            return called == name
        case _:
            return False


def _accumulated(source: Source, target: ast.expr, value: ast.expr) -> Iterator[Edit]:
    """Keep the best so far, or add to it, where it is overwritten."""
    left = source.segment(target)
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for old, new in zip(targets, values, strict=False):
                yield from _best_of(source, source.segment(old), new, 4)
        case ((ast.Name() | ast.Subscript()), ast.Tuple(elts=values)):
            for idx, new in enumerate(values):
                yield from _best_of(source, f"{left}[{idx}]", new, 4)
        case ((ast.Name() | ast.Subscript()), _):
            yield from _best_of(source, left, value, 3)
        case _:
            pass


def _places(source: Source, target: ast.expr, value: ast.expr) -> Iterator[Edit]:
    """Store at a place what follows from the place: `row[i] = i` and not 0."""
    if isinstance(target, ast.Subscript) and isinstance(value, ast.Constant):
        for name in dict.fromkeys(_names(target)):
            if name != source.segment(target.value):
                yield source.replacing(value, name, 5)


def _best_of(source: Source, old: str, value: ast.expr, weight: int) -> Iterator[Edit]:
    new = source.segment(value)
    if new == old or isinstance(value, ast.Constant | ast.List | ast.Dict):
        return
    for function in ("max", "min"):
        yield source.replacing(value, f"{function}({old}, {new})", weight)
    yield source.replacing(value, f"max(0, {new})", weight + 2)


def _longer_list(
    source: Source, node: ast.List, elements: list[ast.expr], scope: Scope
) -> Iterator[Edit]:
    if not elements:
        yield source.replacing(node, "[[]]", 3)
        for number in ("[0]", "[1]"):
            yield source.replacing(node, number, 5)
        for name in scope.variables[:_MAX_PARTNERS]:
            yield source.replacing(node, f"[{name}]", 4)
        return
    text = source.segment(node)
    yield from _joined_lists(source, node, scope)
    if len(elements) == 1:
        for name in _partners(scope, scope.numbers, node):
            yield source.fitting(node, f"{text} * {name}", 6)


def _joined_lists(
    source: Source, node: ast.List | ast.ListComp, scope: Scope
) -> Iterator[Edit]:
    text = source.segment(node)
    for name in sorted(scope.collections)[:_MAX_PARTNERS]:
        yield source.fitting(node, f"{text} + {name}", 5)
        yield source.fitting(node, f"{name} + {text}", 5)


def _names(node: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def _partners(scope: Scope, among: frozenset[str] | None, node: ast.expr) -> list[str]:
    """Return the few variables to combine an expression with."""
    own = set(_names(node))
    names = [name for name in scope.variables if among is None or name in among]
    return [name for name in names if name not in own][:_MAX_PARTNERS]
