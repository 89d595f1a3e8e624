"""The calls that tests and docstrings make to a target, as expressions."""

import ast
import re
from collections.abc import Iterator

from orps_search.inputs.tests import doctest_runs, is_literal, runs_of
from orps_search.inputs.traces import traces
from orps_search.problem import Problem
from orps_search.source.target import TargetKind

_MAX_CALLS = 60
_MAX_CHARACTERS = 2_000
_MAX_MENTION_CHARACTERS = 300


def harvested(problem: Problem) -> tuple[str, ...]:
    """In the order of the test files and of the text; each one once.

    Never raises for what the texts hold: what is not understood is left out.
    """
    found: dict[str, None] = {}
    for call in _calls(problem):
        text = _text(call)
        if text is not None and len(text) <= _MAX_CHARACTERS:
            found.setdefault(text)
        if len(found) >= _MAX_CALLS:
            break
    return tuple(found)


def _calls(problem: Problem) -> Iterator[ast.expr]:
    target = problem.target
    root = target.qualname.partition(".")[0]
    is_stateless = target.kind is TargetKind.FUNCTION
    runs = [
        run
        for _, text in sorted(problem.test_sources.items())
        for run in runs_of(text, problem.module_path)
    ]
    runs += doctest_runs(target.source, problem.module_path)
    for run in runs:
        yield from traces(run, root, is_stateless=is_stateless)
    if is_stateless:
        yield from _mentioned(target.docstring or "", root)


def _mentioned(docstring: str, name: str) -> Iterator[ast.expr]:
    """Calls with literal arguments in prose, such as `double(2) -> 4`."""
    for match in re.finditer(rf"\b{re.escape(name)}\(", docstring):
        rest = docstring[match.start() : match.start() + _MAX_MENTION_CHARACTERS]
        for end in (close.end() for close in re.finditer(r"\)", rest)):
            call = _parsed(rest[:end])
            if isinstance(call, ast.Call):
                given = [*call.args, *(each.value for each in call.keywords)]
                if given and all(is_literal(each) for each in given):
                    yield call
                break


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _text(call: ast.expr) -> str | None:
    try:
        return ast.unparse(ast.fix_missing_locations(call))
    except (ValueError, RecursionError, AttributeError):
        return None
