"""More calls like the ones that tests make: the same calls with other arguments.

The places where literal arguments stand are the sites of a call. A variant changes
one or two of them, by mutation or by what stood at the same place of another call.
"""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from orps_search.inputs.annotated import Unmakable, made
from orps_search.inputs.relations import lengths_in, with_lengths
from orps_search.inputs.values import Value, mutated
from orps_search.problem import Problem
from orps_search.source.dotted import dotted
from orps_search.source.target import TargetKind

_TRIES = 8
"""For each call that is wanted; small domains run out of new ones."""
_MAX_CHARACTERS = 2_000
_NOT_VARIED = {*dir(builtins), "import_module"}
"""Functions whose arguments say how a test looks at a result."""

Key = tuple[str, int | str]
"""The function's name, and which of its arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    key: Key
    value: Value
    ordinal: int
    """The how-manieth site of its call."""


def variants(
    problem: Problem, calls: Sequence[str], *, seed: int, limit: int
) -> tuple[str, ...]:
    """At most `limit` calls that are not among `calls`; the same for the same seed."""
    # It makes inputs, it keeps no secret; and the seed is what makes it repeatable.
    rng = Random(seed)  # noqa: S311
    sites = {call: _sites(call) for call in calls}
    fertile = [call for call in calls if sites[call]]
    pools: Mapping[Key, list[Value]] = _pools(sites)
    lengths = lengths_in(problem, calls)
    found: dict[str, None] = {}
    for attempt in range(_TRIES * limit):
        if len(found) >= limit:
            break
        if fertile:
            base = fertile[attempt % len(fertile)]
            call = _changed(base, sites[base], pools, rng)
            call = call and with_lengths(problem, call, lengths)
        else:
            call = _from_signature(problem, rng)
        if call is not None and call not in sites and len(call) <= _MAX_CHARACTERS:
            found.setdefault(call)
    return tuple(found)


def _changed(
    call: str, sites: Sequence[Site], pools: Mapping[Key, list[Value]], rng: Random
) -> str | None:
    changes: dict[int, Value] = {}
    for site in rng.sample(sites, min(len(sites), rng.choice((1, 1, 2)))):
        pool = pools[site.key]
        value = rng.choice(pool) if not rng.randrange(4) else site.value
        if repr(value) == repr(site.value) or not rng.randrange(3):
            for _ in range(rng.choice((1, 1, 2, 3))):
                value = mutated(value, rng, pool)
        changes[site.ordinal] = value
    return _with_values(call, changes)


def _pools(sites: Mapping[str, Sequence[Site]]) -> Mapping[Key, list[Value]]:
    pools: dict[Key, dict[str, Value]] = defaultdict(dict)
    for found in sites.values():
        for site in found:
            pools[site.key].setdefault(repr(site.value), site.value)
    return {key: list(values.values()) for key, values in pools.items()}


def _sites(call: str) -> list[Site]:
    tree = ast.parse(call, mode="eval")
    return [
        Site(key=key, value=ast.literal_eval(node), ordinal=ordinal)
        for ordinal, (key, node) in enumerate(_arguments(tree))
    ]


def _with_values(call: str, changes: Mapping[int, Value]) -> str | None:
    tree = ast.parse(call, mode="eval")
    for ordinal, (_, node) in enumerate(list(_arguments(tree))):
        if ordinal in changes:
            written = _expression(changes[ordinal])
            if written is None:
                return None
            _replace(tree, node, written)
    return ast.unparse(ast.fix_missing_locations(tree))


def _arguments(tree: ast.AST) -> Iterator[tuple[Key, ast.expr]]:
    """Literal arguments of all calls but those of built-in functions, in order."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func) or ast.unparse(node.func)
        bare = name.rpartition(".")[2]
        if bare in _NOT_VARIED:
            continue
        for idx, argument in enumerate(node.args):
            if _is_plain(argument):
                yield (bare, idx), argument
        for keyword in node.keywords:
            if keyword.arg and _is_plain(keyword.value):
                yield (bare, keyword.arg), keyword.value


def _is_plain(node: ast.expr) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return value is not None and value is not ...


def _expression(value: Value) -> ast.expr | None:
    try:
        return ast.parse(repr(value), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None


def _replace(tree: ast.AST, old: ast.expr, new: ast.expr) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.args = [new if each is old else each for each in node.args]
            for keyword in node.keywords:
                if keyword.value is old:
                    keyword.value = new


def _from_signature(problem: Problem, rng: Random) -> str | None:
    """A call made of the annotations alone; `None` where these say too little."""
    target = problem.target
    if target.kind is not TargetKind.FUNCTION:
        return None
    try:
        function = ast.parse(target.header.rstrip() + "\n    pass").body[-1]
    except SyntaxError:
        return None
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    parameters = function.args
    needed = [*parameters.posonlyargs, *parameters.args]
    try:
        values = [repr(made(each.annotation, rng)) for each in needed]
        values += [
            f"{each.arg}={made(each.annotation, rng)!r}"
            for each, default in zip(
                parameters.kwonlyargs, parameters.kw_defaults, strict=True
            )
            if default is None
        ]
    except (Unmakable, ValueError):
        return None
    called = f"{target.qualname}({', '.join(values)})"
    if target.is_async:
        return f"__import__('asyncio').run({called})"
    return called if values else None
