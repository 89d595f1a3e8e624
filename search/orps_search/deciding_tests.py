"""The texts of the tests that decide, without those of flaky ones; pure.

Whoever writes code from a test that passes by chance writes it to please nobody.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from orps_search.problem import Problem
from orps_search.source.definitions import Definition
from orps_search.source.parse import Parsed, parse, split_lines

_GAPS: Final = re.compile(r"\n{4,}")

_Name = tuple[str, ...]
"""Of a test: its file, its classes, its function."""


def deciding_sources(problem: Problem) -> Mapping[str, str]:
    """Each file of tests, by its path; a test whose every case is flaky is cut out."""
    if not problem.flaky:
        return problem.test_sources
    steady = {_name(case_id) for case_id in problem.case_ids}
    flaky = {_name(case.id) for case in problem.flaky} - steady
    return {
        path: _without(text, {name[1:] for name in flaky if name[0] == path})
        for path, text in problem.test_sources.items()
    }


def _name(case_id: str) -> _Name:
    """Of which test it is a case: `a.py::TestB::test_c[1]` has a parameter."""
    return tuple(case_id.partition("[")[0].split("::"))


def _without(text: str, names: set[_Name]) -> str:
    parsed = parse(text)
    if not names or not isinstance(parsed, Parsed):
        return text
    lines = split_lines(text)
    for test in _tests(parsed.tree.body, (), names):
        first = min([test.lineno, *(each.lineno for each in test.decorator_list)])
        assert test.end_lineno is not None
        lines[first - 1 : test.end_lineno] = [""] * (test.end_lineno - first + 1)
    return _GAPS.sub("\n\n\n", "".join(lines))


def _tests(
    body: list[ast.stmt], prefix: _Name, names: set[_Name]
) -> Iterator[Definition]:
    for statement in body:
        if isinstance(statement, Definition):
            name = (*prefix, statement.name)
            if name in names:
                yield statement
            elif isinstance(statement, ast.ClassDef):
                yield from _tests(statement.body, name, names)
