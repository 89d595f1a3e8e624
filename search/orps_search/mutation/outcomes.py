"""Other exceptions than the right ones, and other defaults."""

import ast
from collections.abc import Iterator
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator

_OTHER_ERRORS: Final[dict[str, str]] = {
    "AttributeError": "TypeError",
    "Exception": "ValueError",
    "IndexError": "KeyError",
    "KeyError": "IndexError",
    "RuntimeError": "ValueError",
    "StopIteration": "ValueError",
    "TypeError": "ValueError",
    "ValueError": "TypeError",
    "ZeroDivisionError": "ValueError",
}


def outcome_edits(source: Source) -> Iterator[Edit]:
    """Yield changed exceptions, and changed defaults of parameters."""
    for node in source.body_nodes():
        match node:
            case (
                ast.Raise(exc=ast.Name() as error)
                | ast.Raise(exc=ast.Call(func=ast.Name() as error))
                | ast.ExceptHandler(type=ast.Name() as error)
            ):
                other = _OTHER_ERRORS.get(error.id, "Exception")
                edit = source.replacing(error, other, 6)
                yield from tagged(Operator.EXCEPTION, [edit])
            case _:
                pass
    yield from tagged(Operator.DEFAULT, _defaults(source))


def _defaults(source: Source) -> Iterator[Edit]:
    arguments = source.function.args
    for default in [*arguments.defaults, *arguments.kw_defaults]:
        match default:
            case ast.Constant(value=bool() as value):
                yield source.replacing(default, str(not value), 5)
            case ast.Constant(value=int() as value):
                yield source.replacing(default, str(value + 1), 5)
                if value > 0:
                    yield source.replacing(default, str(value - 1), 5)
            case ast.Constant(value=str() as value) if value:
                yield source.replacing(default, '""', 7)
            case ast.Constant(value=None):
                yield source.replacing(default, "0", 7)
            case _:
                pass
