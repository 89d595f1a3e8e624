"""Edits of source text at the places that syntax nodes name.

Replacing text instead of unparsing trees leaves everything else, comments and
formatting included, byte for byte as it was: that holds by construction, not by the
care of a printer. The standard library's own parser gives exact places for every
version of the language it runs on, and costs nothing to import.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from orps_search.mutation.operator import Operator
from orps_search.mutation.tightness import tightness, tightness_around

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace `text[start:end]`; offsets count code points."""

    start: int
    end: int
    replacement: str
    weight: int
    """Lower is likelier to be the repair."""
    what: str
    """What changes, in words."""
    operator: Operator | None = None
    """`None` only until `tagged` has named it."""


def tagged(operator: Operator, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Name what the edits do, where nothing closer to them has."""
    for edit in edits:
        named = edit.operator is not None
        yield edit if named else replace(edit, operator=operator)


class Source:
    """A text, one function in it, and the way from its nodes to offsets."""

    def __init__(self, text: str, tree: ast.Module, function: Function) -> None:
        self.text = text
        self.tree = tree
        self.function = function
        self._parents = {
            id(child): parent
            for parent in ast.walk(function)
            for child in ast.iter_child_nodes(parent)
        }
        self._lines = _lines(text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Return where a node stands; the tree counts columns in UTF-8 bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno, node.end_col_offset),
        )

    def _offset(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column] if column else b""
        return self._starts[line - 1] + len(before.decode())

    def line_start(self, line: int) -> int:
        """Return the offset of a line, counted from 1."""
        return self._starts[line - 1]

    def line_at(self, offset: int) -> int:
        """Return the line of an offset, counted from 1."""
        return bisect_right(self._starts, offset, hi=len(self._lines))

    def indent(self, node: ast.stmt) -> str | None:
        """Return what stands before a statement; `None` if that is no mere space."""
        start = self.span(node)[0]
        before = self.text[self.line_start(node.lineno) : start]
        return before if not before.strip() else None

    def segment(self, node: ast.stmt | ast.expr) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def replacing(
        self,
        node: ast.stmt | ast.expr,
        replacement: str,
        weight: int,
        what: str = "",
    ) -> Edit:
        """Return the edit that puts other text in the node's place."""
        start, end = self.span(node)
        shown = what or f"`{_short(self.text[start:end])}` to `{_short(replacement)}`"
        return Edit(
            start=start, end=end, replacement=replacement, weight=weight, what=shown
        )

    def swapping(self, left: ast.expr, right: ast.expr, weight: int, what: str) -> Edit:
        """Return the edit that exchanges two nodes and keeps what is between them."""
        start, gap_start = self.span(left)
        gap_end, end = self.span(right)
        gap = self.text[gap_start:gap_end]
        return Edit(
            start=start,
            end=end,
            replacement=f"{self.segment(right)}{gap}{self.segment(left)}",
            weight=weight,
            what=what,
        )

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(id(node))

    def fitting(self, node: ast.expr, replacement: str, weight: int) -> Edit:
        """Replace an expression, with parentheses where its surroundings need them."""
        start, end = self.span(node)
        wrapped = self.text[:start].endswith("(") and self.text[end:].startswith(")")
        needed = tightness_around(self.parent(node), node)
        if not wrapped and tightness(ast.parse(replacement, mode="eval").body) < needed:
            replacement = f"({replacement})"
        return self.replacing(node, replacement, weight)

    def between(
        self, left: ast.expr, right: ast.expr, replacement: str, weight: int
    ) -> Edit:
        """Return the edit that replaces the operator between two operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = self.text[start:end]
        symbol = gap.strip(" ()\\\n\t")
        at = start + gap.index(symbol) if symbol else start
        return Edit(
            start=at,
            end=at + len(symbol),
            replacement=replacement,
            weight=weight,
            what=f"`{symbol}` to `{replacement}`",
        )

    def body_nodes(self) -> Iterator[ast.AST]:
        """Walk the body, not the signature and not the docstring."""
        for statement in self.statements():
            yield from ast.walk(statement)

    def statements(self) -> list[ast.stmt]:
        body = self.function.body
        if ast.get_docstring(self.function, clean=False) is not None:
            return body[1:]
        return body


def applied(text: str, edit: Edit) -> str:
    return text[: edit.start] + edit.replacement + text[edit.end :]


def sources_of(text: str, qualname: str | None = None) -> tuple[Source, ...]:
    """Return a source per function: the named one, or the methods of a named class.

    Without a name, all functions of the module and of its classes. Empty where the
    text does not parse or holds nothing of that name.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        Source(text, tree, function)
        for name, function in _functions(tree.body, "")
        if qualname is None or name == qualname or name.startswith(f"{qualname}.")
    )


def parsed(text: str) -> Source | None:
    """Return `None` unless the text holds exactly one function that parses."""
    sources = [each for each in sources_of(text) if each.function in each.tree.body]
    return sources[0] if len(sources) == 1 else None


def _functions(body: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    """Yield functions with their names; what is nested in a function is part of it."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"{prefix}{node.name}", node
            case ast.ClassDef():
                yield from _functions(node.body, f"{prefix}{node.name}.")
            case ast.If() | ast.Try() | ast.With():
                yield from _functions(node.body, prefix)
                yield from _functions(getattr(node, "orelse", []), prefix)
            case _:
                pass


def _lines(text: str) -> list[str]:
    """Split as the parser does: a form feed or a Unicode separator ends no line."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


_SHOWN = 40
