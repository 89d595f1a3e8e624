"""A file of tests, cut down to what decides about the target."""

import ast
import re
from collections.abc import Iterator

from orps_search.source.definitions import Definition, bound_by
from orps_search.source.parse import Parsed, parse, split_lines

_SMALL = 4_000
_LARGEST = 16_000
_GAPS = re.compile(r"\n{4,}")


def excerpt(text: str, kept: frozenset[str]) -> str:
    """The imports and the units (by qualified name) that are kept.

    A small file is shown whole, an excerpt that is still too long is cut.
    """
    parsed = parse(text)
    if len(text) > _SMALL and isinstance(parsed, Parsed):
        text = _without(text, parsed, kept)
    if len(text) > _LARGEST:
        text = text[: text.rfind("\n", 0, _LARGEST) + 1] + "# The rest is left out.\n"
    return text


def _without(text: str, parsed: Parsed, kept: frozenset[str]) -> str:
    lines = split_lines(text)
    for statement in _left_out(parsed.tree.body, "", kept):
        first = statement.lineno
        if isinstance(statement, Definition):
            first = min([first, *(d.lineno for d in statement.decorator_list)])
        assert statement.end_lineno is not None
        for number in range(first, statement.end_lineno + 1):
            lines[number - 1] = ""
    return _GAPS.sub("\n\n\n", "".join(lines).replace("\r\n", "\n"))


def _left_out(
    body: list[ast.stmt], prefix: str, kept: frozenset[str]
) -> Iterator[ast.stmt]:
    for statement in body:
        match statement:
            case ast.ClassDef(name=name):
                inside = f"{prefix}{name}."
                if any(unit == inside[:-1] or unit.startswith(inside) for unit in kept):
                    yield from _left_out(statement.body, inside, kept)
                else:
                    yield statement
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if prefix + name not in kept:
                    yield statement
            case _ if prefix or isinstance(statement, ast.Import | ast.ImportFrom):
                pass
            case _:
                if not any(name in kept for name in bound_by(statement)):
                    yield statement
