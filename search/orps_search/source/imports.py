"""Where a missing import goes: after the imports that lead the file."""

import ast
import re
from collections.abc import Sequence

from orps_search.source.definitions import Definition
from orps_search.source.edits import Edit
from orps_search.source.layout import line_ending
from orps_search.source.names import Import
from orps_search.source.parse import Parsed

_FIXED_FIRST = re.compile(r"#!|#.*coding[:=]")


def import_edit(parsed: Parsed, imports: Sequence[Import]) -> Edit | None:
    """One insertion of whole lines, or nothing."""
    if not imports:
        return None
    eol = line_ending(parsed.text)
    lines = eol.join(dict.fromkeys(str(found) for found in imports))
    last = _last_leading(parsed.tree)
    if last is not None:
        at = _line_end(parsed, parsed.end(last))
        gap = eol * 2 if isinstance(last, ast.Expr) else eol
        return Edit(start=at, end=at, text=gap + lines)
    at = parsed.starts[_first_line(parsed) - 1]
    return Edit(start=at, end=at, text=lines + eol * 3)


def _last_leading(tree: ast.Module) -> ast.stmt | None:
    """The last of the docstring and the imports before anything else."""
    last: ast.stmt | None = None
    for index, statement in enumerate(tree.body):
        is_prose = isinstance(statement, ast.Expr) and isinstance(
            statement.value, ast.Constant
        )
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        if not is_import and not (is_prose and index == 0):
            break
        last = statement
    return last


def _first_line(parsed: Parsed) -> int:
    """The first statement's line, or that of the comments that sit on top of it."""
    first = parsed.tree.body[0]
    line = first.lineno
    if isinstance(first, Definition):
        line = min([line, *(d.lineno for d in first.decorator_list)])
    while line > 1:
        above = parsed.line(line - 1).lstrip("\ufeff")
        if not above.startswith("#") or _FIXED_FIRST.match(above):
            break
        line -= 1
    return line


def _line_end(parsed: Parsed, offset: int) -> int:
    match = re.compile(r"[^\r\n]*").match(parsed.text, offset)
    assert match is not None
    return match.end()
