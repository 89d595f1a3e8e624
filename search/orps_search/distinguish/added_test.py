"""An answer as a test, written like the tests around it.

Pure text in, edit out: the file's own way to name the module, its functions or its
`TestCase` class, its indentation. Nothing that stands in it already is touched.
"""

import ast
import builtins
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from orps_search.distinguish.answers import Answer
from orps_search.source.dotted import dotted
from orps_search.source.parse import Parsed, parse

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedTest:
    """Insertions into one text, by offset, in its order; nothing is replaced."""

    path: str
    insertions: tuple[tuple[int, str], ...]

    def applied(self, text: str) -> str:
        for offset, new in reversed(self.insertions):
            text = text[:offset] + new + text[offset:]
        return text


def added_test(
    path: str, text: str, *, module_path: str, qualname: str, call: str, answer: Answer
) -> AddedTest | None:
    """A test in the file `path` that expects the answer; `None` where none can be.

    There is none for an answer without a literal, a call that is more than one
    expression of plain calls, and a file that does not parse.
    """
    parsed = parse(text)
    if not isinstance(parsed, Parsed) or not answer.is_sayable:
        return None
    expression = ast.parse(call, mode="eval").body
    if any(
        isinstance(node, ast.Lambda | ast.NamedExpr) for node in ast.walk(expression)
    ):
        return None
    naming = _Naming(parsed, module_path)
    said = naming.said(expression)
    suite = _suite(parsed.tree, qualname)
    name = _fresh_name(text, qualname)
    missing = list(naming.missing)
    if suite is None and answer.exception and not _imports(parsed.tree, "pytest"):
        missing.insert(0, "import pytest")
    if suite is None:
        body = _function(name, said, answer)
    else:
        body = _method(name, said, answer, " " * suite.body[0].col_offset)
    end = len(text) if suite is None else _line_end(parsed, suite)
    eol = "\r\n" if "\r\n" in text else "\n"
    before = "" if not text[:end] or text[:end].endswith(("\n", "\r")) else eol
    gap = eol * (2 if suite is None else 1)
    insertions = [(end, before + gap + body.replace("\n", eol))]
    if missing:
        imports = eol.join(missing) + eol
        insertions.insert(0, (_import_place(parsed), imports))
    return AddedTest(path=path, insertions=tuple(insertions))


class _Naming:
    """How a test file names what stands in the module under test."""

    def __init__(self, parsed: Parsed, module_path: str) -> None:
        self._module = _dotted_module(parsed.tree, module_path)
        self._names: dict[str, str] = {}
        self._prefix: str | None = None
        self.missing: dict[str, None] = {}
        for node in ast.walk(parsed.tree):
            match node:
                case ast.ImportFrom(module=module, names=names) if module is not None:
                    self._from(module, names)
                case ast.Import(names=names):
                    for alias in names:
                        if alias.name == self._module:
                            self._prefix = alias.asname or alias.name
                case _:
                    pass

    def _from(self, module: str, names: Sequence[ast.alias]) -> None:
        for alias in names:
            if module == self._module:
                self._names[alias.name] = alias.asname or alias.name
            elif f"{module}.{alias.name}" == self._module:
                self._prefix = alias.asname or alias.name

    def said(self, expression: ast.expr) -> str:
        return ast.unparse(_Renamer(self._name).visit(expression))

    def _name(self, name: str) -> str:
        if name in self._names:
            return self._names[name]
        if self._prefix is not None:
            return f"{self._prefix}.{name}"
        if name not in _BUILTINS:
            self.missing.setdefault(f"from {self._module} import {name}")
        return name


class _Renamer(ast.NodeTransformer):
    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _BUILTINS:
            return node
        return ast.parse(self._name(node.id), mode="eval").body


def _dotted_module(tree: ast.Module, module_path: str) -> str:
    """As this file imports it; else by its path below a `src` folder."""
    parts = PurePosixPath(module_path).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    imported: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=names) if module is not None:
                imported += [module, *(f"{module}.{alias.name}" for alias in names)]
            case ast.Import(names=names):
                imported += [alias.name for alias in names]
            case _:
                pass
    for name in imported:
        wanted = tuple(name.split("."))
        if wanted == parts[len(parts) - len(wanted) :]:
            return name
    return ".".join(parts[1:] if parts[0] == "src" and len(parts) > 1 else parts)


def _suite(tree: ast.Module, qualname: str) -> ast.ClassDef | None:
    """The `TestCase` class that mentions the target, the last of them."""
    name = qualname.rpartition(".")[2]
    suites = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(dotted(base).endswith("TestCase") for base in node.bases)
    ]
    mentioning = [
        suite
        for suite in suites
        if any(
            (isinstance(node, ast.Name) and node.id == name)
            or (isinstance(node, ast.Attribute) and node.attr == name)
            for node in ast.walk(suite)
        )
    ]
    return (mentioning or suites or [None])[-1]


def _function(name: str, said: str, answer: Answer) -> str:
    if answer.exception:
        inside = f"    with pytest.raises({answer.exception}):\n        {said}\n"
    else:
        inside = f"    assert {said} {_compared(answer)}\n"
    return f"def {name}():\n{inside}"


def _method(name: str, said: str, answer: Answer, indent: str) -> str:
    inner = indent * 2
    if answer.exception:
        inside = (
            f"{inner}with self.assertRaises({answer.exception}):\n"
            f"{inner}{indent}{said}\n"
        )
    elif answer.value == "None":
        inside = f"{inner}self.assertIsNone({said})\n"
    else:
        inside = f"{inner}self.assertEqual({said}, {answer.value})\n"
    return f"{indent}def {name}(self):\n{inside}"


def _compared(answer: Answer) -> str:
    operator = "is" if answer.value in ("None", "True", "False") else "=="
    return f"{operator} {answer.value}"


def _fresh_name(text: str, qualname: str) -> str:
    base = "test_" + re.sub(r"\W+", "_", qualname).strip("_").lower()
    numbers = (int(n) for n in re.findall(rf"\b{base}_chosen_(\d+)\b", text))
    return f"{base}_chosen_{max(numbers, default=0) + 1}"


def _imports(tree: ast.Module, module: str) -> bool:
    return any(
        isinstance(node, ast.Import)
        and any(alias.name == module and not alias.asname for alias in node.names)
        for node in tree.body
    )


def _import_place(parsed: Parsed) -> int:
    """After the last import at the top, else after the docstring."""
    place = 0
    for idx, statement in enumerate(parsed.tree.body):
        is_docstring = (
            idx == 0
            and isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
        )
        if is_docstring or isinstance(statement, ast.Import | ast.ImportFrom):
            place = _line_end(parsed, statement)
        else:
            break
    return place


def _line_end(parsed: Parsed, statement: ast.stmt) -> int:
    """The offset behind the line on which a statement ends."""
    return parsed.starts[statement.end_lineno or statement.lineno]
