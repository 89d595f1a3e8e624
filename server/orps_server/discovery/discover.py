"""Which tests decide about a target, found without asking pytest.

A case counts when what it enters, on the side of the tests and then in the
target's module, includes the target. pytest itself collects the result later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orps_sandbox.program import CaseSelection
from orps_search.source.target import Target
from orps_server.discovery.candidates import (
    FoundCase,
    any_file,
    broken_files,
    cases_of,
    related_files,
)
from orps_server.discovery.case_file import CaseFile
from orps_server.discovery.config import Naming, read_naming
from orps_server.discovery.docstrings import select_doctests
from orps_server.discovery.excerpt import excerpt
from orps_server.discovery.explicit import Asked, read_explicit
from orps_server.discovery.project_tree import ProjectTree
from orps_server.discovery.subject import Subject, read_subject
from orps_server.errors import RequestFault

_MAX_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    selection: CaseSelection
    sources: Mapping[str, str]
    """What the model sees of the tests, by path relative to the root."""
    notes: tuple[str, ...]
    """What the person should know about the choice."""


def discover(
    root: Path,
    module_path: str,
    module_text: str,
    target: Target,
    *,
    overlay: Mapping[str, str],
    explicit: Sequence[str] = (),
) -> Discovery:
    """Find the target's tests; `module_path` is POSIX and relative to `root`.

    Raises `RequestFault`, which says where it looked, when there are none.
    """
    files = ProjectTree(root=root, overlay={**overlay, module_path: module_text})
    naming = read_naming(files.read)
    subject = read_subject(files, module_path, module_text, target)
    if explicit:
        return _asked_for(
            files, subject, read_explicit(files, explicit, naming), naming
        )
    searched = _search(files, subject, naming)
    chosen, notes = _able_to_pass(searched.hits, subject)
    doctests, doubts = select_doctests(subject, alone=not chosen)
    if not chosen and not doctests:
        raise _nothing(subject, searched, files, naming)
    return Discovery(
        selection=CaseSelection(
            node_ids=tuple(found.node_id for found in chosen), doctests=doctests
        ),
        sources=_sources(files, chosen),
        notes=(*notes, *doubts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searched:
    hits: list[FoundCase]
    paths: list[str]
    """Where tests may be; the last one is the target's own file."""
    related: list[CaseFile]


def _search(files: ProjectTree, subject: Subject, naming: Naming) -> _Searched:
    paths = files.find(naming.files)
    for folder in naming.folders:
        # `testpaths` may name folders that a walk passes by.
        paths += files.find(naming.files, folder.rstrip("/"))
    paths = list(dict.fromkeys([*paths, subject.path]))
    related = list(related_files(files, subject, paths, naming))
    found = [c for file in related for c in cases_of(files, subject, file, naming)]
    hits = [case for case in found if subject.is_in(case.reached)]
    if not hits:
        # The names may be made up at run time: `getattr(module, name)`.
        hits = [c for c in found if c.file.bindings and not c.closure.symbols]
    return _Searched(hits=hits, paths=paths, related=related)


def _asked_for(
    files: ProjectTree, subject: Subject, asked: Asked, naming: Naming
) -> Discovery:
    exact = {node_id.partition("[")[0] for node_id in asked.node_ids}
    by_id: list[FoundCase] = []
    for path in dict.fromkeys(node_id.partition("::")[0] for node_id in asked.node_ids):
        for found in _all_cases(files, subject, path, naming):
            if any(_is_within(found.node_id, node_id) for node_id in exact):
                by_id.append(found)  # noqa: PERF401
    searched: list[FoundCase] = []
    for path in asked.paths:
        cases = _all_cases(files, subject, path, naming)
        searched += [c for c in cases if subject.is_in(c.reached)] or cases
    chosen, notes = _able_to_pass(searched, subject)
    if not chosen and not asked.node_ids:
        raise RequestFault(
            f"no tests in {', '.join(asked.paths[:_MAX_NAMED])}",
            kind="noTests",
            hint="Tests are functions and methods whose names begin with `test`.",
        )
    ids = (*asked.node_ids, *(found.node_id for found in chosen))
    return Discovery(
        selection=CaseSelection(node_ids=tuple(dict.fromkeys(ids))),
        sources=_sources(files, [*by_id, *chosen]),
        notes=notes,
    )


def _all_cases(
    files: ProjectTree, subject: Subject, path: str, naming: Naming
) -> list[FoundCase]:
    file = any_file(files, subject, path, naming)
    return [] if file is None else list(cases_of(files, subject, file, naming))


def _is_within(node_id: str, wanted: str) -> bool:
    return node_id == wanted or node_id.startswith(f"{wanted}::")


def _able_to_pass(
    hits: list[FoundCase], subject: Subject
) -> tuple[list[FoundCase], tuple[str, ...]]:
    """Leave out what needs other stubs, as long as anything remains."""
    needs = {c.node_id: sorted(c.reached & subject.other_stubs) for c in hits}
    able = [case for case in hits if not needs[case.node_id]]
    n_left_out = len(hits) - len(able)
    if not n_left_out:
        return hits, ()
    stubs = sorted({stub for missing in needs.values() for stub in missing})
    names = ", ".join(stubs[:_MAX_NAMED]) + (", ..." if len(stubs) > _MAX_NAMED else "")
    if not able:
        return hits, (f"every test also needs other stubs: {names}",)
    tests = "1 test that needs" if n_left_out == 1 else f"{n_left_out} tests that need"
    return able, (f"left out {tests} other stubs: {names}",)


def _sources(files: ProjectTree, chosen: list[FoundCase]) -> dict[str, str]:
    kept: dict[str, set[str]] = {}
    for found in chosen:
        kept.setdefault(str(found.file.path), set())
        for path, unit in found.closure.units:
            kept.setdefault(str(path), set()).add(unit)
    return {
        path: excerpt(files.read(path), frozenset(units))
        for path, units in kept.items()
    }


def _nothing(
    subject: Subject, searched: _Searched, files: ProjectTree, naming: Naming
) -> RequestFault:
    patterns = ", ".join(naming.files)
    message = f"no tests for `{subject.name}` in {files.root}"
    broken = list(broken_files(files, subject, searched.paths))
    if broken:
        return RequestFault(
            f"{message}: {'; '.join(broken[:_MAX_NAMED])}",
            kind="testsDoNotCollect",
            hint="Correct the file, or name other tests with --tests.",
        )
    related = [file for file in searched.related if file.bindings]
    if related:
        paths = [str(file.path) for file in related if file.cases]
        barren = [str(file.path) for file in related if not file.cases]
        if subject.path in barren:
            barren.remove(subject.path)
        module = ".".join(subject.module.parts)
        said = [
            f"{path} knows {module}, but no test in it mentions `{subject.name}`"
            for path in paths[:_MAX_NAMED]
        ]
        said += [f"{path} defines no tests" for path in barren[:_MAX_NAMED]]
        if said:
            return _fault(f"{message}: {'; '.join(said)}")
    n_files = len(searched.paths) - 1
    if n_files:
        plural = "file" if n_files == 1 else "files"
        return _fault(
            f"{message}: none of the {n_files} test {plural} ({patterns}) "
            f"imports {subject.path}, and its docstring has no examples"
        )
    return _fault(
        f"{message}: no files named {patterns}, and its docstring has no examples"
    )


def _fault(message: str) -> RequestFault:
    return RequestFault(
        message,
        kind="noTests",
        hint="Write a test that calls it, or name one with --tests.",
    )
