"""Which names a piece of code needs, and which a module offers."""

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orps_search.source.definitions import bound_by, flat_statements
from orps_search.source.stubs import is_stub

BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One name that an import binds, and where it comes from."""

    name: str
    module: str
    """Dotted, with leading dots where it is relative."""
    attribute: str | None = None
    """`None` for `import module`; `*` for a star import."""
    is_alias: bool = False
    """`import a.b as name`, as against `import a.b`, which binds `a`."""

    def __str__(self) -> str:
        if self.attribute is None:
            alias = f" as {self.name}" if self.is_alias else ""
            return f"import {self.module}{alias}"
        alias = f" as {self.name}" if self.name != self.attribute else ""
        return f"from {self.module} import {self.attribute}{alias}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleNames:
    """What code inside a module can count on at run time."""

    defined: frozenset[str]
    """Bound by statements other than imports; not by stubs, which cannot work."""
    stubs: frozenset[str]
    imports: tuple[Import, ...]

    @property
    def has_star(self) -> bool:
        """Whether it has names that nobody can tell from its text."""
        return any(found.name == "*" for found in self.imports)

    def binds(self, name: str) -> bool:
        return name in self.defined or any(i.name == name for i in self.imports)


def free_names(suite: Iterable[str], parameters: Iterable[str] = ()) -> set[str]:
    """Names that a function with these lines (at column 4) takes from outside.

    Raises `SyntaxError` where the lines could not stand in a function.
    """
    source = "\n".join([f"def _({', '.join(parameters)}):", *suite, ""])
    table = symtable.symtable(source, "<reply>", "exec")
    free = {
        symbol.get_name()
        for function in table.get_children()
        for scope in _scopes(function)
        for symbol in scope.get_symbols()
        if symbol.is_global()
    }
    return free - BUILTINS


def imports_of(statement: ast.stmt) -> list[Import]:
    match statement:
        case ast.Import(names=names):
            return [
                Import(
                    name=alias.asname or alias.name.partition(".")[0],
                    module=alias.name,
                    is_alias=alias.asname is not None,
                )
                for alias in names
            ]
        case ast.ImportFrom(names=names, module=module, level=level):
            source = "." * level + (module or "")
            return [
                Import(name=a.asname or a.name, module=source, attribute=a.name)
                for a in names
                if source != "__future__"
            ]
        case _:
            return []


def module_names(tree: ast.Module) -> ModuleNames:
    defined: set[str] = set()
    stubs: set[str] = set()
    imports: list[Import] = []
    for statement in _at_run_time(tree.body):
        found = imports_of(statement)
        imports += found
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            names = stubs if is_stub(statement, None) else defined
            names.add(statement.name)
        elif not found:
            defined.update(bound_by(statement))
    return ModuleNames(
        defined=frozenset(defined), stubs=frozenset(stubs), imports=tuple(imports)
    )


def _at_run_time(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run; `if TYPE_CHECKING:` only pretends to."""
    for statement in body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(
            statement.test
        ):
            yield from flat_statements(statement.orelse)
        else:
            yield from flat_statements([statement])


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)
