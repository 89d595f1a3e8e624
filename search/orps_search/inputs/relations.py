"""What holds between the arguments of every call that a test makes.

`pairs([1, 2, 3], n=3)`: a number that is the length of another argument, and is named
like one, goes with it. Calls that break this are outside of what the function is for,
and what right programs do with them says nothing.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from orps_search.problem import Problem
from orps_search.source.target import TargetKind

_NAMES: Final = frozenset({"count", "l", "m", "n", "total"})
_BEGINNINGS: Final = ("len", "num", "size")

Length = tuple[int, int]
"""Which argument is the length of which other one."""


def lengths_in(problem: Problem, calls: Sequence[str]) -> frozenset[Length]:
    """The relations that hold in all calls of the target itself."""
    names = _parameters(problem)
    shared: frozenset[Length] | None = None
    for call in calls:
        arguments = _arguments(problem, call)
        if arguments is not None:
            found = frozenset(_lengths(arguments, names))
            shared = found if shared is None else shared & found
    return shared or frozenset()


def with_lengths(problem: Problem, call: str, lengths: frozenset[Length]) -> str:
    """The call with its numbers as the relations want them."""
    arguments = _arguments(problem, call) if lengths else None
    if arguments is None:
        return call
    for number, other in lengths:
        if max(number, other) < len(arguments):
            length = _length(arguments[other])
            if length is not None:
                arguments[number] = ast.Constant(value=length)
    called = ast.Call(
        func=ast.Name(id=problem.target.qualname), args=arguments, keywords=[]
    )
    return ast.unparse(ast.fix_missing_locations(called))


def _lengths(arguments: Sequence[ast.expr], names: Sequence[str]) -> Iterator[Length]:
    for number, (argument, name) in enumerate(zip(arguments, names, strict=False)):
        if name not in _NAMES and not name.startswith(_BEGINNINGS):
            continue
        match argument:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                for other, each in enumerate(arguments):
                    if _length(each) == value:
                        yield number, other
            case _:
                pass


def _length(argument: ast.expr) -> int | None:
    match argument:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return len(elements)
        case ast.Constant(value=str() as text):
            return len(text)
        case _:
            return None


def _arguments(problem: Problem, call: str) -> list[ast.expr] | None:
    """The arguments of a plain call of the target, and of nothing else."""
    match ast.parse(call, mode="eval").body:
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if (
            name == problem.target.qualname
        ):
            return arguments
        case _:
            return None


def _parameters(problem: Problem) -> list[str]:
    if problem.target.kind is not TargetKind.FUNCTION:
        return []
    try:
        function = ast.parse(problem.target.header.rstrip() + "\n    pass").body[-1]
    except SyntaxError:
        return []
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    return [
        each.arg.lower() for each in [*function.args.posonlyargs, *function.args.args]
    ]
