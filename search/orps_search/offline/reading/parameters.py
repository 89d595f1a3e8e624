"""`@pytest.mark.parametrize` and its likes: the values a test function gets."""

import ast
from itertools import product

from orps_search.offline.reading.evaluator import Evaluator, Scope
from orps_search.offline.reading.subject import Function
from orps_search.offline.reading.symbols import Unknown
from orps_search.offline.values import Value
from orps_search.source.dotted import dotted


def parameter_sets(evaluator: Evaluator, function: Function) -> list[Scope]:
    """Return one scope per parameter set; a single empty one without decorators."""
    axes: list[list[Scope]] = []
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=func, args=[names, values, *_]) if dotted(func).endswith(
                "parametrize"
            ):
                axes.append(_axis(evaluator, names, values))
            case _:
                pass
    return [
        {name: value for scope in scopes for name, value in scope.items()}
        for scopes in product(*axes)
    ]


def _axis(evaluator: Evaluator, names: ast.expr, values: ast.expr) -> list[Scope]:
    given = evaluator.plain(names)
    keys = (
        [name.strip() for name in given.split(",")]
        if isinstance(given, str)
        else list(given)
    )
    return [_bound(evaluator, keys, row) for row in _rows(evaluator, values)]


def _rows(evaluator: Evaluator, values: ast.expr) -> list[ast.expr | Value]:
    """Return rows unevaluated where possible, since one may hold the unknowable."""
    if isinstance(values, (ast.List, ast.Tuple)):
        return list(values.elts)
    return list(evaluator.plain(values))


def _bound(evaluator: Evaluator, keys: list[str], row: ast.expr | Value) -> Scope:
    match row:
        case ast.Call(func=func, args=arguments) if dotted(func).endswith("param"):
            cells: list[Value] = list(arguments)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if len(keys) > 1:
            cells = list(elements)
        case ast.expr():
            cells = [row]
        case _:
            cells = [row] if len(keys) == 1 else list(row)
    if len(cells) == 1 < len(keys):
        cells = list(evaluator.plain(cells[0]))
    if len(cells) != len(keys):
        raise Unknown
    return {key: _cell(evaluator, cell) for key, cell in zip(keys, cells, strict=True)}


def _cell(evaluator: Evaluator, cell: Value) -> Value:
    """Return a cell's value; an exception class stands for itself, by name."""
    if not isinstance(cell, ast.expr):
        return cell
    try:
        return evaluator.value(cell)
    except Unknown as unknown:
        return unknown
