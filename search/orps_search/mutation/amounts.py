"""Wrong constants, and everything that is off by one."""

import ast
from collections.abc import Iterator

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator


def amount_edits(source: Source) -> Iterator[Edit]:
    """Yield changed constants, bounds, indices and ranges."""
    for node in source.body_nodes():
        match node:
            case ast.Constant(value=value):
                yield from tagged(
                    Operator.CONSTANT, _constant_edits(source, node, value)
                )
            case ast.Subscript(slice=ast.Slice() as bounds):
                yield from tagged(Operator.SLICE, _slice_edits(source, node, bounds))
            case ast.Subscript(slice=index):
                yield from tagged(Operator.OFF_BY_ONE, _shifted(source, index, 2))
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                yield from tagged(
                    Operator.LOOP_BOUND, _range_edits(source, node, arguments)
                )
            case ast.stmt() | ast.Compare():
                for value in _amounts(node):
                    yield from tagged(Operator.OFF_BY_ONE, _shifted(source, value, 5))
            case _:
                pass


def _amounts(node: ast.stmt | ast.Compare) -> list[ast.expr]:
    """Return what may be off by one as a whole."""
    match node:
        case ast.Assign(value=ast.Tuple(elts=values)):
            return values
        case ast.Compare(comparators=[value]) | ast.Assign(value=value):
            return [value]
        case ast.Return(value=value) if value is not None:
            return [value]
        case _:
            return []


def _constant_edits(
    source: Source, node: ast.Constant, value: object
) -> Iterator[Edit]:
    match value:
        case bool():
            others = [(str(not value), 2)]
        case int():
            others = list(_other_numbers(value))
        case float():
            others = [(repr(value * by), 6) for by in (-1, 10, 0.1, 100, 0.01)]
        case str():
            texts = ("", " ", value.strip(), value.lower(), value.upper())
            others = [(repr(text), 5) for text in texts]
        case None:
            others = [(text, 6) for text in ("0", "[]", '""', "False")]
        case _:
            others = []
    for text, weight in others:
        if text != repr(value):
            yield source.replacing(node, text, weight)


def _other_numbers(value: int) -> Iterator[tuple[str, int]]:
    for other, weight in ((value + 1, 2), (value - 1, 2), (0, 4), (1, 4)):
        # A negative constant is written with an operator, which has its own edits.
        if other >= 0 or value == 0:
            yield str(other), weight
    if value > 1:
        for other in (value * 2, value // 2, value * 10, value // 10):
            yield str(other), 7


def _shifted(source: Source, node: ast.expr, weight: int) -> Iterator[Edit]:
    """Add or subtract one; constants are changed elsewhere."""
    match node:
        case ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript() | ast.BinOp():
            text = source.segment(node)
            yield source.replacing(node, f"{text} + 1", weight)
            yield source.replacing(node, f"{text} - 1", weight)
        case ast.Constant(value=0) if weight < 3:  # noqa: PLR2004
            yield source.replacing(node, "-1", 2)
        case _:
            pass


def _slice_edits(
    source: Source, node: ast.Subscript, bounds: ast.Slice
) -> Iterator[Edit]:
    for bound in (bounds.lower, bounds.upper):
        if bound is not None:
            yield from _shifted(source, bound, 2)
    lower = source.segment(bounds.lower) if bounds.lower else ""
    upper = source.segment(bounds.upper) if bounds.upper else ""
    container = source.segment(node.value)
    if bounds.step is None:
        for text in (f"1:{upper}", f"{lower}:-1", f":{upper}", f"{lower}:", ":"):
            yield source.replacing(node, f"{container}[{text}]", 5)
        if bool(lower) != bool(upper):
            yield source.replacing(node, f"{container}[{upper}:{lower}]", 4)


def _range_edits(
    source: Source, node: ast.Call, arguments: list[ast.expr]
) -> Iterator[Edit]:
    for argument in arguments[:2]:
        yield from _shifted(source, argument, 2)
    texts = [source.segment(argument) for argument in arguments]
    match texts:
        case [stop]:
            yield source.replacing(node, f"range(1, {stop})", 3)
            yield source.replacing(node, f"range(1, {stop} + 1)", 3)
        case [start, stop]:
            yield source.replacing(node, f"range({stop})", 4)
            yield source.replacing(node, f"range({start}, {stop}, -1)", 5)
            yield source.replacing(node, f"range({start}, {stop}, 2)", 6)
        case [start, stop, _]:
            yield source.replacing(node, f"range({start}, {stop})", 5)
        case _:
            pass
