"""What the names of a test file mean, said with names of the module under test.

A call that was taken out of a test file runs in the namespace of the module under
test. There, what the file imported from that module has its own name, and everything
else that the file imported has to be imported by the expression itself.
"""

import ast
import copy
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from orps_search.source.dotted import dotted

_OWN = ast.Constant(value="the module under test")
"""What a name means that stands for the whole module; recognized by identity."""


class Meanings:
    """Resolves expressions of one test file, or of one function in it."""

    def __init__(
        self, module_path: str, known: Mapping[str, ast.expr] = MappingProxyType({})
    ) -> None:
        self._module_path = module_path
        self._known = dict(known)

    def inside(self) -> "Meanings":
        """The same meanings, to be extended without changing these."""
        return Meanings(self._module_path, self._known)

    def know_imports(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            match statement:
                case ast.Import(names=names):
                    for name in names:
                        self._import(name)
                case ast.ImportFrom(module=module, names=names):
                    for name in names:
                        self._import_from(module or "", name)
                case _:
                    pass

    def put(self, name: str, meaning: ast.expr) -> None:
        """`name` may be dotted, such as `self.stack`."""
        self._known[name] = meaning

    def drop(self, name: str) -> None:
        self._known.pop(name, None)

    def resolved(self, node: ast.expr) -> ast.expr:
        """A copy, with every known name replaced by what it means."""
        return _Resolver(self._known).visit(copy.deepcopy(node))

    def _import(self, name: ast.alias) -> None:
        if self._is_own(name.name):
            self._known[name.asname or name.name] = _OWN
        elif name.asname:
            self._known[name.asname] = _imported(name.name)
        else:
            root = name.name.partition(".")[0]
            self._known[root] = _imported(root)

    def _import_from(self, module: str, name: ast.alias) -> None:
        bound = name.asname or name.name
        if self._is_own(module):
            self._known[bound] = ast.Name(id=name.name, ctx=ast.Load())
        elif self._is_own(f"{module}.{name.name}" if module else name.name):
            self._known[bound] = _OWN
        elif module:
            self._known[bound] = _attribute(_imported(module), name.name)

    def _is_own(self, dotted: str) -> bool:
        """Tests may run from any folder above the module."""
        parts = PurePosixPath(self._module_path).with_suffix("").parts
        if parts and parts[-1] == "__init__":
            parts = parts[:-1]
        wanted = tuple(dotted.split("."))
        return bool(dotted) and wanted == parts[len(parts) - len(wanted) :]


class _Resolver(ast.NodeTransformer):
    def __init__(self, known: Mapping[str, ast.expr]) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        meaning = self._known.get(node.id)
        if meaning is None or meaning is _OWN:
            return node
        return copy.deepcopy(meaning)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = dotted(node)
        if name in self._known and self._known[name] is not _OWN:
            return copy.deepcopy(self._known[name])
        if self._known.get(dotted(node.value)) is _OWN:
            return ast.Name(id=node.attr, ctx=ast.Load())
        node.value = self.visit(node.value)
        return node

    def visit_Await(self, node: ast.Await) -> ast.expr:
        run = _attribute(_imported("asyncio"), "run")
        return ast.Call(func=run, args=[self.visit(node.value)], keywords=[])


def _imported(module: str) -> ast.expr:
    importer = ast.Call(
        func=ast.Name(id="__import__", ctx=ast.Load()),
        args=[ast.Constant(value="importlib")],
        keywords=[],
    )
    return ast.Call(
        func=_attribute(importer, "import_module"),
        args=[ast.Constant(value=module)],
        keywords=[],
    )


def _attribute(value: ast.expr, name: str) -> ast.expr:
    return ast.Attribute(value=value, attr=name, ctx=ast.Load())
