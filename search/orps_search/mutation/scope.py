"""What the names of a function seem to hold, as far as its text shows."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from orps_search.mutation.edits import Source

_TAKES_COLLECTION: Final = frozenset(
    {"all", "any", "enumerate", "len", "list", "reversed", "set", "sorted", "sum"}
)
_MAKES_COLLECTION: Final = _TAKES_COLLECTION - {"all", "any", "len", "sum"} | {
    "defaultdict",
    "deque",
    "dict",
}
_METHODS: Final = frozenset(
    {
        "add",
        "append",
        "appendleft",
        "extend",
        "items",
        "keys",
        "pop",
        "update",
        "values",
    }
)
_DISPLAYS: Final = (
    ast.Dict,
    ast.DictComp,
    ast.List,
    ast.ListComp,
    ast.Set,
    ast.SetComp,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Names in the order of the text."""

    variables: tuple[str, ...]
    """Parameters and all that is assigned, also in nested functions."""
    collections: frozenset[str]
    numbers: frozenset[str]
    unread: frozenset[str]
    """Parameters and variables that nothing reads: what a line may lack."""

    def like(self, name: str) -> Iterator[str]:
        """Yield other variables, those that seem to hold the same first."""
        others = [each for each in self.variables if each != name]
        yield from sorted(others, key=lambda other: not self.are_alike(name, other))

    def are_alike(self, one: str, other: str) -> bool:
        same_collection = (one in self.collections) == (other in self.collections)
        return same_collection and (one in self.numbers) == (other in self.numbers)


def scope_of(source: Source) -> Scope:
    names = [each.arg for each in _arguments(source.function)]
    names += [
        node.id
        for node in source.body_nodes()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    nested = [each for each in source.body_nodes() if isinstance(each, ast.arg)]
    names += [each.arg for each in nested]
    known = dict.fromkeys(name for name in names if name not in {"self", "cls", "_"})
    collections: set[str] = set()
    numbers: set[str] = set()
    for node in source.body_nodes():
        collections.update(_collections(node))
        numbers.update(_numbers(node))
    if _returns_collection(source):
        collections.update(_results(source))
    collections.update(*[_joined(node, collections) for node in source.body_nodes()])
    numbers -= collections
    numbers.update(*[_compared(node, numbers) for node in source.body_nodes()])
    return Scope(
        variables=tuple(known),
        collections=frozenset(collections & known.keys()),
        numbers=frozenset(numbers - collections) & known.keys(),
        unread=frozenset(known) - _read(source),
    )


def _read(source: Source) -> set[str]:
    return {
        node.id
        for node in source.body_nodes()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _returns_collection(source: Source) -> bool:
    return any(
        isinstance(node, ast.Return) and node.value and _is_collection(node.value)
        for node in source.body_nodes()
    )


def _results(source: Source) -> Iterator[str]:
    """Yield the names that hold what the function itself gave."""
    for node in source.body_nodes():
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=called))
            ) if called == source.function.name:
                yield name
            case _:
                pass


def _joined(node: ast.AST, collections: set[str]) -> set[str]:
    """Return the names on both sides of a `+` where one is known."""
    match node:
        case ast.BinOp(op=ast.Add(), left=ast.Name(id=one), right=ast.Name(id=other)):
            return {one, other} if collections & {one, other} else set()
        case _:
            return set()


def _compared(node: ast.AST, numbers: set[str]) -> set[str]:
    """Return the names that are ordered by, or subtracted from, a number."""
    match node:
        case (
            ast.Compare(
                left=ast.Name(id=one),
                ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()],
                comparators=[ast.Name(id=other)],
            )
            | ast.BinOp(left=ast.Name(id=one), op=ast.Sub(), right=ast.Name(id=other))
        ) if numbers & {one, other}:
            return {one, other}
        case _:
            return set()


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _collections(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_collection(
            value
        ):
            yield name
        case ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=name)):
            yield name
        case ast.Call(func=ast.Name(id=called), args=[ast.Name(id=name), *_]) if (
            called in _TAKES_COLLECTION
        ):
            yield name
        case ast.Call(
            func=ast.Attribute(attr="issuperset" | "issubset" | "heapify"),
            args=[ast.Name(id=name)],
        ):
            yield name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=called)) if (
            called in _METHODS
        ):
            yield name
        case (
            ast.For(iter=ast.Name(id=name))
            | ast.comprehension(iter=ast.Name(id=name))
            | ast.Starred(value=ast.Name(id=name))
            | ast.Subscript(value=ast.Name(id=name))
            | ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=name)])
        ):
            yield name
        case _:
            pass


def _is_collection(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=called)):
            return called in _MAKES_COLLECTION
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[_, default]):
            return _is_collection(default)
        case ast.BinOp(left=left, op=ast.Mult()):
            return isinstance(left, ast.List)
        case ast.Subscript(slice=ast.Slice()):
            return True
        case _:
            return isinstance(value, _DISPLAYS)


def _numbers(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets, value=ast.Constant(value=int() | float())):
            yield from (each.id for each in targets if isinstance(each, ast.Name))
        case (
            ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(func=ast.Name(id="range")),
            )
            | ast.For(
                target=ast.Tuple(elts=[ast.Name(id=name), _]),
                iter=ast.Call(func=ast.Name(id="enumerate")),
            )
            | ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="len" | "int" | "sum" | "abs")),
            )
            | ast.BinOp(left=ast.Name(id=name), right=ast.Constant(value=int()))
            | ast.Compare(
                left=ast.Name(id=name), comparators=[ast.Constant(value=int())]
            )
            | ast.Slice(lower=ast.Name(id=name))
            | ast.Slice(upper=ast.Name(id=name))
        ):
            yield name
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.BinOp(op=ast.Sub() | ast.FloorDiv())
        ):
            yield name
        case _:
            pass
