"""Which docstring examples can be believed.

Many docstrings show examples that were never run: outputs that are prose, or an
assignment that prints. Beside real tests such a doctest would fail whatever is
written; alone it is all that there is.
"""

import ast
import builtins
import doctest
from collections.abc import Callable, Iterable

from orps_search.source.parse import parse_tree
from orps_server.discovery.uses import Uses, uses_of

_KNOWN = frozenset(dir(builtins))


def examples_of(docstring: str | None) -> list[doctest.Example]:
    """Empty where there are none, or where doctest cannot read them."""
    try:
        return doctest.DocTestParser().get_examples(docstring or "")
    except ValueError:
        return []


def doubt(
    examples: Iterable[doctest.Example],
    known: Iterable[str],
    silent: Callable[[str], bool],
) -> str | None:
    """Why these examples may fail although the code is right.

    `silent` says of a function's name whether a call of it surely prints nothing.
    """
    names = _KNOWN | set(known)
    for number, example in enumerate(examples, 1):
        try:
            tree = parse_tree(example.source)
        except SyntaxError:
            return f"example {number} is not Python"
        unknown = _loaded(tree) - names - _stored(tree)
        if unknown:
            return f"example {number} uses `{min(unknown)}`, which is not defined"
        names |= _stored(tree)
        if not example.want and _may_print(tree, silent):
            return f"example {number} may print a value and expects none"
        if not _can_print(tree, example):
            return f"example {number} expects output that it cannot print literally"
    return None


def uses_in(examples: Iterable[doctest.Example]) -> Uses:
    found = Uses()
    for example in examples:
        try:
            found |= uses_of(parse_tree(example.source))
        except SyntaxError:
            continue
    return found


def _may_print(tree: ast.Module, silent: Callable[[str], bool]) -> bool:
    match tree.body[-1]:
        case ast.Expr(
            value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))
        ):
            return not silent(name)
        case ast.Expr():
            return True
        case _:
            return False


def _can_print(tree: ast.Module, example: doctest.Example) -> bool:
    want = example.want.rstrip("\n")
    if not want or example.exc_msg is not None or example.options:
        return True
    if not isinstance(tree.body[-1], ast.Expr):
        return False
    if "print" in _loaded(tree):
        return True
    try:
        return repr(ast.literal_eval(want)) == want
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False


def _loaded(tree: ast.Module) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _is_load(n)}


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _stored(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=alias):
                found.add(alias or name.partition(".")[0])
            case ast.arg(arg=name):
                found.add(name)
            case _:
                pass
    return found
