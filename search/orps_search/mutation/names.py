"""Wrong names: variables, attributes, functions, methods, and swapped arguments."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator
from orps_search.mutation.scope import Scope

_FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "all": ("any",),
    "any": ("all",),
    "max": ("min", "sum"),
    "min": ("max", "sum"),
    "sum": ("max", "len"),
    "len": ("sum",),
    "sorted": ("list", "reversed"),
    "reversed": ("list", "sorted"),
    "int": ("round", "float", "str"),
    "round": ("int",),
    "float": ("int",),
    "list": ("sorted", "set"),
    "set": ("list", "sorted"),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "zip": ("enumerate",),
}

_METHODS: Final[dict[str, tuple[str, ...]]] = {
    "append": ("extend", "insert", "remove"),
    "extend": ("append",),
    "add": ("discard", "update"),
    "discard": ("add",),
    "remove": ("append", "discard"),
    "pop": ("popitem", "get"),
    "popleft": ("pop",),
    "appendleft": ("append",),
    "keys": ("values", "items"),
    "values": ("keys", "items"),
    "items": ("keys", "values"),
    "lower": ("upper", "casefold"),
    "upper": ("lower", "title"),
    "title": ("capitalize", "upper"),
    "capitalize": ("title", "lower"),
    "strip": ("lstrip", "rstrip"),
    "lstrip": ("rstrip", "strip"),
    "rstrip": ("lstrip", "strip"),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "find": ("rfind",),
    "rfind": ("find",),
    "index": ("rindex", "count"),
    "count": ("index",),
    "isalpha": ("isalnum", "isdigit"),
    "isalnum": ("isalpha",),
    "isdigit": ("isalpha", "isalnum"),
    "isupper": ("islower",),
    "islower": ("isupper",),
    "ljust": ("rjust", "center"),
    "rjust": ("ljust", "center"),
    "split": ("rsplit", "splitlines"),
    "rsplit": ("split",),
    "partition": ("rpartition",),
    "rpartition": ("partition",),
    "removeprefix": ("removesuffix",),
    "removesuffix": ("removeprefix",),
    "union": ("intersection", "difference"),
    "intersection": ("union", "difference"),
    "difference": ("intersection", "symmetric_difference"),
}

_MAX_OTHER_NAMES: Final = 10


def name_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    """Yield the edits that exchange one name, or two arguments."""
    yield from tagged(Operator.VARIABLE, _name_edits(source, scope))


def _name_edits(source: Source, scope: Scope) -> Iterator[Edit]:
    attributes = _attributes(source)
    called = {
        id(node.func) for node in source.body_nodes() if isinstance(node, ast.Call)
    }
    for node in source.body_nodes():
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if id(node) not in called:
                for other in islice(scope.like(name), _MAX_OTHER_NAMES):
                    weight = 4 if scope.are_alike(name, other) else 6
                    yield source.replacing(node, other, weight)
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if (
                id(node) not in called
            ):
                for other in attributes:
                    if other != name:
                        yield source.replacing(node, f"self.{other}", 4)
            case ast.Call():
                yield from tagged(Operator.CALL, _call_edits(source, node))
            case _:
                pass


def _attributes(source: Source) -> list[str]:
    names = [
        node.attr
        for node in source.body_nodes()
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"
    ]
    return list(dict.fromkeys(names))


def _call_edits(source: Source, node: ast.Call) -> Iterator[Edit]:
    match node.func:
        case ast.Name(id=name):
            for other in _FUNCTIONS.get(name, ()):
                yield source.replacing(node.func, other, 2)
        case ast.Attribute(attr=name, value=owner):
            before = source.segment(owner)
            alternatives = _METHODS.get(name) or _FUNCTIONS.get(name, ())
            for other in alternatives:
                yield source.replacing(node.func, f"{before}.{other}", 2)
            if not node.args and not node.keywords:
                yield source.replacing(node, before, 6)
        case _:
            pass
    for left, right in zip(node.args, node.args[1:], strict=False):
        what = f"the order of the arguments of `{ast.unparse(node.func)}`"
        swapped = source.swapping(left, right, 3, what)
        yield from tagged(Operator.ARGUMENT_SWAP, [swapped])
    if isinstance(node.func, ast.Name) and node.func.id in {
        "abs",
        "list",
        "set",
        "int",
    }:
        for argument in node.args[:1]:
            yield source.replacing(node, source.segment(argument), 6)
