"""The cases of a project that have to do with the target's module."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from orps_search.source.heal import Healed, heal
from orps_search.source.parse import Unparsable, parse
from orps_server.discovery.bindings import Bindings, bindings_in, every_name
from orps_server.discovery.case_file import (
    Case,
    CaseFile,
    Closure,
    closure,
    read_case_file,
)
from orps_server.discovery.config import Naming
from orps_server.discovery.project_tree import ProjectTree
from orps_server.discovery.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    file: CaseFile
    case: Case
    closure: Closure
    reached: frozenset[str]
    """Definitions of the target's module that it may enter."""

    @property
    def node_id(self) -> str:
        return f"{self.file.path}::{self.case.id}"


def related_files(
    files: ProjectTree, subject: Subject, paths: Iterable[str], naming: Naming
) -> Iterator[CaseFile]:
    """Those of `paths` that know the module: by import, by name, by a conftest."""
    for path in paths:
        text = subject.text if path == subject.path else files.read(path)
        if _mentions(text, subject):
            file = _read(path, text, subject, naming)
            if file is None:
                continue
            outer = _conftests(files, subject, file.path, naming)
            if file.bindings or any(conftest.bindings for conftest in outer):
                yield file


def broken_files(
    files: ProjectTree, subject: Subject, paths: Iterable[str]
) -> Iterator[str]:
    """What is wrong with files of tests that would know the module if they parsed."""
    for path in paths:
        text = files.read(path)
        if path != subject.path and _mentions(text, subject):
            parsed = parse(text)
            if isinstance(parsed, Unparsable):
                yield f"{path} has a syntax error on {parsed}"


def any_file(
    files: ProjectTree, subject: Subject, path: str, naming: Naming
) -> CaseFile | None:
    """A file that was asked for by name, whatever it imports."""
    text = subject.text if path == subject.path else files.read(path)
    return _read(path, text, subject, naming)


def cases_of(
    files: ProjectTree, subject: Subject, file: CaseFile, naming: Naming
) -> Iterator[FoundCase]:
    outer = list(_conftests(files, subject, file.path, naming))
    for case in file.cases:
        found = closure(case, file, outer)
        reached = subject.graph.reach(found.symbols, found.attributes)
        yield FoundCase(file=file, case=case, closure=found, reached=reached)


def _read(path: str, text: str, subject: Subject, naming: Naming) -> CaseFile | None:
    healed = heal(text)
    if not isinstance(healed, Healed):
        return None
    file = PurePosixPath(path)
    tree = healed.parsed.tree
    bindings = _bindings(tree, text, file, subject)
    return read_case_file(file, text, tree, bindings, naming)


def _bindings(
    tree: ast.Module, text: str, file: PurePosixPath, subject: Subject
) -> Bindings:
    if str(file) == subject.path:
        return every_name(subject.module)
    bindings = bindings_in(tree, file, subject.module)
    if bindings:
        return bindings
    stem = subject.module.parts[-1] if subject.module.parts else ""
    tail = subject.name.rpartition(".")[2]
    named_for_it = file.stem in (f"test_{stem}", f"{stem}_test", f"tests_{stem}")
    if named_for_it and re.search(rf"\b{re.escape(tail)}\b", text):
        # However the names get there, this file is about the module.
        return every_name(subject.module)
    return bindings


def _conftests(
    files: ProjectTree, subject: Subject, path: PurePosixPath, naming: Naming
) -> Iterator[CaseFile]:
    """From the nearest folder outward."""
    for folder in path.parents:
        conftest = str(folder / "conftest.py")
        if files.exists(conftest):
            found = _read(conftest, files.read(conftest), subject, naming)
            if found is not None:
                yield found


def _mentions(text: str, subject: Subject) -> bool:
    """Whether it has a word of a related file: the module, its package, or us."""
    words = {*subject.module.parts[-2:], *subject.name.split(".")}
    return re.search("|".join(map(re.escape, words)), text) is not None
