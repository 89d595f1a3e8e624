"""One file of tests: its cases, and what each of them leads to."""

import ast
import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from orps_search.source.definitions import (
    Function,
    base_names,
    bound_by,
    decorator_names,
    flat_statements,
    named_definitions,
)
from orps_server.discovery.bindings import Bindings
from orps_server.discovery.config import Naming
from orps_server.discovery.uses import Uses, uses_of, uses_of_class_body

_CLASS_SETUP = (
    "setUp",
    "tearDown",
    "setUpClass",
    "tearDownClass",
    "asyncSetUp",
    "asyncTearDown",
    "setup_method",
    "teardown_method",
    "setup_class",
    "teardown_class",
)
_FILE_SETUP = ("setUpModule", "setup_module", "setup_function", "pytestmark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    id: str
    """Within the file: `Class::test_push`."""
    roots: tuple[str, ...]
    """The units that run for it."""
    family: tuple[str, ...]
    """Its class and the bases in the same file, by qualified name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    path: PurePosixPath
    text: str
    bindings: Bindings
    units: Mapping[str, Uses]
    """Functions, classes, methods and constants by qualified name."""
    cases: tuple[Case, ...]
    always: tuple[str, ...]
    """Units that run for every case: autouse fixtures, module set-up."""

    @property
    def is_conftest(self) -> bool:
        return self.path.name == "conftest.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """All that one case may enter on the side of the tests."""

    symbols: frozenset[str]
    """Names of the target's module that are mentioned on the way."""
    attributes: frozenset[str]
    units: frozenset[tuple[PurePosixPath, str]]


def closure(case: Case, file: CaseFile, conftests: Sequence[CaseFile]) -> Closure:
    pending = [(file, name) for name in (*case.roots, *file.always)]
    pending += [(outer, name) for outer in conftests for name in outer.always]
    seen: set[tuple[PurePosixPath, str]] = set()
    symbols: set[str] = set()
    attributes: set[str] = set()
    while pending:
        home, name = pending.pop()
        if (home.path, name) in seen:
            continue
        seen.add((home.path, name))
        uses = home.units[name]
        symbols |= home.bindings.symbols(uses)
        attributes |= uses.attributes
        pending += _next(uses, case, home, file, conftests)
    return Closure(
        symbols=frozenset(symbols),
        attributes=frozenset(attributes),
        units=frozenset(seen),
    )


def read_case_file(
    path: PurePosixPath, text: str, tree: ast.Module, bindings: Bindings, naming: Naming
) -> CaseFile:
    units = dict(_units(tree))
    always = [name for name in _FILE_SETUP if name in units]
    always += [
        statement.name
        for statement in flat_statements(tree.body)
        if isinstance(statement, Function) and _is_autouse(statement)
    ]
    is_conftest = path.name == "conftest.py"
    return CaseFile(
        path=path,
        text=text,
        bindings=bindings,
        units=units,
        cases=() if is_conftest else tuple(_cases(tree, units, naming)),
        always=tuple(always),
    )


def _next(
    uses: Uses,
    case: Case,
    home: CaseFile,
    file: CaseFile,
    conftests: Sequence[CaseFile],
) -> Iterator[tuple[CaseFile, str]]:
    for name in uses.names:
        if name in home.units:
            yield home, name
        elif home is file:
            yield from (
                (home, f"{k}.{name}")
                for k in case.family
                if f"{k}.{name}" in home.units
            )
        for outer in conftests:
            # A fixture of a conftest; a plain function there is not in scope.
            if outer is not home and name not in file.units and name in outer.units:
                yield outer, name
    if home is file:
        for attribute in uses.attributes:
            for member in (f"{owner}.{attribute}" for owner in case.family):
                if member in home.units:
                    yield home, member


def _units(tree: ast.Module) -> Iterator[tuple[str, Uses]]:
    for statement in flat_statements(tree.body):
        if not isinstance(
            statement, Function | ast.ClassDef | ast.Import | ast.ImportFrom
        ):
            for name in bound_by(statement):
                yield name, uses_of(statement)
    for qualname, named in named_definitions(tree).items():
        node = named.node
        uses = (
            uses_of_class_body(node)
            if isinstance(node, ast.ClassDef)
            else uses_of(node)
        )
        yield qualname, uses


def _cases(
    tree: ast.Module, units: Mapping[str, Uses], naming: Naming
) -> Iterator[Case]:
    definitions = named_definitions(tree)
    classes = {
        q: d.node for q, d in definitions.items() if isinstance(d.node, ast.ClassDef)
    }
    for qualname, named in definitions.items():
        if not isinstance(named.node, Function) or named.parent is not None:
            continue
        if _is_named(qualname, naming.functions) and not _is_fixture(named.node):
            yield Case(id=qualname, roots=(qualname,), family=())
    for qualname, node in classes.items():
        family = tuple(_family(qualname, classes))
        is_unittest = any(_is_unittest(classes[member]) for member in family)
        if not is_unittest and not _is_named(node.name, naming.classes):
            continue
        prefixes = ("test",) if is_unittest else naming.functions
        set_up = tuple(_set_up(family, classes, units))
        methods = dict.fromkeys(
            name
            for member in family
            for name in _methods(classes[member])
            if _is_named(name, prefixes)
        )
        for name in methods:
            owner = next(k for k in family if f"{k}.{name}" in units)
            yield Case(
                id=f"{qualname.replace('.', '::')}::{name}",
                roots=(f"{owner}.{name}", *family, *set_up),
                family=family,
            )


def _set_up(
    family: Iterable[str],
    classes: Mapping[str, ast.ClassDef],
    units: Mapping[str, Uses],
) -> Iterator[str]:
    for member in family:
        yield from (f"{member}.{n}" for n in _CLASS_SETUP if f"{member}.{n}" in units)
        for statement in classes[member].body:
            if isinstance(statement, Function) and _is_autouse(statement):
                yield f"{member}.{statement.name}"


def _family(qualname: str, classes: Mapping[str, ast.ClassDef]) -> Iterator[str]:
    """A class and those of its bases that the file defines, nearest first."""
    pending, seen = [qualname], set[str]()
    while pending:
        name = pending.pop(0)
        if name in seen or name not in classes:
            continue
        seen.add(name)
        yield name
        pending += base_names(classes[name])


def _methods(node: ast.ClassDef) -> Iterator[str]:
    for statement in flat_statements(node.body):
        if isinstance(statement, Function) and not _is_fixture(statement):
            yield statement.name


def _is_unittest(node: ast.ClassDef) -> bool:
    return any(base.endswith("TestCase") for base in base_names(node))


def _is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(n.rpartition(".")[2] == "fixture" for n in decorator_names(node))


def _is_autouse(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return _is_fixture(node) and any(
        "autouse=True" in ast.unparse(decorator) for decorator in node.decorator_list
    )


def _is_named(name: str, patterns: Sequence[str]) -> bool:
    """As pytest has it, a pattern is a prefix or a glob."""
    return any(name.startswith(p) or fnmatch.fnmatchcase(name, p) for p in patterns)
