"""What of a module a model is shown besides the target.

Enough to write code that fits in: imports, constants, the class around the target
with what its siblings promise, and the signatures of the rest. Bodies are left
out, save that of `__init__`, which says what a method may count on.
"""

import ast
from collections.abc import Iterator

from orps_search.source.definitions import Definition, Function, named_definitions
from orps_search.source.find import docstring_node, header_end
from orps_search.source.gather import segment
from orps_search.source.heal import Healed, heal
from orps_search.source.layout import dedent, margin_of, to_lf
from orps_search.source.parse import Parsed
from orps_search.source.target import Target

_MAX_STATEMENT = 1_500
_MAX_CONTEXT = 12_000
_ELIDED = "..."


def module_context(text: str, target: Target) -> str:
    """Python-like text, at most some 12,000 characters; empty if there is nothing."""
    healed = heal(text)
    if not isinstance(healed, Healed):
        return ""
    parsed = healed.parsed
    named = named_definitions(parsed.tree).get(target.qualname)
    if named is None:
        return ""
    parts = [
        part
        for statement in parsed.tree.body
        if statement is not named.node
        for part in _shown(parsed, statement, named.node)
    ]
    return _bounded(parts)


def outline(parsed: Parsed, statement: ast.stmt) -> str:
    """What others need of one statement: a definition's promises, else all of it."""
    return "\n".join(_shown(parsed, statement, None))


def _shown(
    parsed: Parsed, statement: ast.stmt, target: ast.stmt | None
) -> Iterator[str]:
    match statement:
        case ast.ClassDef():
            yield _class(parsed, statement, target)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _signature(parsed, statement)
        case ast.Expr():
            pass
        case ast.If(test=test) if "__main__" in ast.unparse(test):
            pass
        case _:
            yield _whole(parsed, statement)


def _class(parsed: Parsed, node: ast.ClassDef, target: ast.stmt | None) -> str:
    """The header, attributes, and each method's signature and docstring."""
    around = target is not None and any(n is target for n in ast.walk(node))
    lines = [_header(parsed, node)]
    docstring = docstring_node(node)
    if docstring is not None:
        lines.append(_indented(_whole(parsed, docstring)))
    for member in node.body:
        if member is docstring or member is target:
            continue
        match member:
            case ast.ClassDef():
                lines.append(_indented(_class(parsed, member, target)))
            case ast.FunctionDef(name="__init__") if around:
                lines.append(_indented(_whole(parsed, member)))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                lines.append(_indented(_signature(parsed, member)))
            case ast.Expr() | ast.Pass():
                pass
            case _:
                lines.append(_indented(_whole(parsed, member)))
    return "\n".join(lines if len(lines) > 1 else [*lines, _indented(_ELIDED)])


def _signature(parsed: Parsed, node: Function) -> str:
    lines = [_header(parsed, node)]
    docstring = docstring_node(node)
    if docstring is not None:
        lines.append(_indented(_whole(parsed, docstring)))
    lines.append(_indented(_ELIDED))
    return "\n".join(lines)


def _header(parsed: Parsed, node: Definition) -> str:
    whole = segment(parsed, node)
    body = parsed.text[header_end(parsed, node) : parsed.end(node)]
    return _at_column_zero(parsed, node, whole[: len(whole) - len(body)])


def _whole(parsed: Parsed, statement: ast.stmt) -> str:
    text = segment(parsed, statement)
    text = _at_column_zero(parsed, statement, text)
    return text if len(text) <= _MAX_STATEMENT else text[:_MAX_STATEMENT] + " ..."


def _at_column_zero(parsed: Parsed, statement: ast.stmt, text: str) -> str:
    margin = margin_of(parsed.line(statement.lineno))
    return dedent(margin + to_lf(text), margin=margin)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else "" for line in text.split("\n"))


def _bounded(parts: list[str]) -> str:
    """Drop what comes last in the file first."""
    kept: list[str] = []
    length = 0
    for part in parts:
        length += len(part) + 1
        if length > _MAX_CONTEXT:
            kept.append("# More of the module is left out here.")
            break
        kept.append(part)
    return "\n".join(kept)
