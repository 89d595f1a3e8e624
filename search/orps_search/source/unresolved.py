"""Names that a candidate uses and that nothing defines: it fails where it needs them."""

import ast
import symtable
from collections.abc import Iterator

from orps_search.source.names import BUILTINS, module_names

_BINDERS = {"exec", "eval", "globals", "vars", "setattr"}
"""Who calls one of these may bind a name that no text shows."""


def unresolved_names(text: str, code: str) -> tuple[str, ...]:
    """Of `code` in its place in the module `text`; none where nobody can tell."""
    try:
        has_star = module_names(ast.parse(text)).has_star
        own = list(_scopes(symtable.symtable(code, "<code>", "exec")))
        module = list(_scopes(symtable.symtable(text, "<module>", "exec")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    used = {
        symbol.get_name()
        for scope in own
        for symbol in scope.get_symbols()
        if symbol.is_global() and symbol.is_referenced()
    }
    if has_star or used & _BINDERS:
        return ()
    missing = used - BUILTINS - _bound_at_top(module)
    return tuple(sorted(name for name in missing if not name.startswith("__")))


def _bound_at_top(scopes: list[symtable.SymbolTable]) -> set[str]:
    """By statements of the module, or below it by `global`."""
    return {
        symbol.get_name()
        for scope in scopes
        for symbol in scope.get_symbols()
        if (symbol.is_assigned() or symbol.is_imported())
        and (scope.get_type() == "module" or symbol.is_declared_global())
    }


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)
