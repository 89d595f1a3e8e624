"""Values from annotations, for parameters of which no test shows any."""

import ast
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import TypeVar

from orps_search.inputs.values import Value
from orps_search.source.dotted import dotted

_MAX_DEPTH = 3
_MAX_LENGTH = 5
_WORDS = ("", "a", "ab", "abc", "hello world", "A1 b2", "racecar", "x,y,,z")
_NUMBERS = (0, 1, 2, 3, 5, 7, 10, 12, -1, 100)
_FRACTIONS = (0.0, 1.0, 0.5, 2.5, -1.5, 10.25)


class Unmakable(Exception):
    """Raised for an annotation of which no value can be made here."""


def made(annotation: ast.expr | None, rng: Random, depth: int = 0) -> Value:
    """A value that the annotation allows; raises `Unmakable`."""
    if depth > _MAX_DEPTH:
        raise Unmakable
    match annotation:
        case ast.Constant(value=str(text)):
            return made(_parsed(text), rng, depth)
        case ast.Constant(value=None):
            return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return made(rng.choice((left, right)), rng, depth)
        case ast.Name() | ast.Attribute():
            return _made_by(_PLAIN, annotation)(rng)
        case ast.Subscript(value=origin, slice=inside):
            inner = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            return _made_by(_GENERIC, origin)(inner, rng, depth + 1)
        case _:
            raise Unmakable


def _tuple(inner: list[ast.expr], rng: Random, depth: int) -> Value:
    match inner:
        case [each, ast.Constant(value=value)] if value is ...:
            return tuple(_several(each, rng, depth))
        case _:
            return tuple(made(each, rng, depth) for each in inner)


def _dictionary(inner: list[ast.expr], rng: Random, depth: int) -> Value:
    keys = [_hashable(each) for each in _several(inner[0], rng, depth)]
    return {key: made(inner[-1], rng, depth) for key in keys}


def _optional(inner: list[ast.expr], rng: Random, depth: int) -> Value:
    return made(inner[0], rng, depth) if rng.randrange(5) else None


def _several(annotation: ast.expr, rng: Random, depth: int) -> list[Value]:
    return [made(annotation, rng, depth) for _ in range(rng.randrange(_MAX_LENGTH + 1))]


def _hashable(value: Value) -> Value:
    if isinstance(value, list | set | dict):
        raise Unmakable
    return value


_Maker = TypeVar("_Maker")
_Plain = Callable[[Random], Value]
_Generic = Callable[[list[ast.expr], Random, int], Value]

_PLAIN: Mapping[str, _Plain] = MappingProxyType(
    {
        "int": lambda rng: rng.choice(_NUMBERS),
        "float": lambda rng: rng.choice(_FRACTIONS),
        "str": lambda rng: rng.choice(_WORDS),
        "bool": lambda rng: rng.choice((False, True)),
        "bytes": lambda rng: rng.choice(_WORDS).encode(),
        "list": lambda rng: rng.sample(_NUMBERS, rng.randrange(_MAX_LENGTH)),
        "sequence": lambda rng: rng.sample(_NUMBERS, rng.randrange(_MAX_LENGTH)),
        "iterable": lambda rng: rng.sample(_NUMBERS, rng.randrange(_MAX_LENGTH)),
        "tuple": lambda rng: tuple(rng.sample(_NUMBERS, rng.randrange(_MAX_LENGTH))),
        "set": lambda rng: set(rng.sample(_NUMBERS, 3)),
        "dict": lambda rng: dict(zip(rng.sample(_WORDS, 2), _NUMBERS, strict=False)),
    }
)

_GENERIC: Mapping[str, _Generic] = MappingProxyType(
    {
        "optional": _optional,
        "union": lambda inner, rng, depth: made(rng.choice(inner), rng, depth),
        "annotated": lambda inner, rng, depth: made(inner[0], rng, depth),
        "literal": lambda inner, rng, _: ast.literal_eval(rng.choice(inner)),
        "tuple": _tuple,
        "set": lambda inner, rng, depth: set(
            map(_hashable, _several(inner[0], rng, depth))
        ),
        "dict": _dictionary,
        "mapping": _dictionary,
        "list": lambda inner, rng, depth: _several(inner[0], rng, depth),
        "sequence": lambda inner, rng, depth: _several(inner[0], rng, depth),
        "iterable": lambda inner, rng, depth: _several(inner[0], rng, depth),
        "collection": lambda inner, rng, depth: _several(inner[0], rng, depth),
    }
)
"""By lower-cased name: `List` and `list` mean the same."""


def _made_by(makers: Mapping[str, _Maker], name: ast.expr) -> _Maker:
    maker = makers.get(dotted(name).rpartition(".")[2].lower())
    if maker is None:
        raise Unmakable
    return maker


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise Unmakable from error
