"""Under which names a file knows the target's module."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from orps_search.source.dotted import dotted
from orps_server.discovery.uses import Uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """Both empty in a file that has nothing to do with the module."""

    names: frozenset[tuple[str, str]] = frozenset()
    """(local name, name in the module)."""
    modules: frozenset[str] = frozenset()
    """Dotted expressions that are the module itself."""

    def __bool__(self) -> bool:
        return bool(self.names or self.modules)

    def symbols(self, uses: Uses) -> frozenset[str]:
        """Which of the module's names are mentioned."""
        found = {symbol for local, symbol in self.names if local in uses.names}
        for chain in uses.chains:
            for module in self.modules:
                if chain.startswith(f"{module}."):
                    found.add(chain.removeprefix(f"{module}.").partition(".")[0])
        return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleId:
    """The target's module, as other files may call it."""

    path: PurePosixPath
    symbols: frozenset[str]
    exists: Callable[[str], bool]
    """Whether a file, relative to the root, is on disk or in a buffer."""
    read: Callable[[str], str]
    """Its text, empty where there is none."""

    @property
    def parts(self) -> tuple[str, ...]:
        parts = self.path.with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    def is_called(self, name: str, importer: PurePosixPath) -> bool:
        """Whether `import name` in `importer` may mean this module.

        Any tail of the path may be the name, whatever `sys.path` is at run time,
        unless the name leads to another file from a place that is surely on it.
        """
        wanted = tuple(name.split("."))
        if not wanted or self.parts[-len(wanted) :] != wanted:
            return False
        bases = [importer.parent, PurePosixPath(), PurePosixPath("src")]
        for base in bases:
            for file in _files_of(base.joinpath(*wanted)):
                if self.exists(str(file)):
                    return file == self.path
        return True

    def package_called(self, name: str) -> PurePosixPath | None:
        """The folder of a package around the module that `name` means."""
        wanted = tuple(name.split("."))
        for parent in self.path.parents:
            if parent.parts and parent.parts[-len(wanted) :] == wanted:
                return parent
        return None


def bindings_in(tree: ast.Module, file: PurePosixPath, module: ModuleId) -> Bindings:
    names: set[tuple[str, str]] = set()
    modules: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    if module.is_called(alias.name, file):
                        modules.add(alias.asname or alias.name)
            case ast.ImportFrom():
                found = _from_import(node, file, module)
                names |= found.names
                modules |= found.modules
            case ast.Assign(targets=[ast.Name(id=local)], value=ast.Call() as call):
                if module.is_called(_dynamic_import(call), file):
                    modules.add(local)
            case _:
                pass
    return Bindings(names=frozenset(names), modules=frozenset(modules))


def every_name(module: ModuleId) -> Bindings:
    """For code that stands in the module, or is taken to know its names."""
    return Bindings(names=frozenset((name, name) for name in module.symbols))


def _from_import(
    node: ast.ImportFrom, file: PurePosixPath, module: ModuleId
) -> Bindings:
    source = _absolute(node, file)
    if source is None:
        return Bindings()
    names: set[tuple[str, str]] = set()
    modules: set[str] = set()
    is_module = (
        any(f == module.path for f in _files_of(source))
        if node.level
        else module.is_called(str(node.module), file)
    )
    package = source if node.level else module.package_called(str(node.module))
    for alias in node.names:
        local = alias.asname or alias.name
        if is_module:
            names |= _imported(alias, module)
        elif package is not None and package in module.path.parents:
            if any(f == module.path for f in _files_of(package / alias.name)):
                modules.add(local)
            elif _re_exports(package, alias.name, module):
                names |= _imported(alias, module)
    return Bindings(names=frozenset(names), modules=frozenset(modules))


def _imported(alias: ast.alias, module: ModuleId) -> set[tuple[str, str]]:
    if alias.name == "*":
        return {(name, name) for name in module.symbols}
    return {(alias.asname or alias.name, alias.name)}


def _re_exports(package: PurePosixPath, name: str, module: ModuleId) -> bool:
    """Whether the package's `__init__` seems to pass the module's name on."""
    text = module.read(str(package / "__init__.py"))
    known = name == "*" or name in module.symbols
    return known and (name in text or "*" in text or "__getattr__" in text)


def _absolute(node: ast.ImportFrom, file: PurePosixPath) -> PurePosixPath | None:
    """The path that a relative import means; of an absolute one, its parts."""
    parts = (node.module or "").split(".") if node.module else []
    if node.level == 0:
        return PurePosixPath(*parts)
    if node.level > len(file.parents):
        return None
    return file.parents[node.level - 1].joinpath(*parts)


def _files_of(stem: PurePosixPath) -> tuple[PurePosixPath, ...]:
    if not stem.name:
        return (stem / "__init__.py",)
    return (stem.with_name(stem.name + ".py"), stem / "__init__.py")


def _dynamic_import(call: ast.Call) -> str:
    """The module that `importlib.import_module("...")` names."""
    function = dotted(call.func).rpartition(".")[2]
    match call.args:
        case [ast.Constant(value=str(name)), *_] if function in (
            "import_module",
            "__import__",
        ):
            return name
        case _:
            return "."
