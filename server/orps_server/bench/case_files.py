"""Recorded tests as pytest files; pure."""

import ast
import builtins
from collections.abc import Collection, Iterable, Sequence


def functions_file(module: str, text: str, entries: Sequence[str]) -> str:
    """One function per entry; an entry is a self-contained list of statements.

    `text` is the module's, whose names the entries may use. Raises `SyntaxError` for
    an entry that is no Python.
    """
    cases = [
        f"def test_{idx}():\n{indented(entry)}\n" for idx, entry in enumerate(entries)
    ]
    return "\n\n".join((_header(module, text, "\n".join(entries)), *cases))


def unittest_file(
    module: str, text: str, test_file: str, methods: Collection[str]
) -> str:
    """The file without all test methods but the named ones (`Class.method`)."""
    dropped: set[int] = set()
    for node in ast.parse(test_file).body:
        if isinstance(node, ast.ClassDef):
            dropped |= _dropped_lines(node, methods)
    lines = test_file.splitlines(keepends=True)
    kept = "".join(line for no, line in enumerate(lines, 1) if no not in dropped)
    return f"{_header(module, text, kept)}\n{kept}"


def unknown_names(text: str, entries: Iterable[str]) -> set[str]:
    """Names that the entries use and that neither they nor the module define."""
    known = _bound(ast.parse(text)) | set(dir(builtins))
    return {
        name
        for entry in entries
        for tree in (ast.parse(entry),)
        for name in _loaded(tree) - _bound(tree) - known
    }


def indented(entry: str) -> str:
    """As the body of a function; the inside of a string of many lines stays."""
    inside = {
        line
        for node in ast.walk(ast.parse(entry))
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    lines = entry.split("\n")
    return "\n".join(
        line if no in inside or not line.strip() else f"    {line}"
        for no, line in enumerate(lines, 1)
    )


def _header(module: str, text: str, tests: str) -> str:
    """What the tests need of the module: its imports again, the rest from it."""
    wanted = _loaded(ast.parse(tests))
    imports: list[str] = []
    names: list[str] = []
    for node in ast.parse(text).body:
        bound = _bound(node)
        if not bound & wanted:
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(ast.unparse(node))
        else:
            names += sorted(_top_bound(node) & wanted)
    if names:
        imports.append(f"from {module} import {', '.join(dict.fromkeys(names))}")
    return "\n".join(dict.fromkeys(imports)) + "\n"


def _top_bound(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case _:
            return _bound(node)


def _loaded(tree: ast.AST) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _bound(tree: ast.AST) -> set[str]:
    bound: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
            case ast.Import() | ast.ImportFrom():
                bound |= {
                    alias.asname or alias.name.partition(".")[0] for alias in node.names
                }
            case ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case _:
                pass
    return bound


def _dropped_lines(node: ast.ClassDef, methods: Collection[str]) -> set[int]:
    dropped = [
        each
        for each in node.body
        if isinstance(each, ast.FunctionDef)
        and each.name.startswith("test")
        and f"{node.name}.{each.name}" not in methods
    ]
    if not dropped:
        return set()
    kept = [
        each
        for each in node.body
        if each not in dropped and isinstance(each, ast.FunctionDef)
    ]
    if not any(each.name.startswith("test") for each in kept):
        return _lines(node)
    return {line for each in dropped for line in _lines(each)}


def _lines(node: ast.ClassDef | ast.FunctionDef) -> set[int]:
    first = min((each.lineno for each in node.decorator_list), default=node.lineno)
    return set(range(first, (node.end_lineno or node.lineno) + 1))
