"""A reply's signature against the person's, which stays as it is."""

import ast
from dataclasses import dataclass

from orps_search.source.definitions import Function, decorator_names
from orps_search.source.find import parameters
from orps_search.source.target import TargetKind

_CACHES = ("lru_cache", "cache")
_BOUND = (TargetKind.METHOD, TargetKind.CLASSMETHOD, TargetKind.PROPERTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsBody:
    """The reply's body serves as the body, after `prelude`."""

    prelude: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsInner:
    """The reply's function is nested in the target, which ends with `call`."""

    call: str


def adapt(mine: Function, theirs: Function, kind: TargetKind) -> AsBody | AsInner | str:
    """How to use `theirs` under the header of `mine`; a string says why not.

    A function that is cached, or calls itself by another name or with further
    parameters, works only as a whole, so it is nested.
    """
    own = parameters(mine.args)
    other = parameters(theirs.args)
    if kind in _BOUND and len(other) == len(own) - 1 and other[:1] != own[:1]:
        own = own[1:]
    cached = _is_cached(theirs) and not _is_cached(mine)
    renamed = theirs.name != mine.name
    if kind is TargetKind.FUNCTION and (cached or renamed) and _accepts(mine, theirs):
        return AsInner(call=_call(mine, theirs))
    if set(other) < set(own) or own == other:
        # What it does without may well be of no use.
        return AsBody()
    lacks_self = own != parameters(mine.args)
    if len(own) == len(other) and (lacks_self or _shape(mine) == _shape(theirs)):
        return AsBody(prelude=_renaming(own, other))
    if _accepts(mine, theirs):
        return AsInner(call=_call(mine, theirs))
    return (
        f"the reply's `{theirs.name}` takes ({', '.join(other)}), "
        f"the stub ({', '.join(parameters(mine.args))})"
    )


def _renaming(own: tuple[str, ...], other: tuple[str, ...]) -> str:
    """One statement, since two parameters may have exchanged their names."""
    pairs = [(new, old) for new, old in zip(other, own, strict=True) if new != old]
    names = ", ".join(new for new, _ in pairs)
    return f"{names} = {', '.join(old for _, old in pairs)}"


def _is_cached(node: Function) -> bool:
    return any(n.rpartition(".")[2] in _CACHES for n in decorator_names(node))


def _shape(node: Function) -> tuple[int, bool, int, bool]:
    args = node.args
    n_positional = len(args.posonlyargs) + len(args.args)
    return n_positional, bool(args.vararg), len(args.kwonlyargs), bool(args.kwarg)


def _accepts(mine: Function, theirs: Function) -> bool:
    """Whether all that `mine` is given can be handed on by position."""
    n_mine, rest, n_keyword, keywords = _shape(mine)
    n_theirs, their_rest, _, their_keywords = _shape(theirs)
    n_required = n_theirs - len(theirs.args.defaults)
    unset = any(default is None for default in theirs.args.kw_defaults)
    fits = n_required <= n_mine and (n_mine <= n_theirs or their_rest)
    variadic = (not rest or their_rest) and (not keywords or their_keywords)
    return fits and variadic and not n_keyword and not unset


def _call(mine: Function, theirs: Function) -> str:
    args = mine.args
    given = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    given += [f"*{args.vararg.arg}"] if args.vararg else []
    given += [f"**{args.kwarg.arg}"] if args.kwarg else []
    waits = "await " if isinstance(theirs, ast.AsyncFunctionDef) else ""
    return f"return {waits}{theirs.name}({', '.join(given)})"
