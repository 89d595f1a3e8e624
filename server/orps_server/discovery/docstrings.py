"""The doctests of the target: which of them take part, and why others do not."""

import ast
import doctest
from collections.abc import Iterator

from orps_search.source.definitions import Definition, Function, named_definitions
from orps_search.source.stubs import is_empty
from orps_search.source.target import TargetKind
from orps_server.discovery.doctests import doubt, examples_of, uses_in
from orps_server.discovery.subject import Subject


def select_doctests(
    subject: Subject, *, alone: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids `path::Qual.name`, and notes; beside other tests only what is sound."""
    chosen: list[str] = []
    notes: list[str] = []
    for qualname, docstring in _docstrings(subject, with_members=alone):
        examples = examples_of(docstring)
        if not examples:
            continue
        reason = None if alone else _doubt(subject, examples)
        used = uses_in(examples)
        reached = subject.graph.reach(used.names, used.attributes)
        missing = sorted(reached & subject.other_stubs)
        if missing and not alone:
            reason = reason or f"it needs another stub: {missing[0]}"
        if reason is None:
            chosen.append(f"{subject.path}::{qualname}")
        else:
            notes.append(f"left out the doctest of `{qualname}`: {reason}")
    return tuple(chosen), tuple(notes)


def _docstrings(
    subject: Subject, *, with_members: bool
) -> Iterator[tuple[str, str | None]]:
    definitions = named_definitions(subject.tree)
    yield subject.name, _docstring(definitions[subject.name].node)
    if with_members and subject.target.kind is TargetKind.CLASS:
        for qualname, named in definitions.items():
            if qualname.startswith(f"{subject.name}."):
                yield qualname, _docstring(named.node)


def _doubt(subject: Subject, examples: list[doctest.Example]) -> str | None:
    definitions = named_definitions(subject.tree)

    def is_silent(name: str) -> bool:
        tails = [d.node for q, d in definitions.items() if q.split(".")[-1] == name]
        return all(isinstance(n, Function) and _returns_nothing(n) for n in tails)

    return doubt(examples, _known(subject), is_silent)


def _returns_nothing(node: Function) -> bool:
    """By its annotation, or by its body where it has one."""
    if isinstance(node.returns, ast.Constant) and node.returns.value is None:
        return True
    inner = [statement for s in node.body for statement in ast.walk(s)]
    gives = (ast.Yield, ast.YieldFrom)
    return not is_empty(node.body) and not any(
        isinstance(n, gives) or (isinstance(n, ast.Return) and n.value) for n in inner
    )


def _docstring(node: Definition) -> str | None:
    return ast.get_docstring(node, clean=False)


def _known(subject: Subject) -> frozenset[str]:
    """What the module's own globals offer to an example."""
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(subject.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return subject.graph.symbols | imported
